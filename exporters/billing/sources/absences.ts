import type { RawSeries } from '../metering/accrual.ts';

/**
 * The series in the stretches between which it was away for longer than `mostMs` although its target was scraped. What a counter did meanwhile is not
 * told by what it shows later; and who meters a short window does not even see what it showed before.
 */
export function withoutAbsences(series: RawSeries, scrapedMs: Float64Array, mostMs: number): readonly RawSeries[] {
  const { timesMs } = series;
  const stretches: RawSeries[] = [];
  let first = 0;
  for (let at = 1; at < timesMs.length; at++) {
    const [before = 0, now = 0] = [timesMs[at - 1], timesMs[at]];
    if (now - before <= mostMs || !scrapedMs.some((ms) => ms > before && ms < now)) continue;
    stretches.push(partOf(series, first, at));
    first = at;
  }
  return first === 0 ? [series] : [...stretches, partOf(series, first, timesMs.length)];
}

function partOf({ labels, timesMs, values }: RawSeries, from: number, to: number): RawSeries {
  return { labels, timesMs: timesMs.subarray(from, to), values: values.subarray(from, to) };
}
