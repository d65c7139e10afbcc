import { byEntity } from '../by-entity.ts';
import type { Entity } from '../entity.ts';
import type { Incident } from './incident.ts';

/** An entity was not meant to work, for whatever reason. */
export interface OutOfService {
  readonly entity: Entity;
  /** ms since 1970; belongs to it. */
  readonly fromMs: number;
  /** Does not belong to it; undefined while it goes on. */
  readonly untilMs: number | undefined;
}

/** Signs of one failure come within this time, and where nobody knows when an entity was back, it counts as out of service for so long. */
export const mergeMs = 72 * 3_600_000;

/** Until when the entity is not at risk of a new incident. */
export function outUntilMs({ startMs, endMs, isOpen, lastSeenMs = startMs }: Incident): number {
  if (isOpen === true) return Number.POSITIVE_INFINITY;
  return Math.max(lastSeenMs, endMs ?? lastSeenMs + mergeMs);
}

/** From, until, from, until, …: ascending, without overlap, until excluded. */
export type Spans = readonly number[];

/** When entities were not in service, by their key: during their incidents, and when somebody had taken them out. */
export function outOfServiceSpans(
  incidents: readonly Incident[],
  outOfService: readonly OutOfService[],
): ReadonlyMap<string, Spans> {
  const pairs = [
    ...incidents.map((incident) => ({
      entity: incident.entity,
      from: incident.startMs,
      until: outUntilMs(incident),
    })),
    ...outOfService.map(({ entity, fromMs, untilMs }) => ({
      entity,
      from: fromMs,
      until: untilMs ?? Number.POSITIVE_INFINITY,
    })),
  ];
  return new Map([...byEntity(pairs)].map(([key, own]) => [key, united(own)]));
}

function united(pairs: readonly { readonly from: number; readonly until: number }[]): Spans {
  const spans: number[] = [];
  for (const { from, until } of pairs.toSorted((a, b) => a.from - b.from)) {
    const last = spans.length - 1;
    if (last > 0 && from <= (spans[last] ?? 0)) spans[last] = Math.max(spans[last] ?? 0, until);
    else if (until > from) spans.push(from, until);
  }
  return spans;
}
