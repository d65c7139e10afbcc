import type { AttributionState } from './attribution/attribution.ts';
import type { NodeState } from './sources/source.ts';

/** All that the collectors of one node see. */
export interface NodeView extends NodeState {
  /** Number of GPUs that the node must have; undefined if nobody said. */
  readonly expected: number | undefined;
  /** Undefined where nothing tells who has the GPUs. */
  readonly attribution: AttributionState | undefined;
}
