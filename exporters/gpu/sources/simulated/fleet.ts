/** Name of a simulated node, from 0: sim-1, sim-2, … */
export function simulatedNodeName(node: number): string {
  return `sim-${node + 1}`;
}
