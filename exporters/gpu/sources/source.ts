import type { NodeReading } from '../reading.ts';
import type { DriverState } from './nvml/protocol.ts';
import type { XidCount } from './xid-ledger.ts';

export const sourceNames = ['nvml', 'simulated'] as const;
export type SourceName = (typeof sourceNames)[number];

export const restartReasons = ['hung', 'crashed'] as const;
export type RestartReason = (typeof restartReasons)[number];

/** A GPU that is known to be there but is not in the reading, and why. */
export interface SilentGpu {
  readonly index: number;
  readonly uuid: string;
  readonly failure: string;
}

/** All that is known about the GPUs of one node at one moment: what the collectors turn into samples. */
export interface NodeState {
  readonly source: SourceName;
  readonly driver: DriverState;
  readonly restarts: Readonly<Record<RestartReason, number>>;
  /** Undefined while there is none that may be shown: the driver hangs, crashed, or is not there. */
  readonly reading: NodeReading | undefined;
  /** How many GPUs the driver counts, also those that are left alone. */
  readonly enumerated: number | undefined;
  readonly silent: readonly SilentGpu[];
  readonly xids: readonly XidCount[];
}

/** Where readings of one node come from. */
export interface GpuSource {
  readonly state: () => NodeState;
  /** Starts to collect; `onChange` is called whenever `state` has something new. */
  readonly start: (onChange: () => void) => void;
  readonly stop: () => Promise<void>;
}
