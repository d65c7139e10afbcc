import type { Entity, EntityKind } from '../../entity.ts';

export const anomalyDetectors = ['tail', 'peers', 'drift'] as const;
/** tail: against its own last three days. peers: against its group now. drift: its distance to the group against the last month. */
export type AnomalyDetector = (typeof anomalyDetectors)[number];

/** A score at which a report is due, before the budget raises it. */
export const leastScore: Readonly<Record<AnomalyDetector, number>> = { tail: 1.5, peers: 1, drift: 1 };
/** From so many times the threshold on a report is strong: a tail ratio of 2. */
export const strongShare = 4 / 3;

/** One report: an entity is unlike before, or unlike its peers. It is a sign to look at, not a failure. */
export interface AnomalyEvent {
  readonly atMs: number;
  readonly entity: Entity;
  readonly detector: AnomalyDetector;
  /** Names of the signals that deviate, the most unusual first. */
  readonly signals: readonly string[];
  readonly score: number;
  readonly threshold: number;
  readonly isStrong: boolean;
  /** At least two signals, or a deviation from the peers: good enough to alert on. */
  readonly isConfirmed: boolean;
}

/** So many of a group deviate at once that the cause is not in any one of them. */
export interface FleetEvent {
  readonly atMs: number;
  readonly kind: EntityKind;
  readonly group: string;
  /** Peers within the group that deviate while the group as a whole does not, such as the GPUs of one node; undefined for the whole group. */
  readonly peers: string | undefined;
  readonly detector: AnomalyDetector;
  readonly deviating: number;
  readonly members: number;
  /** The signal that deviates for most of them. */
  readonly signal: string;
}
