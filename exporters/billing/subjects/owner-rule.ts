import type { Glob } from '../glob.ts';
import type { Validity } from '../pricing/read-values.ts';
import type { UsageKey } from '../usage.ts';
import type { Attribution } from './tenant-directory.ts';

export type UsagePlace = Pick<UsageKey, 'cluster' | 'node' | 'resource' | 'holder' | 'state'>;

/** All of its matchers must match; then the usage belongs to those among whom it is divided. */
export interface OwnerRule {
  /** Its place in the file, such as tenants[2].owns[0]. */
  readonly by: string;
  /** With the name of the file, for errors. */
  readonly where: string;
  readonly priority: number;
  readonly matchers: readonly OwnerMatcher[];
  readonly validity: Validity;
  /** Shares add up to 1. */
  readonly owners: readonly Attribution[];
}

export interface OwnerMatcher {
  /** cluster, node, resource, or a key of the holder such as namespace or label_team. */
  readonly field: string;
  readonly glob: Glob;
}

const places = ['cluster', 'node', 'resource'];

/** What a usage has in a field of a matcher; empty where it has nothing. */
export function fieldOfUsage(usage: UsagePlace, field: string): string {
  if (field === 'cluster') return usage.cluster;
  if (field === 'node') return usage.node;
  if (field === 'resource') return usage.resource;
  return usage.holder[field] ?? '';
}

/**
 * Below 0 if `left` decides before `right`: the higher priority; then who had it before where it was; then more exact matchers, more patterns, more
 * characters in patterns. 0 if neither is more exact.
 */
export function compareRules(left: OwnerRule, right: OwnerRule): number {
  const [ofLeft, ofRight] = [rankOf(left), rankOf(right)];
  return ofLeft.reduce((found, value, index) => found || (ofRight[index] ?? 0) - value, 0);
}

function rankOf({ priority, matchers }: OwnerRule): readonly number[] {
  const exact = matchers.filter(({ glob }) => glob.isExact).length;
  const namesHolder = matchers.some(({ field }) => !places.includes(field));
  const characters = matchers.reduce((sum, { glob }) => sum + (glob.isExact ? 0 : glob.weight), 0);
  return [priority, namesHolder ? 1 : 0, exact, matchers.length - exact, characters];
}

/** The same for rules that match the same usages for sure. */
export function matcherKey({ priority, matchers }: OwnerRule): string {
  const texts = matchers.map(({ field, glob }) => `${field}=${glob.text}`);
  return JSON.stringify([priority, ...texts.sort()]);
}
