import type { ColumnSeries } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { keyOfEntity } from '../../entity.ts';
import type { HistoryApi } from './history-api.ts';
import type { RemapRecord } from './label-signs.ts';
import { selectorOf } from './matchers.ts';
import { gpuOf } from './series-labels.ts';
import { byStep, rawOfStep, type SignRequest, stepsOf } from './sign-reading.ts';
import { rangeOf } from './signal-queries.ts';

const sources = [
  { metric: gpu.gpu_row_remap_failure.name, label: 'uuid' },
  { metric: 'DCGM_FI_DEV_ROW_REMAP_FAILURE', label: 'UUID' },
  { metric: 'DCGM_FI_DEV_ROW_REMAP_FAILED', label: 'UUID' },
];

/** Each time that the flag of a failed row remapping changed, and those that were set when they were seen first. */
export async function readRemaps(api: HistoryApi, request: SignRequest): Promise<readonly RemapRecord[]> {
  const records: RemapRecord[] = [];
  for (const source of sources) {
    for (const change of await stepsWithChange(api, source, request)) {
      const raw = await rawOfStep(api, source.metric, { ...change, label: source.label, backMs: 0 }, request);
      for (const series of raw) records.push(...changesOf(series, request));
    }
  }
  const seen = new Map<string, boolean>();
  return records
    .sort((a, b) => a.atMs - b.atMs)
    .filter(({ entity, hasFailed }) => {
      const key = keyOfEntity(entity);
      const isNew = (seen.get(key) ?? false) !== hasFailed;
      seen.set(key, hasFailed);
      return isNew;
    });
}

interface StepOfChange {
  readonly endMs: number;
  readonly values: readonly string[];
}

/** Steps whose highest or lowest value is another than that of the step before. */
async function stepsWithChange(
  api: HistoryApi,
  { metric, label }: (typeof sources)[number],
  request: SignRequest,
): Promise<readonly StepOfChange[]> {
  const by = [request.labels.cluster, label].join(', ');
  const selector = selectorOf(metric, request.matchers);
  const found: ColumnSeries[] = [];
  for (const reduced of ['max_over_time', 'min_over_time']) {
    const expr = `max by (${by}) (${reduced}(${selector}[${rangeOf(request.stepMs)}]))`;
    found.push(...(await api.range(expr, stepsOf(request), request.signal)).map(onlyChanges));
  }
  return [...byStep(found, label)].map(([endMs, values]) => ({ endMs, values }));
}

function onlyChanges({ labels, timesMs, values }: ColumnSeries): ColumnSeries {
  const isChange = (_: number, at: number): boolean => values[at] !== (values[at - 1] ?? 0);
  return { labels, timesMs: timesMs.filter(isChange), values: values.filter(isChange) };
}

function changesOf(
  { labels, timesMs, values }: ColumnSeries,
  { labels: names, startMs, endMs }: SignRequest,
): readonly RemapRecord[] {
  const entity = gpuOf(labels, names);
  if (entity === undefined) return [];
  return Array.from(timesMs, (atMs, at) => ({ entity, atMs, hasFailed: (values[at] as number) > 0 })).filter(
    ({ atMs }, at) => !Number.isNaN(values[at]) && atMs > startMs && atMs <= endMs,
  );
}
