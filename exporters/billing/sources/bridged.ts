import type { RawSeries } from '../metering/accrual.ts';
import type { Span } from '../span.ts';
import { gapsOf } from './coverage.ts';
import type { Scrapes } from './scrapes.ts';

export function keyOfGap(targetKey: string, gap: Span): string {
  return `${targetKey}\n${gap.startMs}`;
}

interface TargetSeries {
  /** process_start_time_seconds. */
  readonly starts: readonly RawSeries[];
  readonly counters: readonly RawSeries[];
}

/** Gaps of a target, by `keyOfGap`, of which its counters tell what happened: the same process, or one that went on counting. */
export function bridgedGaps(key: string, scrapes: Scrapes, { starts, counters }: TargetSeries): readonly string[] {
  const target = scrapes.targets.get(key);
  if (target === undefined) return [];
  const bridged = gapsOf(target, scrapes.dark).filter((gap) => {
    const around = (series: RawSeries) => ({
      before: series.values[series.timesMs.findLastIndex((ms) => ms <= gap.startMs)],
      after: series.values[series.timesMs.findIndex((ms) => ms >= gap.endMs)],
    });
    const isKnown = ({ before, after }: ReturnType<typeof around>): boolean =>
      before !== undefined && after !== undefined;
    const started = starts.map(around).filter(isKnown);
    if (started.some(({ before = 0, after = 0 }) => Math.abs(after - before) < 1.5)) return true;
    const counted = counters.map(around).filter(isKnown);
    return counted.length > 0 && counted.every(({ before = 0, after = 0 }) => after >= before);
  });
  return bridged.map((gap) => keyOfGap(key, gap));
}

/** When processes started, ms, ascending; undefined if nobody says. */
export function startsOf(series: readonly RawSeries[]): Float64Array | undefined {
  const starts = new Set<number>();
  for (const { values } of series) {
    let last: number | undefined;
    for (const value of values) {
      if (value !== last) starts.add(Math.round(value * 1000));
      last = value;
    }
  }
  return starts.size === 0 ? undefined : Float64Array.from([...starts].sort((a, b) => a - b));
}
