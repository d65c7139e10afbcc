import { keyOfEntity } from '../entity.ts';
import type { Incident } from './incident.ts';
import { type OutOfService, outUntilMs } from './out-of-service.ts';

/**
 * Keys of those that are not in service at a moment, as far as somebody has said so: an incident that goes on, a ticket, a state of the inventory. After an
 * XID alone nobody knows how soon a GPU was back; it counts as in service, since that is when it is likeliest to fail again.
 */
export function outNow(
  {
    incidents,
    outOfService,
  }: { readonly incidents: readonly Incident[]; readonly outOfService: readonly OutOfService[] },
  atMs: number,
): ReadonlySet<string> {
  const spans = [
    ...incidents.filter(isKnown).map((each) => ({ ...each, fromMs: each.startMs, untilMs: outUntilMs(each) })),
    ...outOfService,
  ];
  const out = spans.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < (untilMs ?? Number.POSITIVE_INFINITY));
  return new Set(out.map(({ entity }) => keyOfEntity(entity)));
}

function isKnown({ isOpen, endMs, sources }: Incident): boolean {
  return isOpen === true || endMs !== undefined || sources.includes('ticket');
}
