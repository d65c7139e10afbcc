import type { Span } from '../../span.ts';
import { oneOfValues } from '../config/fields.ts';
import type { FactStretch } from '../facts.ts';
import type { Store } from '../store.ts';
import { clipped, difference, union } from '../timeline.ts';

const hourMs = 3_600_000;
const uuidsPerRequest = 200;

/** States of the inventory in which a GPU is not there for anybody to have. */
const absentStates: ReadonlySet<string> = new Set(['planned', 'rma', 'retired']);

/** Where and when a GPU was seen. */
export interface Sighting {
  readonly node: string;
  /** Ascending. */
  readonly seen: readonly Span[];
}

/**
 * When each GPU was seen last before `atMs`, to the full hour, within `forgetAfterMs`. Asked at full hours, so that every window gets the same answer.
 */
export async function lastSeenBefore(
  store: Store,
  selector: string,
  uuidLabel: string,
  uuids: readonly string[],
  atMs: number,
): Promise<ReadonlyMap<string, number>> {
  const hour = Math.floor(atMs / hourMs) * hourMs;
  const range = `${store.source.gpus.forgetAfterMs}ms:1h`;
  const found = new Map<string, number>();
  for (let at = 0; at < uuids.length; at += uuidsPerRequest) {
    const some = [oneOfValues(uuidLabel, uuids.slice(at, at + uuidsPerRequest))];
    const samples = await store.instant(
      (select) => `max by (${uuidLabel}) (max_over_time(timestamp(${select(selector, some)})[${range}]))`,
      hour,
    );
    for (const { labels, value } of samples) {
      const uuid = labels[uuidLabel];
      if (uuid !== undefined) found.set(uuid, Math.round(value * 1000));
    }
  }
  return found;
}

export interface InstalledInput {
  readonly sightings: readonly Sighting[];
  /** Before all sightings, at the first of them. */
  readonly lastSeenMs: number | undefined;
  readonly forgetAfterMs: number;
  readonly span: Span;
  /** What the inventory says of its state. */
  readonly states: readonly FactStretch[];
}

/** When a GPU counts as installed, by node: from when it was seen first until a while after it was seen last, or until it is seen elsewhere. */
export function installedOn({
  sightings,
  lastSeenMs,
  forgetAfterMs,
  span,
  states,
}: InstalledInput): readonly (readonly Span[])[] {
  const moves = sightings
    .flatMap(({ seen }, index) => seen.map(({ startMs }) => ({ startMs, index })))
    .sort((a, b) => a.startMs - b.startMs);
  const first = moves[0]?.index ?? 0;
  const alive = sightings.map(({ seen }, index) =>
    union([
      ...(lastSeenMs === undefined || index !== first
        ? []
        : [{ startMs: lastSeenMs, endMs: lastSeenMs + forgetAfterMs }]),
      ...seen.map(({ startMs, endMs }) => ({ startMs, endMs: endMs + forgetAfterMs })),
    ]),
  );
  return alive.map((spans, index) => {
    const elsewhere = moves.flatMap(({ startMs, index: other }, at) => {
      if (other === index) return [];
      const back = moves.slice(at + 1).find((move) => move.index === index);
      return [{ startMs, endMs: back?.startMs ?? Number.POSITIVE_INFINITY }];
    });
    const here = difference(spans, union(elsewhere));
    return clipped(byInventory(here, states, span, sightings.length === 1), span);
  });
}

function byInventory(
  spans: readonly Span[],
  states: readonly FactStretch[],
  span: Span,
  isOnly: boolean,
): readonly Span[] {
  if (states.length === 0) return spans;
  const parts = states.map(({ fromMs, values }, index) => ({
    span: {
      startMs: Math.max(span.startMs, fromMs),
      endMs: Math.min(span.endMs, states[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY),
    },
    state: values['state'],
  }));
  const absent = parts.filter(({ state }) => state !== undefined && absentStates.has(state)).map((part) => part.span);
  const there = parts.filter(({ state }) => state !== undefined && !absentStates.has(state)).map((part) => part.span);
  // A GPU that the inventory has is installed before it was seen and long after; of one that moved only sightings tell where.
  return difference(union([...spans, ...(isOnly ? there : [])]), union(absent));
}
