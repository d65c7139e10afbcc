import type { Accrual, RawSeries } from './accrual.ts';
import { collectPieces } from './pieces.ts';
import { cleanSamples } from './samples.ts';

export interface GaugeOptions {
  /** Base units in one unit of the series: 1 for bytes, 1000 for cores to millicores. Values are rounded to whole base units. */
  readonly scale: number;
  /** How long a sample holds when no other follows; see `holdOf`. */
  readonly holdMs: number;
}

export interface GaugeAccrual {
  readonly accrual: Accrual;
  readonly problems: {
    /** NaN, infinite or negative values. */
    readonly unusable: number;
    /** Values above 2^53 base units: they cannot be counted exactly and are left out. A larger base unit helps. */
    readonly tooLarge: number;
  };
}

/**
 * The integral over time, in base units × ms: each sample holds until the next one, for holdMs at most. It is exact: where value × time is more than
 * 2^53, as for terabytes over a minute, the stretch is cut into pieces that are less.
 */
export function accrualOfGauge(series: RawSeries, { scale, holdMs }: GaugeOptions): GaugeAccrual {
  const { timesMs, values, unusable } = cleanSamples(series);
  const pieces = collectPieces(timesMs.length);
  let tooLarge = 0;
  for (let at = 0; at < timesMs.length; at++) {
    const [from = 0, next = Number.POSITIVE_INFINITY] = [timesMs[at], timesMs[at + 1]];
    const value = Math.round((values[at] ?? 0) * scale);
    if (value > Number.MAX_SAFE_INTEGER) tooLarge++;
    else addHeld(pieces.add, value, from, Math.min(next, from + holdMs));
  }
  return { accrual: pieces.accrual(), problems: { unusable, tooLarge } };
}

function addHeld(add: (from: number, to: number, amount: number) => void, value: number, from: number, to: number) {
  if (value === 0) return;
  const longest = Math.floor(Number.MAX_SAFE_INTEGER / value);
  for (let start = from; start < to; start += longest) {
    const end = Math.min(to, start + longest);
    add(start, end, value * (end - start));
  }
}

/** 1 ms in each ms for which the series was there with a value above 0: what label sets of dcgm-exporter and info series say. */
export function accrualOfPresence(series: RawSeries, { holdMs }: Pick<GaugeOptions, 'holdMs'>): Accrual {
  const { timesMs, values } = cleanSamples(series);
  const pieces = collectPieces(16);
  for (let at = 0; at < timesMs.length; at++) {
    if ((values[at] ?? 0) <= 0) continue;
    const [from = 0, next = Number.POSITIVE_INFINITY] = [timesMs[at], timesMs[at + 1]];
    const to = Math.min(next, from + holdMs);
    pieces.add(from, to, to - from);
  }
  return pieces.accrual();
}
