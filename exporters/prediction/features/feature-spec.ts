import type { EntityKind } from '../entity.ts';
import type { Window } from './windows.ts';

/**
 * `counter`: only grows, apart from resets. `gauge`: a reading. `event`: each sample is something that happened, with its weight as the value.
 * Facts such as a driver version (`info`) are no signals with numbers: see `FactFeature`.
 */
export type SignalKind = 'counter' | 'gauge' | 'event' | 'info';

/** Series that a signal may be read from. */
export interface SeriesSource {
  readonly metric: string;
  /** Labels that must have one of the values. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** What a value is multiplied by to be in the base unit; 1 where it is left out. */
  readonly scale?: number;
}

export interface SignalSpec {
  readonly name: string;
  readonly kind: SignalKind;
  /** The first of which an entity has samples counts. */
  readonly from: readonly SeriesSource[];
  /** Whose series they are: of the entity, or of the scrapes of the exporter that shows it. */
  readonly of?: 'entity' | 'scrape';
  /** Values outside are readings that are not there, such as a temperature of 6000 degrees. Both ends are allowed. */
  readonly plausible?: readonly [low: number, high: number];
  /** How several series of one entity, such as those of NVLink links, become one; left out where an entity has one. */
  readonly combine?: 'sum' | 'mean' | 'max';
  /** A series that appears later than others of its entity has counted from 0, as those of single XID codes do. */
  readonly startsAtZero?: boolean;
}

/**
 * `mean`, `sd`, `max`, `last`: of the window, in the unit of the signal. `slope`: of a straight line, per hour. `samples`: their number. `growth`: of
 * a counter, or the weight of events. `rate`: growth per hour between the samples that show it. `since`: hours since it grew last, and the length of the
 * window where it did not.
 */
export const statistics = ['mean', 'sd', 'max', 'last', 'slope', 'samples', 'growth', 'rate', 'since'] as const;
export type Statistic = (typeof statistics)[number];

export interface StatisticOf {
  readonly signal: string;
  readonly statistic: Statistic;
  readonly window: Window;
}

/** Who is compared with whom. Always of the same model and cluster. */
const peerGroups = ['workload', 'node', 'rack', 'model'] as const;
export type PeerGroup = (typeof peerGroups)[number];

interface Named {
  /** Of the column. */
  readonly name: string;
}

export interface StatisticFeature extends Named, StatisticOf {
  readonly is: 'statistic';
}

/** One statistic as a share of another, such as scrapes that had the GPU of all scrapes; at most `most`. NaN where the lower one is 0. */
export interface RatioFeature extends Named {
  readonly is: 'ratio';
  readonly over: StatisticOf;
  readonly under: StatisticOf;
  readonly most?: number;
}

/** How far a column is from its median among peers; at least three with a reading are needed. */
export interface PeerFeature extends Named {
  readonly is: 'peers';
  /** Name of a column that stands before. */
  readonly of: string;
  readonly group: PeerGroup;
  /** `difference`: value - median. `robust_z`: that by 1.4826 × the median absolute deviation, which is at least `floor`. */
  readonly as: 'difference' | 'robust_z';
  readonly floor: number;
}

/** What a straight line over all of the same model, fitted to hourly means of the `fit` before, leaves of a signal. */
export interface ResidualFeature extends Named {
  readonly is: 'residual';
  readonly of: string;
  readonly given: string;
  readonly window: Window;
  readonly fit: Window;
}

/** How many of the signals had samples in the day before and none in the last hour, while the exporter was scraped or should have been. */
export interface VanishedFeature extends Named {
  readonly is: 'vanished';
  readonly signals: readonly string[];
  /** The signal that tells that there was a scrape. */
  readonly scrape: string;
}

/** Of risk events. `lagMs` before the moment their window ends, because a sign may be stamped later than what shows it. */
export interface FaultFeature extends Named {
  readonly is: 'faults';
  readonly whose: 'own' | 'node';
  /** `incidents`: those of weight 1. `raised`: the others. */
  readonly which: 'incidents' | 'raised';
  /** `count`: in the window. `since`: days since the last, at most `capDays`, which also stands for never. */
  readonly as: 'count' | 'since';
  readonly window?: Window;
  readonly capDays?: number;
  readonly lagMs: number;
}

/** Of the life of the entity: days since it was installed, repaired or moved, at most `capDays`; or how many repairs it had. */
export interface LifeFeature extends Named {
  readonly is: 'life';
  readonly as: 'since_install' | 'since_repair' | 'since_move' | 'repairs';
  readonly capDays: number;
}

/**
 * Of a fact. `share`: of those of the same model, how many have the same value. `newer`: how many have a higher version. `number`: the fact itself, where it
 * is a number such as a slot. A version as such would tell the date.
 */
export interface FactFeature extends Named {
  readonly is: 'fact';
  readonly fact: string;
  readonly as: 'share' | 'newer' | 'number';
}

export type Feature =
  | StatisticFeature
  | RatioFeature
  | PeerFeature
  | ResidualFeature
  | VanishedFeature
  | FaultFeature
  | LifeFeature
  | FactFeature;

/** What is computed, of what. Its columns are its features, in their order. */
export interface FeatureSpec {
  /** Grows when the meaning of a column changes though its name stays. */
  readonly version: number;
  readonly kind: EntityKind;
  readonly signals: readonly SignalSpec[];
  readonly features: readonly Feature[];
}
