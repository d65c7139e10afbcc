import { type CleanSamples, cleanSamples } from './clean-samples.ts';
import { growthOf } from './counter-growth.ts';
import type { SignalSpec } from './feature-spec.ts';
import type { SignalSamples } from './fleet-samples.ts';
import { indexOf, type SignalIndex } from './signal-index.ts';

export interface PreparedSignal extends SignalIndex {
  /** Times at which it grew or something happened, ascending; none for a gauge. */
  readonly grewMs: Float64Array;
}

/** `seenFromMs`: when the entity was seen first. Undefined where there is no sample that can be used. */
export function prepareSignal(
  spec: SignalSpec,
  series: readonly SignalSamples[],
  seenFromMs: number,
): PreparedSignal | undefined {
  const isGrowth = spec.kind === 'counter' || spec.kind === 'event';
  const cleaned = series
    .map((each) => {
      const clean = cleanSamples(each, spec.plausible);
      if (spec.kind !== 'counter' || each.isGrowth === true) return clean;
      return {
        ...raw,
        timesMs: clean.timesMs,
        values: growthOf(clean, spec.startsAtZero === true ? seenFromMs : undefined),
      };
    })
    .filter(({ timesMs }) => timesMs.length > 0);
  const [first, ...more] = cleaned;
  if (first === undefined) return undefined;
  const all = more.length === 0 ? first : joined(cleaned);
  const grewMs = isGrowth ? all.timesMs.filter((_, at) => (all.values[at] as number) > 0) : new Float64Array(0);
  return { ...indexOf(all), grewMs };
}

const raw = { counts: undefined, sds: undefined, maxes: undefined, lasts: undefined };

/** All samples of several series in the order of time; of those at one time the order of the series holds. */
function joined(series: readonly CleanSamples[]): CleanSamples {
  const total = series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const times = new Float64Array(total);
  let at = 0;
  for (const { timesMs } of series) {
    times.set(timesMs, at);
    at += timesMs.length;
  }
  const order = Int32Array.from({ length: total }, (_, index) => index).sort(
    (a, b) => (times[a] as number) - (times[b] as number) || a - b,
  );
  const column = (name: keyof CleanSamples, missing: number): Float64Array => {
    const all = new Float64Array(total).fill(missing);
    let from = 0;
    for (const each of series) {
      const own = each[name];
      if (own !== undefined) all.set(own, from);
      from += each.timesMs.length;
    }
    return Float64Array.from(order, (index) => all[index] as number);
  };
  const optional = (name: 'counts' | 'sds' | 'maxes' | 'lasts'): Float64Array | undefined =>
    series.some((each) => each[name] !== undefined) ? column(name, Number.NaN) : undefined;
  return {
    timesMs: column('timesMs', 0),
    values: column('values', 0),
    counts: optional('counts'),
    sds: optional('sds'),
    maxes: optional('maxes'),
    lasts: optional('lasts'),
  };
}
