import { simulatedNodeName } from '../../exporters/gpu/sources/simulated/fleet.ts';

/** Racks hold as many 8-GPU servers as their power allows. */
const nodesPerRack = 4;

/** By this name it is told from real ones wherever it is shown. */
export const simulatedClusterName = 'simulated';

export interface SimulatedNode {
  readonly name: string;
  readonly rack: string;
}

/** The made-up cluster that every simulated part belongs to. */
export interface SimulatedCluster {
  readonly name: string;
  readonly nodes: readonly SimulatedNode[];
}

export function simulatedCluster(nodes: number): SimulatedCluster {
  return {
    name: simulatedClusterName,
    nodes: Array.from({ length: nodes }, (_, node) => ({
      name: simulatedNodeName(node),
      rack: `sim-rack-${Math.floor(node / nodesPerRack) + 1}`,
    })),
  };
}
