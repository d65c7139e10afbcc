/** How long the ranks of a distributed run take for one phase, each over a window of steps of its own. */
export interface RankTimes {
  readonly ranks: Map<number, RankTime>;
}

/** What is left for ranks and phases of all runs together. */
export interface RankRoom {
  left: number;
}

interface RankTime {
  sum: number;
  count: number;
  /** When the window that is being filled began. */
  since: number;
  /** Of the last full window; undefined before the first. */
  mean: number | undefined;
  best: number;
  /** When that window was full. */
  at: number;
}

export interface RankScore {
  readonly rank: number;
  readonly seconds: number;
  /** Fastest rank over this one, 0 to 1. */
  readonly relative: number;
  /** Best window of this rank over its last, 0 to 1. */
  readonly individual: number;
}

export interface RankSpread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** Slowest first. */
  readonly scores: readonly RankScore[];
}

/** A window is full after so many reports, or after that time where reports are rare. */
const windowReports = 8;
const windowSeconds = 30;
/** A rank that was silent for so long, seen from the newest, is not compared any more. */
const staleSeconds = 600;

export function createRankTimes(): RankTimes {
  return { ranks: new Map() };
}

/** False if the rank is not known and no more may be taken. */
export function addRankTime(
  { ranks }: RankTimes,
  { rank, seconds, atSeconds }: { readonly rank: number; readonly seconds: number; readonly atSeconds: number },
  maxRanks: number,
  room: RankRoom,
): boolean {
  let time = ranks.get(rank);
  if (time === undefined) {
    if (ranks.size >= maxRanks || room.left <= 0) return false;
    room.left--;
    time = { sum: 0, count: 0, since: atSeconds, mean: undefined, best: Number.POSITIVE_INFINITY, at: 0 };
    ranks.set(rank, time);
  }
  time.sum += seconds;
  time.count++;
  if (time.count >= windowReports || atSeconds - time.since >= windowSeconds) closeWindow(time, atSeconds);
  return true;
}

function closeWindow(time: RankTime, atSeconds: number): void {
  time.mean = time.sum / time.count;
  time.best = Math.min(time.best, time.mean);
  time.at = atSeconds;
  time.sum = 0;
  time.count = 0;
  time.since = atSeconds;
}

/** Compares the ranks that have a full window; undefined if there are fewer than two, with whom there is nothing to compare. */
export function rankSpread({ ranks }: RankTimes): RankSpread | undefined {
  const windows = [...ranks].flatMap(([rank, { mean, best, at }]) =>
    mean === undefined ? [] : [{ rank, mean, best, at }],
  );
  const newest = windows.reduce((latest, { at }) => Math.max(latest, at), 0);
  const fresh = windows.filter(({ at }) => newest - at <= staleSeconds).sort((a, b) => b.mean - a.mean);
  const slowest = fresh[0];
  const fastest = fresh.at(-1);
  if (slowest === undefined || fastest === undefined || fresh.length < 2) return undefined;
  return {
    min: fastest.mean,
    median: fresh[fresh.length >> 1]?.mean ?? fastest.mean,
    max: slowest.mean,
    scores: fresh.map(({ rank, mean, best }) => ({
      rank,
      seconds: mean,
      relative: ratio(fastest.mean, mean),
      individual: ratio(best, mean),
    })),
  };
}

function ratio(best: number, now: number): number {
  return now > 0 ? Math.min(1, best / now) : 1;
}
