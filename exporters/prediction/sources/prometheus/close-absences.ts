import { keyOfEntity } from '../../entity.ts';
import { firstSightOf, type PresenceMetric, presenceMetrics } from './first-sight.ts';
import type { HistoryApi } from './history-api.ts';
import type { AbsenceRecord } from './label-signs.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import { gpuOf } from './series-labels.ts';
import { type SignRequest, stepsOf } from './sign-reading.ts';
import { rangeOf } from './signal-queries.ts';

/** A step in which a GPU was seen. */
interface SeenStep {
  readonly presence: PresenceMetric;
  readonly endMs: number;
}

/** Absences that were open when a stretch began, each with the first sample that shows its GPU again, if there is one. */
export async function closeAbsences(
  api: HistoryApi,
  open: readonly AbsenceRecord[],
  request: SignRequest,
): Promise<readonly AbsenceRecord[]> {
  if (open.length === 0) return [];
  const seen = await stepsSeen(api, [...new Set(open.map(({ entity }) => entity.uuid))], request);
  return Promise.all(open.map((each) => closed(api, each, seen.get(keyOfEntity(each.entity)) ?? [], request)));
}

async function stepsSeen(
  api: HistoryApi,
  uuids: readonly string[],
  request: SignRequest,
): Promise<ReadonlyMap<string, readonly SeenStep[]>> {
  const seen = new Map<string, SeenStep[]>();
  for (const presence of presenceMetrics) {
    const selector = selectorOf(presence.metric, [oneOfValues(presence.label, uuids), ...request.matchers]);
    const by = [request.labels.cluster, presence.label].join(', ');
    const expr = `max by (${by}) (max_over_time(${selector}[${rangeOf(request.stepMs)}])) > 0`;
    for (const { labels, timesMs } of await api.range(expr, stepsOf(request), request.signal)) {
      const entity = gpuOf(labels, request.labels);
      if (entity === undefined) continue;
      const key = keyOfEntity(entity);
      seen.set(key, [...(seen.get(key) ?? []), ...Array.from(timesMs, (endMs) => ({ presence, endMs }))]);
    }
  }
  return seen;
}

/** Samples of the step in which it went may be of before it went; those of a later one are not. */
async function closed(
  api: HistoryApi,
  absence: AbsenceRecord,
  seen: readonly SeenStep[],
  request: SignRequest,
): Promise<AbsenceRecord> {
  const later = seen.filter(({ endMs }) => endMs - request.stepMs >= absence.fromMs);
  const [first] = later.sort((a, b) => a.endMs - b.endMs);
  if (first === undefined) return absence;
  const step = { ...request, startMs: first.endMs - request.stepMs, endMs: first.endMs };
  const sightMs = await firstSightOf(api, absence.entity, first.presence, step);
  return { ...absence, untilMs: sightMs ?? first.endMs };
}
