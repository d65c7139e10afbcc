import type { Entity } from '../entity.ts';
import type { RiskEvent } from '../labels/incident.ts';

/** What a server has already made of the raw samples of each step. All as long as the times. */
export interface Reduced {
  readonly counts: Float64Array;
  readonly sds?: Float64Array | undefined;
  readonly maxes?: Float64Array | undefined;
  readonly lasts?: Float64Array | undefined;
}

/** Samples of one series. They may come in any order and more than once; NaN and infinities are left out. */
export interface SignalSamples {
  /** When it was known: of a raw sample its time, of a step its end. ms since 1970. */
  readonly timesMs: Float64Array;
  /** Raw values; of a step the mean. */
  readonly values: Float64Array;
  readonly reduced?: Reduced | undefined;
  /** The values are what a counter grew by since the sample before, not its reading. */
  readonly isGrowth?: boolean | undefined;
}

/** A fact as it was known over time, such as the model or who had the GPU. Times ascend. */
export interface FactSamples {
  readonly timesMs: ArrayLike<number>;
  readonly values: readonly string[];
  /** For how long a value counts if nothing follows. */
  readonly validMs: number;
}

/** Left out where nobody knows; an empty list is none. */
export interface Life {
  readonly installedMs?: number | undefined;
  readonly repairedMs?: readonly number[] | undefined;
  readonly movedMs?: readonly number[] | undefined;
}

/** Facts that computing asks for: `model`, `workload`, `rack`, and those that a spec names. */
export interface EntitySamples {
  readonly entity: Entity;
  /** By the name of the signal; several series of one are taken together. */
  readonly signals: ReadonlyMap<string, readonly SignalSamples[]>;
  readonly facts: ReadonlyMap<string, FactSamples>;
  readonly life?: Life | undefined;
}

export interface FleetSamples {
  readonly entities: readonly EntitySamples[];
  /** In any order; those of entities that are not here are left out. Undefined where nobody looks for faults, which is not the same as none. */
  readonly events?: readonly RiskEvent[] | undefined;
  /** From when on events are known; windows that begin before have no count. */
  readonly eventsFromMs?: number | undefined;
}
