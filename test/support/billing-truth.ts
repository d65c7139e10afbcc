import type { Month, MonthNode } from '../../cli/simulate/billing/month.ts';
import { type TrueHold, trueHolds } from '../../cli/simulate/billing/month-truth.ts';
import { type Observation, observe } from '../../cli/simulate/billing/observation.ts';
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

/** Without those that are late, unless they were put in afterwards. */
export function scrapedAt(month: Month, observation: Observation, withLate: boolean): ScrapedAt {
  const times = new Map<string, number[]>();
  const keep = new Set<string>();
  const take = ({
    head,
    value,
    atMs,
    isLate,
  }: {
    head: { name: string; labels: Readonly<Record<string, string>> };
    value: number;
    atMs: number;
    isLate: boolean;
  }): void => {
    if (head.name !== 'up' || value !== 1 || (isLate && !withLate)) return;
    const instance = head.labels['instance'] ?? '';
    times.set(instance, [...(times.get(instance) ?? []), atMs]);
  };
  for (const _ of observe(month, { ...observation, keep }, [month.key.span], take));
  return (instance) => times.get(instance) ?? [];
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
  const next = times.find((time) => time >= edgeMs) ?? Number.POSITIVE_INFINITY;
  const isCovered = node?.exporters.some(({ span }) => span.startMs <= edgeMs && next < span.endMs) ?? false;
  return isCovered ? intervalMs : Math.max(intervalMs, Math.min(next, edgeMs + 600_000) - lastBefore(times, edgeMs));
}

function lastBefore(times: readonly number[], atMs: number): number {
  return times.findLast((time) => time < atMs) ?? 0;
}
