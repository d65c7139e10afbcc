import { createHash } from 'node:crypto';
import type { Share, UsageKey } from '../usage.ts';

/** The key in the one form that it has in the ledger: holder sorted, nothing empty, share in lowest terms, text that any database takes. */
export function cleanKey(key: UsageKey): UsageKey {
  return {
    meter: clean(key.meter),
    cluster: clean(key.cluster),
    node: clean(key.node),
    resource: clean(key.resource),
    sku: clean(key.sku),
    state: key.state,
    reason: clean(key.reason),
    holder: Object.fromEntries(holderEntries(key.holder)),
    share: lowest(key.share),
  };
}

/** Two keys of the same thing have the same text. Of a clean key. */
export function keyText(key: UsageKey): string {
  const { meter, cluster, node, resource, sku, state, reason, holder, share } = key;
  return JSON.stringify([
    meter,
    cluster,
    node,
    resource,
    sku,
    state,
    reason,
    Object.entries(holder),
    share.num,
    share.den,
  ]);
}

/** SHA-256, in hexadecimal digits. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function holderEntries(holder: UsageKey['holder']): readonly (readonly [string, string])[] {
  return Object.entries(holder)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [clean(name), clean(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function lowest({ num, den }: Share): Share {
  const divisor = greatestCommonDivisor(num, den);
  return { num: num / divisor, den: den / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** PostgreSQL takes no NUL and no half of a pair. */
function clean(text: string): string {
  return unstorable.test(text) ? text.replaceAll(unstorableOnes, '\u{fffd}') : text;
}

const unstorable = /[\0\p{Cs}]/u;
const unstorableOnes = /[\0\p{Cs}]/gu;
