import { firstAfter, firstAtOrAfter } from '../ascending.ts';
import type { CleanSamples } from './clean-samples.ts';
import { clearPart, lane, lanes, mergePart } from './part.ts';

const hourMs = 3_600_000;
/** Hours of the buckets, the finest first; each divides the next. */
const sizes = [1, 6, 24] as const;

/** Samples of a signal of an entity, with what is needed to look at any window of them fast. */
export interface SignalIndex {
  readonly timesMs: Float64Array;
  /** Puts what the window (after, until] has into `part`. */
  readonly read: (part: Float64Array, afterMs: number, untilMs: number) => void;
  /** How many samples are at or before. */
  readonly countUntil: (ms: number) => number;
}

/**
 * A window is made of whole days, quarters, hours and the single samples at its edges, so it costs a few dozen steps whatever the number of samples, and
 * none of them knows of a sample after the window.
 */
export function indexOf(samples: CleanSamples): SignalIndex {
  const { timesMs } = samples;
  const single = new Float64Array(lanes);
  const levels = levelsOf(samples, single);

  function addSamples(part: Float64Array, from: number, until: number): void {
    for (let at = from; at < until; at += 1) {
      onePart(samples, at, single, 0);
      mergePart(part, 0, single, 0);
    }
  }

  /** Hours from the one up to, and without, the other: the middle in larger buckets, if it has any. */
  function addHours(part: Float64Array, level: number, fromHour: number, untilHour: number): void {
    const size = sizes[level + 1];
    const from = size === undefined ? untilHour : Math.ceil(fromHour / size) * size;
    const until = size === undefined ? untilHour : Math.floor(untilHour / size) * size;
    if (from >= until) {
      addBuckets(part, level, fromHour, untilHour);
      return;
    }
    addBuckets(part, level, fromHour, from);
    addHours(part, level + 1, from, until);
    addBuckets(part, level, until, untilHour);
  }

  function addBuckets(part: Float64Array, level: number, fromHour: number, untilHour: number): void {
    if (fromHour >= untilHour) return;
    const { keys, parts } = levels[level] as Buckets;
    const size = sizes[level] as number;
    const until = untilHour / size;
    for (let at = firstAtOrAfter(keys, fromHour / size); at < keys.length && (keys[at] as number) < until; at += 1)
      mergePart(part, 0, parts, at * lanes);
  }

  return {
    timesMs,
    countUntil: (ms) => firstAfter(timesMs, ms),
    read: (part, afterMs, untilMs) => {
      clearPart(part, 0);
      const from = firstAfter(timesMs, afterMs);
      const until = firstAfter(timesMs, untilMs);
      if (from >= until) return;
      const fromHour = Math.ceil(afterMs / hourMs);
      const untilHour = Math.floor(untilMs / hourMs);
      if (fromHour >= untilHour) {
        addSamples(part, from, until);
        return;
      }
      if (fromHour * hourMs > afterMs) addSamples(part, from, firstAfter(timesMs, fromHour * hourMs));
      addHours(part, 0, fromHour, untilHour);
      if (untilHour * hourMs < untilMs)
        addSamples(part, Math.max(from, firstAfter(timesMs, untilHour * hourMs)), until);
    },
  };
}

interface Buckets {
  /** Number of the bucket since 1970, ascending; only those with samples. */
  readonly keys: Float64Array;
  readonly parts: Float64Array;
}

function levelsOf(samples: CleanSamples, single: Float64Array): readonly Buckets[] {
  const { timesMs } = samples;
  const hours = new Float64Array(timesMs.length);
  for (let at = 0; at < hours.length; at += 1) hours[at] = hourOf(timesMs[at] as number);
  const levels = [
    bucketsOf(hours, (parts, to, at) => {
      if (parts[to] === 0) {
        onePart(samples, at, parts, to);
        return;
      }
      onePart(samples, at, single, 0);
      mergePart(parts, to, single, 0);
    }),
  ];
  for (let level = 1; level < sizes.length; level += 1) {
    const finer = levels[level - 1] as Buckets;
    const factor = (sizes[level] as number) / (sizes[level - 1] as number);
    const keys = new Float64Array(finer.keys.length);
    for (let at = 0; at < keys.length; at += 1) keys[at] = Math.floor((finer.keys[at] as number) / factor);
    levels.push(bucketsOf(keys, (parts, to, at) => mergePart(parts, to, finer.parts, at * lanes)));
  }
  return levels;
}

/** A sample on the hour belongs to the hour before. */
function hourOf(ms: number): number {
  return Math.ceil(ms / hourMs) - 1;
}

/** `keys`: of each item its bucket. */
function bucketsOf(keys: Float64Array, add: (parts: Float64Array, to: number, at: number) => void): Buckets {
  const unique = new Float64Array(keys.length);
  let used = 0;
  for (let at = 0; at < keys.length; at += 1)
    if (at === 0 || keys[at] !== keys[at - 1]) unique[used++] = keys[at] as number;
  const parts = new Float64Array(used * lanes);
  let bucket = -1;
  for (let at = 0; at < keys.length; at += 1) {
    if (at === 0 || keys[at] !== keys[at - 1]) bucket += 1;
    add(parts, bucket * lanes, at);
  }
  return { keys: unique.slice(0, used), parts };
}

/** Writes a part of a single sample, or of a step that a server has reduced. */
function onePart(samples: CleanSamples, at: number, parts: Float64Array, to: number): void {
  const { counts, sds, maxes, lasts } = samples;
  const value = samples.values[at] as number;
  const count = counts === undefined ? 1 : orElse(counts[at], 1);
  const sd = sds === undefined ? 0 : orElse(sds[at], 0);
  parts[to] = count;
  parts[to + lane.mean] = value;
  parts[to + lane.squares] = sd * sd * count;
  parts[to + lane.max] = maxes === undefined ? value : orElse(maxes[at], value);
  parts[to + lane.last] = lasts === undefined ? value : orElse(lasts[at], value);
  parts[to + lane.time] = samples.timesMs[at] as number;
  parts[to + lane.timeSquares] = 0;
  parts[to + lane.product] = 0;
  parts[to + lane.sum] = value * count;
}

/** Of a column of what a server has reduced, which may lack what another column has. */
function orElse(value: number | undefined, instead: number): number {
  return value !== undefined && Number.isFinite(value) ? value : instead;
}
