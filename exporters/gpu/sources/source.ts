import type { Costs, DriverVersions, Identity, NodeReading } from '../reading.ts';
import type { DriverState } from './nvml/protocol.ts';
import type { MigXidCount, XidCount } from './xid-ledger.ts';

export const sourceNames = ['nvml', 'replay', 'simulated'] as const;
export type SourceName = (typeof sourceNames)[number];

export const restartReasons = ['hung', 'crashed'] as const;
export type RestartReason = (typeof restartReasons)[number];

/** Ways in which XID errors are heard. */
export const xidSourceNames = ['nvml_events', 'kernel_log'] as const;
export type XidSourceName = (typeof xidSourceNames)[number];

/** A GPU that is known to be there but is not in the reading, and why. */
export interface SilentGpu {
  readonly index: number;
  readonly uuid: string;
  readonly failure: string;
}

/** Facts about a GPU that was seen since the exporter started; they stay when it does not answer any more. */
export interface KnownGpu {
  readonly index: number;
  readonly uuid: string;
  readonly identity: Identity;
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
  /** Every GPU that was ever seen, also while nothing can be read. */
  readonly known: readonly KnownGpu[];
  /** Those of the driver when it last answered. */
  readonly versions: DriverVersions;
  readonly xids: readonly XidCount[];
  readonly migXids: readonly MigXidCount[];
  /** Whether each of them is heard now. */
  readonly xidSources: Readonly<Record<XidSourceName, boolean>>;
  /** How often the driver went away and came back. */
  readonly reloads: number;
  /** Unix time in seconds at which a driver that was let go of will be taken again. */
  readonly releasedUntilSeconds: number | undefined;
  /** Since the exporter started, by family or `fields_<tier>`. */
  readonly costs: Costs;
}

/** Where readings of one node come from. */
export interface GpuSource {
  readonly state: () => NodeState;
  /** Starts to collect; `onChange` is called whenever `state` has something new. */
  readonly start: (onChange: () => void) => void;
  /** Lets go of the driver for so long, so that a GPU can be reset or its MIG layout changed; resolves when it is free. */
  readonly release?: (seconds: number) => Promise<void>;
  /** Takes the driver again before the time. */
  readonly resume?: () => void;
  readonly stop: () => Promise<void>;
}
