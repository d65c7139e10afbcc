import type { Span } from '../../span.ts';
import { oneOfValues } from '../config/fields.ts';
import type { Scrapes, TargetScrapes } from '../scrapes.ts';

/** Targets that are asked for at once, and in which time. */
export interface Shard {
  readonly targets: readonly string[];
  readonly range: Span;
  readonly matchers: readonly string[];
}

/**
 * Targets in groups. Those that tell of one GPU stay together, because it was moved or is told twice; those with a gap at the edge of the windows
 * are apart, because they are read for longer.
 */
export function shardsOf(
  scrapes: Scrapes,
  gpusOf: ReadonlyMap<string, ReadonlySet<string>>,
  size: number,
): readonly Shard[] {
  const shards: Shard[] = [];
  for (const group of linked(scrapes, gpusOf)) {
    const ranges = new Map<string, string[]>();
    for (const cluster of group) {
      const range = hullOf(cluster.flatMap((key) => scrapes.targets.get(key)?.range ?? []));
      const text = `${range.startMs} ${range.endMs}`;
      ranges.set(text, [...(ranges.get(text) ?? []), ...cluster]);
    }
    for (const [text, targets] of ranges) {
      const [startMs = 0, endMs = 0] = text.split(' ').map(Number);
      for (let at = 0; at < targets.length; at += size)
        shards.push(shardOf(targets.slice(at, at + size), { startMs, endMs }, scrapes));
    }
  }
  return shards;
}

/** Two lists of groups of targets: those alone, which can be divided anywhere, and each of the others as a list of its own. */
function linked(
  scrapes: Scrapes,
  gpusOf: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly (readonly string[])[])[] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    return root;
  };
  const ownerOf = new Map<string, string>();
  for (const key of scrapes.targets.keys()) {
    for (const gpu of gpusOf.get(key) ?? []) {
      const owner = ownerOf.get(gpu);
      if (owner === undefined) ownerOf.set(gpu, key);
      else if (rootOf(owner) !== rootOf(key)) parent.set(rootOf(key), rootOf(owner));
    }
  }
  const groups = new Map<string, string[]>();
  for (const key of scrapes.targets.keys()) groups.set(rootOf(key), [...(groups.get(rootOf(key)) ?? []), key]);
  const alone = [...groups.values()].filter((group) => group.length === 1);
  const together = [...groups.values()].filter((group) => group.length > 1);
  return [alone, ...together.map((group) => [group])];
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
