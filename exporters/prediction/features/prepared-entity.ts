import { firstAfter } from '../ascending.ts';
import type { FeatureSpec, SignalSpec, StatisticOf } from './feature-spec.ts';
import type { EntitySamples } from './fleet-samples.ts';
import { lanes } from './part.ts';
import { type PreparedSignal, prepareSignal } from './prepared-signal.ts';
import { statisticOf } from './statistic-of.ts';
import { windowMs } from './windows.ts';

const dayMs = windowMs['24h'];
const hourMs = windowMs['1h'];

/** An entity with its signals made ready. */
export interface PreparedEntity {
  readonly samples: EntitySamples;
  readonly signals: ReadonlyMap<string, PreparedSignal>;
}

export function prepareEntity(samples: EntitySamples, specs: readonly SignalSpec[]): PreparedEntity {
  const seenFromMs = firstSeen(samples);
  const signals = new Map<string, PreparedSignal>();
  for (const spec of specs) {
    const prepared = prepareSignal(spec, samples.signals.get(spec.name) ?? [], seenFromMs);
    if (prepared !== undefined) signals.set(spec.name, prepared);
  }
  return { samples, signals };
}

function firstSeen({ signals }: EntitySamples): number {
  let first = Number.POSITIVE_INFINITY;
  for (const series of signals.values()) {
    for (const { timesMs } of series) {
      for (const time of timesMs) first = time < first ? time : first;
    }
  }
  return first;
}

/** Reads statistics; those of the same signal, window and moment share the work if asked for one after the other. */
export function createStatisticReader(
  signals: ReadonlyMap<string, PreparedSignal>,
): (of: StatisticOf, atMs: number) => number {
  const part = new Float64Array(lanes);
  let known: PreparedSignal | undefined;
  let knownWindow = '';
  let knownAtMs = Number.NaN;
  return ({ signal: name, statistic, window }, atMs) => {
    const signal = signals.get(name);
    if (signal === undefined) return Number.NaN;
    if (signal !== known || window !== knownWindow || atMs !== knownAtMs) {
      signal.read(part, atMs - windowMs[window], atMs);
      known = signal;
      knownWindow = window;
      knownAtMs = atMs;
    }
    return statisticOf(statistic, signal, part, atMs, windowMs[window]);
  };
}

/** NaN where nobody tried to scrape in the last hour: then nothing can be said of what is not there. */
export function vanishedSignals(
  { signals }: PreparedEntity,
  { signals: names, scrape }: Extract<FeatureSpec['features'][number], { is: 'vanished' }>,
  atMs: number,
): number {
  const scrapes = signals.get(scrape);
  if (scrapes === undefined || scrapes.countUntil(atMs) === scrapes.countUntil(atMs - hourMs)) return Number.NaN;
  let count = 0;
  for (const name of names) {
    const times = signals.get(name)?.timesMs;
    const last = times?.[firstAfter(times, atMs) - 1];
    if (last !== undefined && last <= atMs - hourMs && last > atMs - dayMs) count += 1;
  }
  return count;
}
