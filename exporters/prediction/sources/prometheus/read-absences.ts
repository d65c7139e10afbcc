import type { ColumnSeries } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { HistoryApi } from './history-api.ts';
import type { AbsenceRecord } from './label-signs.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import { gpuOf, keyOfTarget } from './series-labels.ts';
import type { SignRequest } from './sign-reading.ts';
import { stepsOf } from './sign-reading.ts';
import { rangeOf } from './signal-queries.ts';

const presenceMetrics = [gpu.gpu_up.name, 'DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS'];

/**
 * Times at which a GPU was not there although its exporter answered, or at which gpu_up was 0. Where the exporter did not answer nothing is known, and there
 * is no absence. Steps in which as many samples came as scrapes succeeded, none of them 0, need no second look.
 */
export async function readAbsences(api: HistoryApi, request: SignRequest): Promise<readonly AbsenceRecord[]> {
  const absences: AbsenceRecord[] = [];
  for (const metric of presenceMetrics) {
    const watched = await readWatched(api, metric, request);
    for (const each of watched) absences.push(...(await absencesOf(api, metric, each, request)));
  }
  return absences.sort((a, b) => a.fromMs - b.fromMs);
}

/** A GPU that was seen, and the steps in which it may have been away; ascending. */
interface Watched {
  readonly entity: Entity;
  readonly label: string;
  readonly target: Readonly<Record<string, string>>;
  readonly doubtful: readonly number[];
}

async function readWatched(api: HistoryApi, metric: string, request: SignRequest): Promise<readonly Watched[]> {
  const { labels, matchers, stepMs, signal } = request;
  const steps = stepsOf(request);
  const isOurs = metric === gpu.gpu_up.name;
  const label = isOurs ? 'uuid' : 'UUID';
  const by = [labels.cluster, labels.node, 'Hostname', 'job', 'instance', label].join(', ');
  const range = `${selectorOf(metric, matchers)}[${rangeOf(stepMs)}]`;
  // A GPU that says 0 is counted as not there.
  const well = isOurs ? `sum_over_time(${range})` : `count_over_time(${range})`;
  const seen = await api.range(`max by (${by}) (${well})`, steps, signal);
  if (seen.length === 0) return [];
  const jobs = [...new Set(seen.map((each) => each.labels['job'] ?? ''))];
  const up = selectorOf('up', [oneOfValues('job', jobs), ...matchers]);
  const scrapes = await api.range(`max by (job, instance) (sum_over_time(${up}[${rangeOf(stepMs)}]))`, steps, signal);
  const succeeded = new Map(scrapes.map((each) => [keyOfTarget(each.labels), countsByTime(each)]));
  return seen.flatMap((each) => {
    const entity = gpuOf(each.labels, labels);
    if (entity === undefined) return [];
    const own = countsByTime(each);
    const firstMs = each.timesMs[0] ?? Number.POSITIVE_INFINITY;
    const expected = succeeded.get(keyOfTarget(each.labels)) ?? new Map<number, number>();
    const doubtful = [...expected.keys()].filter((ms) => ms >= firstMs && (own.get(ms) ?? 0) < (expected.get(ms) ?? 0));
    return doubtful.length === 0
      ? []
      : [{ entity, label, target: each.labels, doubtful: doubtful.sort((a, b) => a - b) }];
  });
}

function countsByTime({ timesMs, values }: ColumnSeries): ReadonlyMap<number, number> {
  return new Map(Array.from(timesMs, (ms, at) => [ms, values[at] as number]));
}

/** By the scrapes of the doubtful steps: those without a sample of the GPU, or with 0. */
async function absencesOf(
  api: HistoryApi,
  metric: string,
  watched: Watched,
  request: SignRequest,
): Promise<readonly AbsenceRecord[]> {
  const { entity, label, target, doubtful } = watched;
  const of = ['job', 'instance'].map((name) => oneOfValues(name, [target[name] ?? '']));
  const matchers = [...of, ...request.matchers];
  const sightings: Sighting[] = [];
  for (const span of runsOf(doubtful, request.stepMs)) {
    const scrapes = await api.raw(selectorOf('up', matchers), span, request.signal);
    const own = selectorOf(metric, [oneOfValues(label, [entity.uuid]), ...matchers]);
    const samples = await api.raw(own, span, request.signal);
    sightings.push(...sightingsOf(scrapes, samples, metric === gpu.gpu_up.name));
  }
  const { closed, open } = absencesIn(entity, sightings);
  if (open === undefined) return closed.filter((each) => isWithin(each, request));
  const untilMs = await seenAgain(api, { metric, watched, afterMs: doubtful.at(-1) ?? 0 }, request);
  return [...closed, { ...open, untilMs }].filter((each) => isWithin(each, request));
}

interface Absences {
  readonly closed: readonly AbsenceRecord[];
  readonly open: AbsenceRecord | undefined;
}

/** From the first scrape without it to the first with it. Before it was seen for the first time it was not there yet. */
function absencesIn(entity: Entity, sightings: readonly Sighting[]): Absences {
  const closed: AbsenceRecord[] = [];
  let open: AbsenceRecord | undefined;
  for (const { atMs, how } of sightings) {
    if (how !== 'seen') open ??= { entity, fromMs: atMs, untilMs: undefined, how };
    else if (open !== undefined) {
      closed.push({ ...open, untilMs: atMs });
      open = undefined;
    }
  }
  return { closed, open };
}

function isWithin({ fromMs }: AbsenceRecord, { startMs, endMs }: SignRequest): boolean {
  return fromMs > startMs && fromMs <= endMs;
}

interface Sighting {
  readonly atMs: number;
  readonly how: 'seen' | AbsenceRecord['how'];
}

/** A scrape and what it brings have the same time. */
function sightingsOf(
  scrapes: readonly ColumnSeries[],
  samples: readonly ColumnSeries[],
  isOurs: boolean,
): readonly Sighting[] {
  const found = new Map<number, number>();
  for (const { timesMs, values } of samples)
    for (const [at, ms] of timesMs.entries()) found.set(ms, values[at] as number);
  return scrapes
    .flatMap(({ timesMs, values }) => Array.from(timesMs).filter((_, at) => (values[at] as number) > 0))
    .sort((a, b) => a - b)
    .map((atMs) => ({ atMs, how: howOf(found.get(atMs), isOurs) }));
}

function howOf(value: number | undefined, isOurs: boolean): Sighting['how'] {
  if (value === undefined) return 'vanished';
  return isOurs && value === 0 ? 'off_the_bus' : 'seen';
}

/** Ends of steps that follow each other as stretches, with the step after them, in which it may be back; (startMs, endMs]. */
function runsOf(
  ends: readonly number[],
  stepMs: number,
): readonly { readonly startMs: number; readonly endMs: number }[] {
  const runs: { startMs: number; endMs: number }[] = [];
  for (const end of ends) {
    const last = runs.at(-1);
    if (last !== undefined && end - stepMs <= last.endMs) last.endMs = end + stepMs;
    else runs.push({ startMs: end - stepMs, endMs: end + stepMs });
  }
  return runs;
}

/** The same GPU in another place, or in steps of which there is no doubt. */
async function seenAgain(
  api: HistoryApi,
  { metric, watched, afterMs }: { readonly metric: string; readonly watched: Watched; readonly afterMs: number },
  request: SignRequest,
): Promise<number | undefined> {
  const { entity, label } = watched;
  const steps = { ...stepsOf(request), startMs: afterMs };
  if (steps.startMs > steps.endMs) return undefined;
  const selector = selectorOf(metric, [oneOfValues(label, [entity.uuid]), ...request.matchers]);
  const series = await api.range(
    `max by (${label}) (last_over_time(${selector}[${rangeOf(request.stepMs)}])) > 0`,
    steps,
    request.signal,
  );
  const times = series
    .filter(({ labels }) => keyOfEntity({ ...entity, uuid: labels[label] ?? '' }) === keyOfEntity(entity))
    .flatMap(({ timesMs }) => Array.from(timesMs));
  return times.length === 0 ? undefined : Math.min(...times);
}
