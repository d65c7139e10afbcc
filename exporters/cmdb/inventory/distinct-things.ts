import type { Attributes, Identity } from '../model/item.ts';
import type { IdentityKind } from '../model/item-class.ts';
import type { ObservedItem } from '../observation.ts';
import type { Finding } from './finding.ts';

/** One thing of an observation, which may have told of it several times. */
export interface Thing {
  readonly keys: readonly string[];
  readonly item: ObservedItem;
}

/** Kinds of which a thing has one value only, so that two values mean two things. */
const oneValue: readonly IdentityKind[] = ['external', 'uuid', 'serial', 'fqdn', 'hostname', 'placement', 'name'];
const maxNamed = 5;

/**
 * Joins what is told several times, by shared identities. An identity that two different things share, such as a serial number that
 * was copied from row to row, tells nothing: it is left out of both and reported.
 */
export function distinctThings(items: readonly ObservedItem[]): {
  readonly things: readonly Thing[];
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const useless = new Set<string>();
  const parents = items.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    for (let next = parents[at] ?? at; next !== at; next = parents[at] ?? at) at = next;
    return at;
  };
  for (const [key, holders] of sharedIdentities(items)) {
    const [first, ...others] = holders;
    if (first === undefined) continue;
    if (others.every((other) => areOne(items[first], items[other]))) {
      for (const other of others) parents[root(other)] = root(first);
      continue;
    }
    useless.add(key);
    findings.push(
      duplicate(
        key,
        holders.flatMap((index) => items[index] ?? []),
      ),
    );
  }
  const groups = new Map<number, ObservedItem[]>();
  for (const [index, item] of items.entries()) {
    const group = groups.get(root(index)) ?? [];
    group.push({ ...item, identities: item.identities.filter((identity) => !useless.has(keyOf(item, identity))) });
    groups.set(root(index), group);
  }
  const things = [...groups.values()].map(joined);
  return { things: things.filter(({ item }) => item.identities.length > 0), findings };
}

function sharedIdentities(items: readonly ObservedItem[]): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    for (const identity of item.identities) {
      const key = keyOf(item, identity);
      const known = holders.get(key);
      if (known === undefined) holders.set(key, [index]);
      else known.push(index);
    }
  }
  return new Map([...holders].filter(([, indices]) => indices.length > 1));
}

function areOne(a: ObservedItem | undefined, b: ObservedItem | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return !oneValue.some((kind) => disagree(a.identities, b.identities, kind));
}

/** Both have values of the kind, and none in common. Records of different systems are not compared. */
export function disagree(a: readonly Identity[], b: readonly Identity[], kind: IdentityKind): boolean {
  const systemOf = (value: string): string => (kind === 'external' ? value.slice(0, value.lastIndexOf(':')) : '');
  const [ofA, ofB] = [a, b].map((list) => list.filter((identity) => identity.kind === kind).map(({ value }) => value));
  if (ofA === undefined || ofB === undefined) return false;
  const comparable = ofB.filter((value) => ofA.some((other) => systemOf(other) === systemOf(value)));
  return comparable.length > 0 && !comparable.some((value) => ofA.includes(value));
}

function joined(group: readonly ObservedItem[]): Thing {
  const sorted = [...group].sort((a, b) => Number(a.isMention === true) - Number(b.isMention === true));
  const [first] = sorted;
  if (first === undefined) throw new Error('a thing is told of at least once');
  if (sorted.length === 1) return { keys: [first.key], item: first };
  const attributes: Attributes = Object.assign({}, ...sorted.map((item) => item.attributes).reverse());
  const identities = new Map(
    sorted.flatMap((item) => item.identities).map((each) => [`${each.kind} ${each.value}`, each]),
  );
  return {
    keys: sorted.map(({ key }) => key),
    item: {
      ...first,
      name: sorted.find(({ name }) => name !== undefined)?.name,
      state: sorted.find(({ state }) => state !== undefined)?.state,
      attributes,
      identities: [...identities.values()],
      relations: sorted.flatMap(({ relations }) => relations),
    },
  };
}

function keyOf(item: ObservedItem, { kind, value }: Identity): string {
  return `${item.class} ${kind} ${value}`;
}

function duplicate(key: string, items: readonly ObservedItem[]): Finding {
  const names = items.slice(0, maxNamed).map(({ name, key: own }) => name ?? own);
  const more = items.length > maxNamed ? ` and ${items.length - maxNamed} more` : '';
  return {
    kind: 'conflict',
    subject: key,
    reason: `${items.length} different things have it: ${names.join(', ')}${more}. It tells nothing and is left out of all of them`,
  };
}
