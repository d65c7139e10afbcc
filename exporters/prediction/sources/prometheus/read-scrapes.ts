import type { ColumnSeries } from '../../../../kit/prometheus-api.ts';
import { prometheus } from '../../../../metrics/external.ts';
import { factAt } from '../../features/fact-at.ts';
import type { FeatureSpec } from '../../features/feature-spec.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import type { ReadTask, SignalRequest, SignalTarget } from './read-signals.ts';
import { keyOfTarget } from './series-labels.ts';
import { rangeOf } from './signal-queries.ts';
import type { GridColumn } from './step-grid.ts';

/** Each function of a metric of targets, and where it goes. */
const wanted = [
  ['scrapes', prometheus.up.name, 'avg_over_time', 'value'],
  ['scrapes', prometheus.up.name, 'count_over_time', 'count'],
  ['scrape_seconds', prometheus.scrape_duration_seconds.name, 'avg_over_time', 'value'],
  ['scrape_seconds', prometheus.scrape_duration_seconds.name, 'max_over_time', 'max'],
] as const;

/**
 * Scrapes of the exporters that show the entities, by the target that showed each of them last at the time. A GPU that is gone keeps its target, so what
 * goes on without it is seen.
 */
export function scrapeTasks(
  { signals }: FeatureSpec,
  matchers: readonly string[],
  request: SignalRequest,
  target: SignalTarget,
): readonly ReadTask[] {
  const names = signals.filter(({ of }) => of === 'scrape').map(({ name }) => name);
  return wanted
    .filter(([signal]) => names.includes(signal))
    .map(([signal, metric, reduced, column]) => async (stop) => {
      const entities = entitiesByTarget(target);
      const jobs = [...new Set([...entities.keys()].map((key) => String(JSON.parse(key)[0])))];
      if (jobs.length === 0) return;
      const selector = selectorOf(metric, [oneOfValues('job', jobs), ...matchers]);
      const expr = `max by (job, instance) (${reduced}(${selector}[${rangeOf(request.stepMs)}]))`;
      for (const series of await target.api.range(expr, request, stop)) {
        const own = entities.get(keyOfTarget(series.labels)) ?? [];
        for (const entity of own) writeScrapes(series, { entity, signal, column, target });
      }
    });
}

interface Writing {
  readonly entity: number;
  readonly signal: string;
  readonly column: GridColumn;
  readonly target: SignalTarget;
}

function writeScrapes({ labels, timesMs, values }: ColumnSeries, { entity, signal, column, target }: Writing): void {
  const key = keyOfTarget(labels);
  const targets = target.book.factsOf(entity, () => Number.POSITIVE_INFINITY).get('target');
  for (let at = 0; at < timesMs.length; at += 1) {
    const atMs = timesMs[at] as number;
    if (factAt(targets, atMs) === key) target.grid.write(signal, column, { entity, atMs, value: values[at] as number });
  }
}

function entitiesByTarget({ book }: SignalTarget): ReadonlyMap<string, readonly number[]> {
  const entities = new Map<string, number[]>();
  for (const entity of book.entities().keys()) {
    const targets = book.factsOf(entity, () => Number.POSITIVE_INFINITY).get('target')?.values ?? [];
    for (const key of new Set(targets)) entities.set(key, [...(entities.get(key) ?? []), entity]);
  }
  return entities;
}
