import type { ColumnSeries } from '../../../../kit/prometheus-api.ts';
import { cleanSamples } from '../../features/clean-samples.ts';
import { growthOf } from '../../features/counter-growth.ts';
import type { SeriesSource } from '../../features/feature-spec.ts';
import { oneOfValues } from './matchers.ts';
import type { SignalReading } from './read-signals.ts';
import { keyOfSeries } from './series-labels.ts';
import { longestGapMs, resetsQuery, selected } from './signal-queries.ts';

/** More values in a matcher cost more than the series that they leave out. */
const mostNamed = 200;

/**
 * What a counter counted between its last sample of a step and its reset is in no difference of last values. Such steps are few: exporters and drivers are
 * rarely restarted. Their samples are read as they were scraped, with those of six hours before, for the reading to begin from.
 */
export async function repairResets(reading: SignalReading, source: SeriesSource, stop: AbortSignal): Promise<void> {
  const { asking, request, target } = reading;
  const resets = await target.api.range(resetsQuery(source, asking), request, stop);
  const bySteps = new Map<number, ColumnSeries[]>();
  for (const series of resets) {
    for (const atMs of series.timesMs) bySteps.set(atMs, [...(bySteps.get(atMs) ?? []), series]);
  }
  for (const [atMs, series] of bySteps) await repairStep(reading, { source, atMs, series }, stop);
}

interface Step {
  readonly source: SeriesSource;
  /** Its end. */
  readonly atMs: number;
  /** Of the entities whose counters were reset. */
  readonly series: readonly ColumnSeries[];
}

async function repairStep(reading: SignalReading, { source, atMs, series }: Step, stop: AbortSignal): Promise<void> {
  const { signal, asking, request, target } = reading;
  // Ours and dcgm-exporter write the UUID of a GPU differently.
  const last = asking.by.findLast((name) => (series[0]?.labels[name] ?? '') !== '') ?? '';
  const named = [...new Set(series.map(({ labels }) => labels[last] ?? ''))];
  const matchers = named.length > mostNamed ? asking.matchers : [...asking.matchers, oneOfValues(last, named)];
  const span = { startMs: atMs - asking.stepMs - longestGapMs, endMs: atMs };
  const samples = await target.api.raw(selected(source, { matchers }), span, stop);
  const growth = new Map<string, number>();
  for (const { labels, timesMs, values } of samples) {
    const key = keyOfSeries(request.kind, labels, request.labels);
    if (key === undefined) continue;
    const own = grownSince({ timesMs, values }, atMs - asking.stepMs, signal.startsAtZero === true);
    growth.set(key, (growth.get(key) ?? 0) + own * (source.scale ?? 1));
  }
  for (const { labels } of series) {
    const key = keyOfSeries(request.kind, labels, request.labels) ?? '';
    const entity = target.book.indexOfKey(key);
    const value = growth.get(key);
    if (entity !== undefined && value !== undefined) target.grid.write(signal.name, 'value', { entity, atMs, value });
  }
}

/** A series of which nothing is known before the step began at 0 with it, if such series do. */
function grownSince(samples: Pick<ColumnSeries, 'timesMs' | 'values'>, fromMs: number, startsAtZero: boolean): number {
  const clean = cleanSamples(samples, [0, 1e30]);
  const growth = growthOf(clean, startsAtZero ? fromMs : undefined);
  return growth.reduce((sum, each, at) => sum + ((clean.timesMs[at] as number) > fromMs ? each : 0), 0);
}
