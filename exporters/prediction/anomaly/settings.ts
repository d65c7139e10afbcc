/** What may be set of the engine. Lengths of time in ms. */
export interface AnomalySettings {
  /** Distance between two steps; an instant query for each signal. */
  readonly stepMs: number;
  /** Reports for each entity and day that are put up with, over all detectors. */
  readonly budgetPerEntityDay: number;
  /** After a report only a higher score is one, for so long. */
  readonly refractoryMs: number;
  /** A group with fewer readings is not compared, and has no fleet events. */
  readonly minPeers: number;
  /** When such a share of a group deviates at once it is an event of the fleet. */
  readonly fleetShare: number;
  /** Further entities of a kind are left out and counted. */
  readonly maxEntities: number;
}

const minuteMs = 60_000;
export const windowMs = 3 * 24 * 60 * minuteMs;

/** The windows are those of the reference; the budget is our choice: with 1,000 GPUs ten reports a day. */
export const defaultAnomaly: AnomalySettings = {
  stepMs: 5 * minuteMs,
  budgetPerEntityDay: 0.01,
  refractoryMs: 12 * 60 * minuteMs,
  minPeers: 5,
  fleetShare: 0.3,
  maxEntities: 20_000,
};
