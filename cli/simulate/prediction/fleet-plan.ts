import type { Entity } from '../../../exporters/prediction/entity.ts';

/**
 * What comes before a failure. `memory`: corrected errors grow, rows are remapped. `thermal`: the GPU drifts away from its neighbours. `pcie` and
 * `nvlink`: errors of the link grow. `repeat`: only an earlier failure of the same GPU. `sudden`: nothing.
 */
export const failureCauses = ['memory', 'thermal', 'pcie', 'nvlink', 'repeat', 'sudden'] as const;
export type FailureCause = (typeof failureCauses)[number];

/** Causes that telemetry shows before the failure. */
export const shownCauses = ['memory', 'thermal', 'pcie', 'nvlink'] as const satisfies readonly FailureCause[];
export type ShownCause = (typeof shownCauses)[number];

/** The same settings give the same fleet, to the last sample. */
export interface FleetSettings {
  readonly seed: number;
  readonly gpus: number;
  readonly gpusPerNode: number;
  readonly fromMs: number;
  readonly days: number;
  /** First failures of each GPU and year; those that repeat come on top. */
  readonly failuresPerYear: number;
  /** Share of the first failures that telemetry shows before. 0 makes a fleet in which nothing tells of failures. */
  readonly shownShare: number;
  /** Share of the failures after which another follows soon. */
  readonly repeatShare: number;
}

/** Errors or heat that come and go again without a failure. */
export interface FalseAlarm {
  readonly cause: ShownCause;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A failure as it was planted: the truth. */
export interface PlannedFailure {
  readonly entity: Entity;
  readonly cause: FailureCause;
  /** When telemetry begins to show it; the failure itself where it does not. */
  readonly signFromMs: number;
  readonly atMs: number;
  readonly backMs: number;
  /** The XID that tells of it. */
  readonly xid: number;
  /** Rows that were remapped before it, each told by an XID 63. */
  readonly remapsAtMs: readonly number[];
}

export interface PlannedGpu {
  readonly index: number;
  readonly entity: Entity;
  readonly rack: string;
  /** Ascending, without overlap. */
  readonly failures: readonly PlannedFailure[];
  readonly falseAlarms: readonly FalseAlarm[];
}

export interface FleetPlan {
  readonly settings: FleetSettings;
  readonly untilMs: number;
  readonly gpus: readonly PlannedGpu[];
}

export function hasShown(cause: FailureCause): cause is ShownCause {
  return shownCauses.some((each) => each === cause);
}
