import type { HistoryApi } from './history-api.ts';
import type { LabelSigns } from './label-signs.ts';
import { readAbsences } from './read-absences.ts';
import { readRemaps } from './read-remaps.ts';
import { readInventory } from './read-states.ts';
import { readXids } from './read-xids.ts';
import { type SignRequest, stepsOf } from './sign-reading.ts';

/**
 * What Prometheus tells of failures, as plain records with the time of the sample that showed them. A first look over whole steps finds where anything
 * happened, and samples are read as they were scraped only there.
 */
export async function readLabelSigns(api: HistoryApi, request: SignRequest): Promise<LabelSigns> {
  return {
    xids: await readXids(api, request),
    absences: await readAbsences(api, request),
    remaps: await readRemaps(api, request),
    states: (await readInventory(api, { ...request, ...stepsOf(request) }, request.signal)).states,
  };
}
