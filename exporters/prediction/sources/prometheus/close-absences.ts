import { gpu } from '../../../../metrics/gpu.ts';
import { keyOfEntity } from '../../entity.ts';
import type { HistoryApi } from './history-api.ts';
import type { AbsenceRecord } from './label-signs.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import { gpuOf } from './series-labels.ts';
import { type SignRequest, stepsOf } from './sign-reading.ts';
import { rangeOf } from './signal-queries.ts';

const presence = [
  { metric: gpu.gpu_up.name, label: 'uuid' },
  { metric: 'DCGM_FI_DEV_GPU_TEMP', label: 'UUID' },
];

/** Absences that were open when a stretch began, each with the end of the step in which its GPU was seen again, if it was. */
export async function closeAbsences(
  api: HistoryApi,
  open: readonly AbsenceRecord[],
  request: SignRequest,
): Promise<readonly AbsenceRecord[]> {
  if (open.length === 0) return [];
  const uuids = [...new Set(open.map(({ entity }) => entity.uuid))];
  const seen = new Map<string, number[]>();
  for (const { metric, label } of presence) {
    const selector = selectorOf(metric, [oneOfValues(label, uuids), ...request.matchers]);
    const by = [request.labels.cluster, label].join(', ');
    const expr = `max by (${by}) (last_over_time(${selector}[${rangeOf(request.stepMs)}])) > 0`;
    for (const { labels, timesMs } of await api.range(expr, stepsOf(request), request.signal)) {
      const entity = gpuOf(labels, request.labels);
      if (entity === undefined) continue;
      const key = keyOfEntity(entity);
      seen.set(key, [...(seen.get(key) ?? []), ...timesMs]);
    }
  }
  return open.map((absence) => {
    const times = (seen.get(keyOfEntity(absence.entity)) ?? []).filter((ms) => ms > absence.fromMs + request.stepMs);
    return times.length === 0 ? absence : { ...absence, untilMs: Math.min(...times) };
  });
}
