import { firstAfter } from '../ascending.ts';
import type { Statistic } from './feature-spec.ts';
import { lane } from './part.ts';
import type { PreparedSignal } from './prepared-signal.ts';

const hourMs = 3_600_000;

/** Of the window (atMs - lengthMs, atMs], whose samples are in `part`. NaN where it has too few. */
export function statisticOf(
  statistic: Statistic,
  signal: PreparedSignal,
  part: Float64Array,
  atMs: number,
  lengthMs: number,
): number {
  const count = part[lane.count] as number;
  if (count === 0) return Number.NaN;
  switch (statistic) {
    case 'mean':
      return part[lane.mean] as number;
    case 'sd':
      return count < 2 ? Number.NaN : Math.sqrt(Math.max(0, part[lane.squares] as number) / count);
    case 'max':
      return part[lane.max] as number;
    case 'last':
      return part[lane.last] as number;
    case 'slope':
      return slopeOf(part);
    case 'samples':
      return count;
    case 'growth':
      return hasBase(signal, atMs, lengthMs) ? (part[lane.sum] as number) : Number.NaN;
    case 'rate':
      return (part[lane.sum] as number) / spanHours(signal, atMs, lengthMs);
    case 'since':
      return sinceHours(signal, atMs, lengthMs);
  }
}

/** Least squares; per hour. Over a single time there is none. */
function slopeOf(part: Float64Array): number {
  const spread = part[lane.timeSquares] as number;
  return spread > 0 ? ((part[lane.product] as number) / spread) * hourMs : Number.NaN;
}

/** A counter that was seen once has grown by nobody knows what. */
function hasBase(signal: PreparedSignal, atMs: number, lengthMs: number): boolean {
  const [first = atMs] = signal.timesMs;
  return first <= atMs - lengthMs || signal.countUntil(atMs) > 1 || (signal.grewMs[0] ?? atMs + 1) <= atMs;
}

/** From the last sample before the window, or its first one, to its last one. */
function spanHours(signal: PreparedSignal, atMs: number, lengthMs: number): number {
  const { timesMs } = signal;
  const base = timesMs[Math.max(0, signal.countUntil(atMs - lengthMs) - 1)] ?? Number.NaN;
  const last = timesMs[signal.countUntil(atMs) - 1] ?? Number.NaN;
  return last > base ? (last - base) / hourMs : Number.NaN;
}

function sinceHours({ grewMs }: PreparedSignal, atMs: number, lengthMs: number): number {
  const at = firstAfter(grewMs, atMs) - 1;
  const last = at < 0 ? Number.NEGATIVE_INFINITY : (grewMs[at] as number);
  return Math.min(atMs - last, lengthMs) / hourMs;
}
