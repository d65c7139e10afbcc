import type { Identity } from '../model/item.ts';

/** An item with a name that others of its class may have too. */
export interface LooselyNamed {
  readonly key: string;
  readonly class: string;
  /** Whether it has anything else that tells it. */
  readonly hasOwn: boolean;
  readonly ifUnique: readonly Identity[];
}

export interface LooseNames {
  /** Which of the names each item may keep. */
  readonly kept: ReadonlyMap<string, readonly Identity[]>;
  /** Items that are named alone, and which other they mean. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Items that are named alone where several have the name. */
  readonly ambiguous: ReadonlySet<string>;
}

/**
 * Rack r1 of one site is r1 wherever only the name is told. As soon as two sites have an r1, the name alone tells nothing, and whoever means
 * one of them has to name its site.
 */
export function resolveLooseNames(named: readonly LooselyNamed[]): LooseNames {
  const names = {
    kept: new Map<string, Identity[]>(),
    aliases: new Map<string, string>(),
    ambiguous: new Set<string>(),
  };
  for (const each of byName(named)) settleName(each, names);
  return names;
}

interface SharedName {
  readonly identity: Identity;
  readonly holders: LooselyNamed[];
}

interface Names {
  readonly kept: Map<string, Identity[]>;
  readonly aliases: Map<string, string>;
  readonly ambiguous: Set<string>;
}

function settleName({ identity, holders }: SharedName, { kept, aliases, ambiguous }: Names): void {
  const full = holders.filter(({ hasOwn }) => hasOwn);
  const bare = holders.filter(({ hasOwn }) => !hasOwn).map(({ key }) => key);
  if (full.length > 1) {
    for (const key of bare) ambiguous.add(key);
    return;
  }
  const owner = full[0]?.key ?? bare[0];
  if (owner === undefined) return;
  kept.set(owner, [...(kept.get(owner) ?? []), identity]);
  for (const key of bare) if (key !== owner) aliases.set(key, owner);
}

function byName(named: readonly LooselyNamed[]): Iterable<SharedName> {
  const names = new Map<string, SharedName>();
  for (const each of named) {
    for (const identity of each.ifUnique) {
      const name = `${each.class} ${identity.kind} ${identity.value}`;
      const entry = names.get(name) ?? { identity, holders: [] };
      names.set(name, entry);
      entry.holders.push(each);
    }
  }
  return names.values();
}
