import { byEntity } from '../../by-entity.ts';
import { type Entity, keyOfEntity } from '../../entity.ts';
import type { Incident } from '../../labels/incident.ts';
import { type OutOfService, outOfServiceSpans, type Spans } from '../../labels/out-of-service.ts';
import { dayMs } from './kernel.ts';

/** Who was there, and for how long. */
export interface Member {
  readonly entity: Entity;
  /** Model of the GPU, or kind of server; empty where it is not known. */
  readonly product: string;
  readonly sinceMs: number;
  /** Now, for one that is still there. */
  readonly untilMs: number;
}

/** What the members of a product lived through. */
export interface Exposure {
  readonly kind: Entity['kind'];
  readonly product: string;
  /** In service. */
  readonly entityDays: number;
  readonly failures: number;
}

/** Days in service and incidents that started then, by kind and product. */
export function exposuresByProduct(
  members: readonly Member[],
  incidents: readonly Incident[],
  outOfService: readonly OutOfService[] = [],
): readonly Exposure[] {
  const spans = outOfServiceSpans(incidents, outOfService);
  const failures = byEntity(incidents);
  const found = new Map<string, Exposure>();
  for (const { entity, product, sinceMs, untilMs } of members) {
    const key = keyOfEntity(entity);
    const group = `${entity.kind}/${product}`;
    const before = found.get(group) ?? { kind: entity.kind, product, entityDays: 0, failures: 0 };
    const own = failures.get(key) ?? [];
    found.set(group, {
      ...before,
      entityDays: before.entityDays + inServiceMs(sinceMs, untilMs, spans.get(key) ?? []) / dayMs,
      failures: before.failures + own.filter(({ startMs }) => startMs >= sinceMs && startMs < untilMs).length,
    });
  }
  return [...found.values()];
}

function inServiceMs(sinceMs: number, untilMs: number, spans: Spans): number {
  let left = Math.max(0, untilMs - sinceMs);
  for (let at = 0; at < spans.length; at += 2)
    left -= Math.max(0, Math.min(untilMs, spans[at + 1] ?? 0) - Math.max(sinceMs, spans[at] ?? 0));
  return left;
}
