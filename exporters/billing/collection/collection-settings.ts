/** How a process meters; times in milliseconds. */
export interface CollectionSettings {
  /** Windows begin at multiples of it since 1970. */
  readonly windowMs: number;
  /** A window is metered so long after its end. */
  readonly delayMs: number;
  /** A window is metered again until so long after its end. */
  readonly recheckMs: number;
  /** What was metered before is left to a back-fill; undefined for the beginning of the month in which billing first runs, in UTC. */
  readonly startMs: number | undefined;
  /** Windows that are read at once to begin with. */
  readonly windowsAtOnce: number;
  /** How many it may become where windows are small. */
  readonly mostWindowsAtOnce: number;
  /** Samples that are wanted at once: as many windows are read. */
  readonly samplesAtOnce: number;
  /** Meters of clusters that are read at the same time. */
  readonly concurrency: number;
  /** The same for back-fills, whose reads come on top. */
  readonly backfillConcurrency: 1 | 2;
  /** A read that takes longer has failed. */
  readonly readDeadlineMs: number;
  /** How often it is looked whether something is due. */
  readonly everyMs: number;
}

/**
 * 26 hours: an outage that somebody notices on the next day and mends by a back-fill of Prometheus is still picked up by itself, with two hours
 * for blocks to be uploaded. What comes later needs a back-fill.
 */
export const defaultCollection: CollectionSettings = {
  windowMs: 3_600_000,
  delayMs: 600_000,
  recheckMs: 26 * 3_600_000,
  startMs: undefined,
  windowsAtOnce: 6,
  mostWindowsAtOnce: 48,
  samplesAtOnce: 4_000_000,
  concurrency: 4,
  backfillConcurrency: 1,
  readDeadlineMs: 600_000,
  everyMs: 5000,
};
