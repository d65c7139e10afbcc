import { gpu } from '../../../../metrics/gpu.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { HistoryApi } from './history-api.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import { gpuOf } from './series-labels.ts';
import type { SignRequest } from './sign-reading.ts';

/** A metric that shows that a GPU is there, and the label that names the GPU. */
export interface PresenceMetric {
  readonly metric: string;
  readonly label: 'uuid' | 'UUID';
}

/** A GPU of which gpu_up says 0 is counted as not there; the others have no value for a GPU that is gone. */
export const presenceMetrics: readonly PresenceMetric[] = [
  { metric: gpu.gpu_up.name, label: 'uuid' },
  { metric: 'DCGM_FI_DEV_GPU_TEMP', label: 'UUID' },
  { metric: 'DCGM_FI_DEV_GPU_TEMP_CELSIUS', label: 'UUID' },
];

/** ms since 1970 of the first sample in (startMs, endMs] that shows the GPU; undefined if there is none. */
export async function firstSightOf(
  api: HistoryApi,
  entity: Entity,
  { metric, label }: PresenceMetric,
  { startMs, endMs, labels: names, matchers, signal }: SignRequest,
): Promise<number | undefined> {
  const selector = selectorOf(metric, [oneOfValues(label, [entity.uuid]), ...matchers]);
  let firstMs: number | undefined;
  for (const { labels, timesMs, values } of await api.raw(selector, { startMs, endMs }, signal)) {
    const own = gpuOf(labels, names);
    if (own === undefined || keyOfEntity(own) !== keyOfEntity(entity)) continue;
    const seen = timesMs.find((_, at) => metric !== gpu.gpu_up.name || (values[at] as number) > 0);
    if (seen !== undefined && seen < (firstMs ?? Number.POSITIVE_INFINITY)) firstMs = seen;
  }
  return firstMs;
}
