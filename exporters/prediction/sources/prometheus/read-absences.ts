import type { ColumnSeries } from '../../../../kit/prometheus-api.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { byEntity } from '../../by-entity.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import { type Away, absencesIn, type Sighting } from './absences-in.ts';
import { firstSightOf, type PresenceMetric, presenceMetrics } from './first-sight.ts';
import type { HistoryApi } from './history-api.ts';
import type { AbsenceRecord } from './label-signs.ts';
import { oneOfValues, selectorOf } from './matchers.ts';
import { gpuOf, keyOfTarget } from './series-labels.ts';
import type { SignRequest } from './sign-reading.ts';
import { stepsOf } from './sign-reading.ts';
import { rangeOf } from './signal-queries.ts';

/**
 * Times at which a GPU was not there although its exporter answered, or at which gpu_up was 0. Where the exporter did not answer nothing is known, and there
 * is no absence. Steps in which as many samples came as scrapes succeeded, none of them 0, need no second look.
 */
export async function readAbsences(api: HistoryApi, request: SignRequest): Promise<readonly AbsenceRecord[]> {
  const absences: AbsenceRecord[] = [];
  for (const presence of presenceMetrics) {
    for (const watched of await readWatched(api, presence, request)) {
      for (const away of absencesIn(await sightingsOf(api, presence, watched, request))) {
        if (away.fromMs <= request.startMs || away.fromMs > request.endMs) continue;
        absences.push(await recordOf(api, presence, watched.entity, away, request));
      }
    }
  }
  return absences.sort((a, b) => a.fromMs - b.fromMs);
}

/** A GPU that a target has shown, and the ends of the steps of which something is to be said; ascending. */
interface Watched {
  readonly entity: Entity;
  readonly target: Readonly<Record<string, string>>;
  /** Where it may have been away. */
  readonly doubtful: readonly number[];
  /** Where this target has shown it, and where another has. */
  readonly seen: readonly number[];
  readonly elsewhere: readonly number[];
}

interface Shown {
  readonly entity: Entity;
  readonly target: Readonly<Record<string, string>>;
  readonly counts: ReadonlyMap<number, number>;
}

async function readWatched(
  api: HistoryApi,
  { metric, label }: PresenceMetric,
  request: SignRequest,
): Promise<readonly Watched[]> {
  const { labels, matchers, stepMs, signal } = request;
  // A step more at the begin, to tell what has gone from what has not come yet.
  const steps = stepsOf({ ...request, startMs: request.startMs - stepMs });
  const by = [labels.cluster, labels.node, 'Hostname', 'job', 'instance', label].join(', ');
  const range = `${selectorOf(metric, matchers)}[${rangeOf(stepMs)}]`;
  const well = metric === gpu.gpu_up.name ? `sum_over_time(${range})` : `count_over_time(${range})`;
  const shown = (await api.range(`max by (${by}) (${well})`, steps, signal)).flatMap((each): readonly Shown[] => {
    const entity = gpuOf(each.labels, labels);
    return entity === undefined ? [] : [{ entity, target: each.labels, counts: countsByTime(each) }];
  });
  if (shown.length === 0) return [];
  const jobs = [...new Set(shown.map(({ target }) => target['job'] ?? ''))];
  const up = selectorOf('up', [oneOfValues('job', jobs), ...matchers]);
  const scrapes = await api.range(`max by (job, instance) (sum_over_time(${up}[${rangeOf(stepMs)}]))`, steps, signal);
  const succeeded = new Map(scrapes.map((each) => [keyOfTarget(each.labels), countsByTime(each)]));
  const together = byEntity(shown);
  return shown.flatMap((each) => {
    const doubtful = doubtfulSteps(each, succeeded.get(keyOfTarget(each.target)));
    if (doubtful.length === 0) return [];
    const others = (together.get(keyOfEntity(each.entity)) ?? []).filter((other) => other !== each);
    const elsewhere = [...new Set(others.flatMap(stepsSeen))].sort(ascending);
    return [{ entity: each.entity, target: each.target, doubtful, seen: stepsSeen(each), elsewhere }];
  });
}

function doubtfulSteps({ counts }: Shown, expected: ReadonlyMap<number, number> = new Map()): readonly number[] {
  const firstMs = Math.min(...counts.keys());
  return [...expected.keys()]
    .filter((ms) => ms >= firstMs && (counts.get(ms) ?? 0) < (expected.get(ms) ?? 0))
    .sort(ascending);
}

function stepsSeen({ counts }: Shown): readonly number[] {
  return [...counts].flatMap(([ms, count]) => (count > 0 ? [ms] : []));
}

function countsByTime({ timesMs, values }: ColumnSeries): ReadonlyMap<number, number> {
  return new Map(Array.from(timesMs, (ms, at) => [ms, values[at] as number]));
}

/** By the scrapes of the doubtful steps and of the step after each, and by whole steps. */
async function sightingsOf(
  api: HistoryApi,
  { metric, label }: PresenceMetric,
  { entity, target, doubtful, seen, elsewhere }: Watched,
  { matchers: all, stepMs, signal }: SignRequest,
): Promise<readonly Sighting[]> {
  const matchers = [...['job', 'instance'].map((name) => oneOfValues(name, [target[name] ?? ''])), ...all];
  const sightings: Sighting[] = [];
  for (const span of runsOf(doubtful, stepMs)) {
    const scrapes = await api.raw(selectorOf('up', matchers), span, signal);
    const samples = await api.raw(selectorOf(metric, [oneOfValues(label, [entity.uuid]), ...matchers]), span, signal);
    sightings.push(...byScrapes(scrapes, samples, metric === gpu.gpu_up.name));
  }
  const step = (how: Sighting['how']) => (atMs: number) => ({ sinceMs: atMs - stepMs, atMs, how });
  return [...sightings, ...seen.map(step('seen')), ...elsewhere.map(step('elsewhere'))].sort((a, b) => a.atMs - b.atMs);
}

/** A scrape and what it brings have the same time. */
function byScrapes(
  scrapes: readonly ColumnSeries[],
  samples: readonly ColumnSeries[],
  isOurs: boolean,
): readonly Sighting[] {
  const found = new Map<number, number>();
  for (const { timesMs, values } of samples)
    for (const [at, ms] of timesMs.entries()) found.set(ms, values[at] as number);
  return scrapes
    .flatMap(({ timesMs, values }) => Array.from(timesMs).filter((_, at) => (values[at] as number) > 0))
    .map((atMs) => ({ sinceMs: atMs, atMs, how: howOf(found.get(atMs), isOurs) }));
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

/** Where only the step is known in which it was seen again, its samples tell when. */
async function recordOf(
  api: HistoryApi,
  presence: PresenceMetric,
  entity: Entity,
  { fromMs, how, back }: Away,
  request: SignRequest,
): Promise<AbsenceRecord> {
  if (back === undefined || back.sinceMs === back.atMs) return { entity, fromMs, untilMs: back?.atMs, how };
  const step = { ...request, startMs: back.sinceMs, endMs: back.atMs };
  return { entity, fromMs, untilMs: (await firstSightOf(api, entity, presence, step)) ?? back.atMs, how };
}

function ascending(a: number, b: number): number {
  return a - b;
}
