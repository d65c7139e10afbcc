import { byEntity } from '../by-entity.ts';
import { type Entity, keyOfEntity } from '../entity.ts';
import { type Horizon, horizonMs } from '../horizon.ts';
import { type Incident, labelOf } from './incident.ts';
import type { Moments } from './moments.ts';
import { type OutOfService, outOfServiceSpans, type Spans } from './out-of-service.ts';

/**
 * The label of each row at moment t. `unusable`: t + horizon is after now, or the entity, or the node of a GPU, is not in service at t. Else `failed`
 * if an incident of the entity starts after t and not after t + horizon, else `quiet`. Incidents of entities that the table lacks change nothing.
 */
export function labelsOf(
  { entities, entity, atMs }: Moments,
  incidents: readonly Incident[],
  horizon: Horizon,
  nowMs: number,
  outOfService: readonly OutOfService[] = [],
): Uint8Array {
  const ahead = horizonMs[horizon];
  const spans = outOfServiceSpans(incidents, outOfService);
  const starts = startsByEntity(incidents);
  const walkers = entities.map((each) => {
    const own = createSpanWalker(spans.get(keyOfEntity(each)) ?? []);
    const host = createSpanWalker(each.kind === 'gpu' ? (spans.get(keyOfEntity(hostOf(each))) ?? []) : []);
    const next = createStartWalker(starts.get(keyOfEntity(each)) ?? []);
    return (t: number): number => {
      if (own(t) || host(t)) return labelOf.unusable;
      return next(t) <= t + ahead ? labelOf.failed : labelOf.quiet;
    };
  });
  const labels = new Uint8Array(atMs.length);
  for (let row = 0; row < labels.length; row++) {
    const t = atMs[row] ?? Number.NaN;
    labels[row] = t + ahead <= nowMs ? (walkers[entity[row] ?? -1]?.(t) ?? labelOf.unusable) : labelOf.unusable;
  }
  return labels;
}

export function hostOf({ cluster, node }: Entity): Entity {
  return { kind: 'node', cluster, node, uuid: '' };
}

/** Ascending, by key. */
export function startsByEntity(incidents: readonly Incident[]): ReadonlyMap<string, readonly number[]> {
  return new Map(
    [...byEntity(incidents)].map(([key, own]) => [key, own.map(({ startMs }) => startMs).sort(ascending)]),
  );
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** Whether a moment is within a span; to be asked in ascending order. */
function createSpanWalker(spans: Spans): (t: number) => boolean {
  let at = 0;
  return (t) => {
    while (at < spans.length && t >= (spans[at + 1] ?? 0)) at += 2;
    return at < spans.length && t >= (spans[at] ?? 0);
  };
}

/** The first start after a moment, Infinity without one; to be asked in ascending order. */
function createStartWalker(starts: readonly number[]): (t: number) => number {
  let at = 0;
  return (t) => {
    while (at < starts.length && (starts[at] ?? 0) <= t) at += 1;
    return starts[at] ?? Number.POSITIVE_INFINITY;
  };
}
