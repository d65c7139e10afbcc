import { createHash } from 'node:crypto';
import type { Holder, Usage, UsageKey } from '../usage.ts';

/** The same text for keys of the same thing, in whatever order their holder was written; texts sort by meter, cluster, node and resource first. */
export function keyOfUsage({ meter, cluster, node, resource, sku, state, reason, holder, share }: UsageKey): string {
  return JSON.stringify([meter, cluster, node, resource, sku, state, reason, entriesOf(holder), share.num, share.den]);
}

/** Sorted by key, without empty values. */
function entriesOf(holder: Holder): readonly (readonly [string, string])[] {
  const entries = Object.entries(holder).filter(([, value]) => value !== '');
  return entries.length < 2 ? entries : entries.sort(([left], [right]) => (left < right ? -1 : 1));
}

/** A holder as usages have it: keys sorted, empty values left out. */
export function canonicalHolder(holder: Holder): Holder {
  return Object.freeze(Object.fromEntries(entriesOf(holder)));
}

/** One usage for each key, none with quantity 0, sorted by key: the same for the same usages in any order. */
export function mergeUsages(usages: readonly Usage[]): readonly Usage[] {
  return sorted(usages).map(([, usage]) => usage);
}

/** One line for each key with its quantity, sorted. */
export function canonicalUsages(usages: readonly Usage[]): string {
  return sorted(usages)
    .map(([key, { quantity }]) => `${key} ${quantity}\n`)
    .join('');
}

/** SHA-256 of the canonical form, in hex. */
export function hashOfUsages(usages: readonly Usage[]): string {
  return createHash('sha256').update(canonicalUsages(usages)).digest('hex');
}

function sorted(usages: readonly Usage[]): readonly (readonly [string, Usage])[] {
  const byKey = new Map<string, Usage>();
  for (const usage of usages) {
    const key = keyOfUsage(usage);
    const same = byKey.get(key);
    byKey.set(key, same === undefined ? usage : { ...same, quantity: same.quantity + usage.quantity });
  }
  return [...byKey]
    .filter(([, { quantity }]) => quantity !== 0n)
    .sort(([left], [right]) => (left < right ? -1 : Number(left > right)));
}
