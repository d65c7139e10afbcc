import type { CleanSamples } from './clean-samples.ts';
import { clearPart, lane, lanes, mergePart } from './part.ts';

const hourMs = 3_600_000;
const hoursPerDay = 24;

/** Samples of a signal of an entity, with what is needed to look at any window of them fast. */
export interface SignalIndex {
  readonly timesMs: Float64Array;
  /** Times at which it grew or something happened; ascending. */
  readonly grewMs: Float64Array;
  /** Puts what the window (after, until] has into `part`. */
  readonly read: (part: Float64Array, afterMs: number, untilMs: number) => void;
  /** How many samples are at or before. */
  readonly countUntil: (ms: number) => number;
}

/**
 * A window is made of whole days, whole hours and the single samples at its edges, so it costs a few dozen steps whatever the number of samples, and none
 * of them knows of a sample after the window.
 */
export function indexOf(samples: CleanSamples): SignalIndex {
  const { timesMs, values } = samples;
  const single = new Float64Array(lanes);
  const hours = bucketsOf(
    timesMs.length,
    (at) => Math.ceil((timesMs[at] as number) / hourMs) - 1,
    (part, at) => {
      onePart(samples, at, single);
      mergePart(part, 0, single, 0);
    },
  );
  const days = bucketsOf(
    hours.keys.length,
    (at) => Math.floor((hours.keys[at] as number) / hoursPerDay),
    (part, at) => mergePart(part, 0, hours.parts, at * lanes),
  );

  function addSamples(part: Float64Array, from: number, until: number): void {
    for (let at = from; at < until; at += 1) {
      onePart(samples, at, single);
      mergePart(part, 0, single, 0);
    }
  }

  function addHours(part: Float64Array, fromHour: number, untilHour: number): void {
    for (
      let at = firstAtOrAfter(hours.keys, fromHour);
      at < hours.keys.length && (hours.keys[at] as number) < untilHour;
      at += 1
    )
      mergePart(part, 0, hours.parts, at * lanes);
  }

  function addWholeHours(part: Float64Array, fromHour: number, untilHour: number): void {
    const fromDay = Math.ceil(fromHour / hoursPerDay);
    const untilDay = Math.floor(untilHour / hoursPerDay);
    addHours(part, fromHour, fromDay < untilDay ? fromDay * hoursPerDay : untilHour);
    if (fromDay >= untilDay) return;
    for (
      let at = firstAtOrAfter(days.keys, fromDay);
      at < days.keys.length && (days.keys[at] as number) < untilDay;
      at += 1
    )
      mergePart(part, 0, days.parts, at * lanes);
    addHours(part, untilDay * hoursPerDay, untilHour);
  }

  return {
    timesMs,
    grewMs: timesMs.filter((_, at) => (values[at] as number) > 0),
    countUntil: (ms) => firstAfter(timesMs, ms),
    read: (part, afterMs, untilMs) => {
      clearPart(part, 0);
      const from = firstAfter(timesMs, afterMs);
      const until = firstAfter(timesMs, untilMs);
      if (from >= until) return;
      const fromHour = Math.ceil(afterMs / hourMs);
      const untilHour = Math.floor(untilMs / hourMs);
      if (fromHour >= untilHour) return addSamples(part, from, until);
      addSamples(part, from, Math.min(until, firstAfter(timesMs, fromHour * hourMs)));
      addWholeHours(part, fromHour, untilHour);
      addSamples(part, Math.max(from, firstAfter(timesMs, untilHour * hourMs)), until);
    },
  };
}

interface Buckets {
  /** Number of the hour or day, ascending; only those with samples. */
  readonly keys: Float64Array;
  readonly parts: Float64Array;
}

function bucketsOf(
  count: number,
  keyOf: (at: number) => number,
  add: (part: Float64Array, at: number) => void,
): Buckets {
  let used = 0;
  for (let at = 0, before = Number.NaN; at < count; at += 1) {
    const key = keyOf(at);
    if (key !== before) used += 1;
    before = key;
  }
  const keys = new Float64Array(used);
  const parts = new Float64Array(used * lanes);
  let bucket = -1;
  let part = parts;
  for (let at = 0; at < count; at += 1) {
    const key = keyOf(at);
    if (bucket < 0 || keys[bucket] !== key) {
      bucket += 1;
      keys[bucket] = key;
      part = parts.subarray(bucket * lanes, (bucket + 1) * lanes);
    }
    add(part, at);
  }
  return { keys, parts };
}

function onePart({ timesMs, values, counts, sds, maxes, lasts }: CleanSamples, at: number, part: Float64Array): void {
  const value = values[at] as number;
  const count = counts === undefined ? 1 : orElse(counts[at], 1);
  const sd = sds === undefined ? 0 : orElse(sds[at], 0);
  part[lane.count] = count;
  part[lane.mean] = value;
  part[lane.squares] = sd * sd * count;
  part[lane.max] = maxes === undefined ? value : orElse(maxes[at], value);
  part[lane.last] = lasts === undefined ? value : orElse(lasts[at], value);
  part[lane.time] = timesMs[at] as number;
  part[lane.timeSquares] = 0;
  part[lane.product] = 0;
  part[lane.sum] = value * count;
}

/** Of a column of what a server has reduced, which may lack what another column has. */
function orElse(value: number | undefined, instead: number): number {
  return value !== undefined && Number.isFinite(value) ? value : instead;
}

/** Index of the first that is after. */
export function firstAfter(times: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first that is not before. */
export function firstAtOrAfter(times: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
