import type { Accrual } from './accrual.ts';
import type { Growth } from './growth.ts';
import { collectPieces, type Pieces } from './pieces.ts';

export interface WallTimeOptions {
  readonly lagMs: number;
  readonly holdMs: number;
  /** The target was scraped after the last sample, without the series: the holder does not have the device any more. */
  readonly isOver: boolean;
}

export interface PlacedTime {
  readonly accrual: Accrual;
  /** How often more was counted than time passed, beyond what lag explains. */
  readonly clamped: number;
  readonly clampedAmount: number;
}

/**
 * When a holder had a device, from a counter of the time for which it had it.
 *
 * Such a counter is asked at other times than those at which it learns: a scrape shows what was so up to `lagMs` ago, and between two scrapes 15 s
 * apart it may grow by 10 s or by 20 s. So what it shows is a lower bound of what is, and at time t the holder had the device for at least
 *
 *   had(t) = max over the next samples i, to t + 3 × lag or four, of total_i - (t_i - t)
 *
 * because it cannot have had it for longer than the time that passed. That is the least function which rises no faster than time and is not below
 * any sample. What grew too fast moves to the time just before, where there is room for it; what is left over is cut and reported.
 *
 * An interval in which the holder had the device at both ends counts as a whole if no more than the lag is missing: a pause as short as that cannot
 * be told from lag. So whoever has a GPU for a month is billed the month and not 99.99 % of it, whatever the clocks do. Where more is missing, what
 * there is stands at the end of the interval at which the holder had the device, or half at each; if at neither, it is spread evenly.
 *
 * Every interval depends on a few samples around it alone (`marginOf`), so windows that are metered apart agree.
 */
export function placeWallTime(growth: Growth, { lagMs, holdMs, isOver }: WallTimeOptions): PlacedTime {
  const { timesMs, total } = growth;
  const had = leastHad(growth, lagMs);
  const pieces = collectPieces(16);
  let [clamped, clampedAmount, fullInARow] = [0, 0, 0];
  for (let at = 1; at < timesMs.length; at++) {
    const [before = 0, now = 0, end = 0] = [had[at - 1], had[at], timesMs[at]];
    const room = roomOf(growth, at, now - before, lagMs);
    if (now - before > room + lagMs) [clamped, clampedAmount] = [clamped + 1, clampedAmount + now - before - room];
    if (now - before >= room || countsAsWhole(growth, had, at, { lagMs, holdMs })) {
      pieces.add(end - room, end, room);
      fullInARow++;
      continue;
    }
    const base = Math.min(hadAtLeast(timesMs, had, at - 1, fullInARow), (total[at - 1] ?? 0) + lagMs);
    place(pieces.add, { growth, had, at, lagMs, isOver }, Math.max(0, now - base));
    fullInARow = 0;
  }
  return { accrual: pieces.accrual(), clamped, clampedAmount };
}

/** How much time there is for what was added. What began just before the last scrape without it is shown too late by the lag. */
function roomOf({ timesMs, isBirth }: Growth, at: number, amount: number, lagMs: number): number {
  const passed = (timesMs[at] ?? 0) - (timesMs[at - 1] ?? 0);
  return isBirth && at === 1 ? Math.max(passed, Math.min(amount, passed + lagMs)) : passed;
}

/** How many samples are looked ahead and back at least: of a few, one was taken soon after the exporter learned. */
const few = 4;

/** The least time for which the holder had the device by then, for every time of the growth. */
function leastHad({ timesMs, total, isBirth }: Growth, lagMs: number): Float64Array {
  const size = timesMs.length;
  const had = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    const [time = 0, shown = 0] = [timesMs[at], total[at]];
    let most = shown;
    for (let later = at + 1; later < size; later++) {
      const ahead = (timesMs[later] ?? 0) - time;
      most = Math.max(most, (total[later] ?? 0) - ahead);
      if (ahead > 3 * lagMs && later - at >= few) break;
    }
    had[at] = Math.min(most, shown + lagMs);
  }
  if (isBirth && size > 0) had[0] = 0;
  return had;
}

/** The same from the samples before, with which the holder had the device all the time. */
function hadAtLeast(timesMs: Float64Array, had: Float64Array, at: number, fullInARow: number): number {
  let most = had[at] ?? 0;
  for (let back = 1; back <= Math.min(fullInARow, few); back++)
    most = Math.max(most, (had[at - back] ?? 0) + (timesMs[at] ?? 0) - (timesMs[at - back] ?? 0));
  return most;
}

/** Whether the holder had the device before and after the interval, and no more is missing than cannot be told from lag. */
function countsAsWhole(
  growth: Growth,
  had: Float64Array,
  at: number,
  { lagMs, holdMs }: Omit<WallTimeOptions, 'isOver'>,
): boolean {
  const { timesMs, restarted } = growth;
  const since = heldSince(growth, had, at - 1, lagMs);
  if (since === undefined) return false;
  const missing = (timesMs[at] ?? 0) - (timesMs[since] ?? 0) - (had[at] ?? 0) + (had[since] ?? 0);
  const most = restarted[at] === 1 ? Math.max(lagMs, holdMs) : lagMs;
  return missing <= most && goesOn(growth, at, lagMs);
}

/**
 * A sample shortly before that one at which the holder had the device; undefined if there is none. What it had may stand still for an interval when
 * the exporter begins to answer later than before, so it is looked for a little further back, as far as it can be the lag.
 */
function heldSince({ timesMs, isBirth }: Growth, had: Float64Array, sample: number, lagMs: number): number | undefined {
  // Nobody knows what was before the first sample.
  if (sample === 0) return isBirth ? undefined : 0;
  const grew = (at: number): boolean => at > 0 && (had[at] ?? 0) > (had[at - 1] ?? 0);
  const isNear = (at: number): boolean => (timesMs[sample] ?? 0) - (timesMs[at] ?? 0) <= lagMs;
  const last = [sample, sample - 1, sample - 2].find((at) => grew(at) && isNear(at));
  if (last === undefined) return undefined;
  return grew(last - 1) || (last === 1 && !isBirth) ? last - 1 : last;
}

/** Whether the holder surely had the device at that time: it grows later by more than what may still have been missing then. */
function goesOn({ timesMs, total }: Growth, at: number, lagMs: number): boolean {
  for (let later = at + 1; later < timesMs.length; later++)
    if ((timesMs[later] ?? 0) - (timesMs[at] ?? 0) > 2 * lagMs) return (total[later] ?? 0) - (total[at] ?? 0) > lagMs;
  return false;
}

interface Interval {
  readonly growth: Growth;
  readonly had: Float64Array;
  readonly at: number;
  readonly lagMs: number;
  readonly isOver: boolean;
}

/** Less than the whole interval, at that end of it at which the holder had the device. */
function place(add: Pieces['add'], { growth, had, at, lagMs, isOver }: Interval, amount: number): void {
  const { timesMs, isBirth, restarted } = growth;
  const [start = 0, end = 0] = [timesMs[at - 1], timesMs[at]];
  const endsHeld = at + 1 >= timesMs.length ? !isOver : (had[at + 1] ?? 0) > (had[at] ?? 0);
  // After a restart only what came since is counted, and nobody knows what was before the first sample.
  const startsHeld =
    at === 1 ? !isBirth && !endsHeld : restarted[at] !== 1 && heldSince(growth, had, at - 1, lagMs) !== undefined;
  if (!startsHeld && !endsHeld) {
    add(start, end, amount);
    return;
  }
  const first = startsHeld ? (endsHeld ? Math.ceil(amount / 2) : amount) : 0;
  add(start, start + first, first);
  add(end - (amount - first), end, amount - first);
}
