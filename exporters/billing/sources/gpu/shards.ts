import type { Span } from '../../span.ts';
import { oneOfValues } from '../config/fields.ts';
import { grouped } from '../grouped.ts';
import type { Scrapes, TargetScrapes } from '../scrapes.ts';

/** Targets that are asked for at once, and in which time. */
export interface Shard {
  readonly targets: readonly string[];
  readonly range: Span;
  readonly matchers: readonly string[];
}

/**
 * Targets in groups of about `size`. Those that tell of one GPU stay together, because it was moved or is told twice; those with a gap at the edge of
 * the windows are apart, because they are read for longer.
 */
export function shardsOf(
  scrapes: Scrapes,
  gpusOf: ReadonlyMap<string, ReadonlySet<string>>,
  size: number,
): readonly Shard[] {
  const byRange = new Map<string, { readonly range: Span; readonly shards: string[][] }>();
  for (const linked of linkedTargets(scrapes, gpusOf)) {
    const range = hullOf(linked.flatMap((key) => scrapes.targets.get(key)?.range ?? []));
    const text = `${range.startMs} ${range.endMs}`;
    const shards = byRange.get(text)?.shards ?? [];
    const last = shards.at(-1);
    if (last === undefined || last.length + linked.length > size) shards.push([...linked]);
    else last.push(...linked);
    byRange.set(text, { range, shards });
  }
  return [...byRange.values()].flatMap(({ range, shards }) => shards.map((keys) => shardOf(keys, range, scrapes)));
}

/** Targets that tell of one GPU, directly or by way of others. */
function linkedTargets(
  scrapes: Scrapes,
  gpusOf: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly string[])[] {
  const links = createLinks();
  const ownerOf = new Map<string, string>();
  for (const key of scrapes.targets.keys()) {
    for (const gpu of gpusOf.get(key) ?? []) {
      links.join(ownerOf.get(gpu) ?? key, key);
      ownerOf.set(gpu, ownerOf.get(gpu) ?? key);
    }
  }
  return [...grouped(scrapes.targets.keys(), links.rootOf).values()];
}

/** Sets of keys that grow together; each set has one root. */
function createLinks() {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    return root;
  };
  return {
    rootOf,
    join: (one: string, other: string): void => {
      const [root, otherRoot] = [rootOf(one), rootOf(other)];
      if (root !== otherRoot) parent.set(otherRoot, root);
    },
  };
}

function shardOf(targets: readonly string[], range: Span, scrapes: Scrapes): Shard {
  const known = targets.flatMap((key): TargetScrapes[] => {
    const target = scrapes.targets.get(key);
    return target === undefined ? [] : [target];
  });
  const jobs = [...new Set(known.map(({ job }) => job))];
  const instances = [...new Set(known.map(({ instance }) => instance))];
  return { targets, range, matchers: [oneOfValues('job', jobs), oneOfValues('instance', instances)] };
}

function hullOf(spans: readonly Span[]): Span {
  return {
    startMs: Math.min(...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(...spans.map(({ endMs }) => endMs)),
  };
}
