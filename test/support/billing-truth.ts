import type { Month, MonthNode } from '../../cli/simulate/billing/month.ts';
import { type TrueHold, trueHolds } from '../../cli/simulate/billing/month-truth.ts';
import { type Observation, type ObservedSample, observe } from '../../cli/simulate/billing/observation.ts';
import type { Span } from '../../exporters/billing/span.ts';

/** Who had what: GPU and instance, and the pod by its UID. */
export type HoldKey = string;

export function holdKey(resource: string, holder: Readonly<Record<string, string>>): HoldKey {
  return [resource, holder['namespace'], holder['pod'], holder['pod_uid']].join(' ');
}

export interface Expected {
  readonly trueMs: number;
  /** How far off a metering may be that was as exact as the samples allow. */
  readonly allowedMs: number;
}

/** When scrapes of a target succeeded, ascending. */
export type ScrapedAt = (instance: string) => readonly number[];

export interface ScrapedAts {
  /** Without those that are late. */
  readonly before: ScrapedAt;
  /** With those that were put in afterwards. */
  readonly backFilled: ScrapedAt;
}

export function scrapedAt(month: Month, observation: Observation): ScrapedAts {
  const before = new Map<string, number[]>();
  const backFilled = new Map<string, number[]>();
  const keep = new Set<string>();
  const add = (times: Map<string, number[]>, instance: string, atMs: number): void => {
    const known = times.get(instance);
    if (known === undefined) times.set(instance, [atMs]);
    else known.push(atMs);
  };
  const take = ({ head, value, atMs, isLate }: ObservedSample): void => {
    if (head.name !== 'up' || value !== 1) return;
    const instance = head.labels['instance'] ?? '';
    add(backFilled, instance, atMs);
    if (!isLate) add(before, instance, atMs);
  };
  for (const _ of observe(month, { ...observation, keep }, [month.key.span], take));
  return {
    before: (instance) => before.get(instance) ?? [],
    backFilled: (instance) => backFilled.get(instance) ?? [],
  };
}

/**
 * What a metering of the period must find of GPUs that one pod has at a time: the truth, to one scrape interval at each edge of an allocation where the
 * exporter lived on until the next scrape, and to the time between two scrapes where it did not and forgot what it had counted.
 */
export function expectedHolds(
  month: Month,
  observation: Observation,
  period: Span,
  scraped: ScrapedAt,
): ReadonlyMap<HoldKey, Expected> {
  const expected = new Map<HoldKey, Expected>();
  for (const hold of trueHolds(month, period)) {
    if (hold.slot.replica !== undefined) continue;
    const { uuid, gpuInstanceId } = hold.slot;
    const { namespace, name: pod, uid } = hold.pod;
    const key = holdKey(gpuInstanceId === '' ? uuid : `${uuid}/${gpuInstanceId}`, { namespace, pod, pod_uid: uid });
    const before = expected.get(key) ?? { trueMs: 0, allowedMs: 0 };
    expected.set(key, {
      trueMs: before.trueMs + hold.span.endMs - hold.span.startMs,
      allowedMs: before.allowedMs + allowedFor(hold, { month, observation, scraped }),
    });
  }
  return expected;
}

interface Seen {
  readonly month: Month;
  readonly observation: Observation;
  readonly scraped: ScrapedAt;
}

function allowedFor({ slot, span }: TrueHold, { month, observation, scraped }: Seen): number {
  const node = month.nodes.find(({ name }) => name === slot.node);
  const times = scraped(`${slot.node}:9400`);
  const intervalMs = observation.scrapeSeconds * 1000;
  const edges = [span.startMs, span.endMs].map((edge) => edgeError(edge, { node, times, intervalMs }));
  const forgotten = (node?.exporters ?? []).slice(1).map((life, index) => {
    const endedMs = node?.exporters[index]?.span.endMs ?? 0;
    const isInside = span.startMs < endedMs && life.span.startMs < span.endMs;
    if (!isInside || life.isRestored) return 0;
    return life.span.startMs + observation.observeSeconds * 1000 - lastBefore(times, endedMs);
  });
  return [...edges, ...forgotten].reduce((sum, each) => sum + each, 0);
}

interface Edge {
  readonly node: MonthNode | undefined;
  readonly times: readonly number[];
  readonly intervalMs: number;
}

/** An edge that the exporter told of itself, or one that lies between two of its lives. */
function edgeError(edgeMs: number, { node, times, intervalMs }: Edge): number {
  const next = times[firstFrom(times, edgeMs)] ?? Number.POSITIVE_INFINITY;
  const isCovered = node?.exporters.some(({ span }) => span.startMs <= edgeMs && next < span.endMs) ?? false;
  return isCovered ? intervalMs : Math.max(intervalMs, Math.min(next, edgeMs + 600_000) - lastBefore(times, edgeMs));
}

function lastBefore(times: readonly number[], atMs: number): number {
  return times[firstFrom(times, atMs) - 1] ?? 0;
}

/** Place of the first time that is not before that. */
function firstFrom(times: readonly number[], atMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface OffHold extends Expected {
  readonly key: HoldKey;
  readonly foundMs: number;
}

/** Holds of which more or less was metered than the samples allow; `intervalMs` for one that never was. */
export function offHolds(
  found: ReadonlyMap<HoldKey, bigint>,
  expected: ReadonlyMap<HoldKey, Expected>,
  intervalMs: number,
): readonly OffHold[] {
  return [...new Set([...found.keys(), ...expected.keys()])].flatMap((key) => {
    const { trueMs, allowedMs } = expected.get(key) ?? { trueMs: 0, allowedMs: intervalMs };
    const foundMs = Number(found.get(key) ?? 0n);
    return Math.abs(foundMs - trueMs) <= allowedMs ? [] : [{ key, foundMs, trueMs, allowedMs }];
  });
}
