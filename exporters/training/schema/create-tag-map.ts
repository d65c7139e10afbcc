import type { Mapping, TagRule } from './mapping.ts';
import type { Quantity } from './quantities.ts';
import type { TagMap, TagTarget } from './tag-map.ts';
import { catboost } from './tags/catboost.ts';
import { deepspeed } from './tags/deepspeed.ts';
import { huggingface } from './tags/huggingface.ts';
import { lightning } from './tags/lightning.ts';
import { megatron } from './tags/megatron.ts';
import { nemo } from './tags/nemo.ts';
import { compilePattern, isPattern, type Matches } from './tags/pattern.ts';
import { plain } from './tags/plain.ts';
import type { TagRow, TagTable } from './tags/tag-table.ts';
import { torchtitan } from './tags/torchtitan.ts';

/** Names of habit come last: the same words mean something firm elsewhere. */
export const tagTables: readonly TagTable[] = [
  huggingface,
  megatron,
  torchtitan,
  nemo,
  deepspeed,
  catboost,
  lightning,
  plain,
];

interface Lookup {
  readonly exact: Map<string, TagTarget>;
  readonly patterns: { readonly matches: Matches; readonly target: TagTarget }[];
}

/** What each tag means: by the rules of the mapping file in their order, then by the built-in tables, exact names before patterns. */
export function createTagMap(mapping: Mapping): TagMap {
  const rules = mapping.tags.map((rule) => ({ matches: compilePattern(rule.tag), target: targetOf(rule) }));
  const allowed = mapping.scalars.map(compilePattern);
  const builtIn = lookupOf(tagTables);
  return {
    resolve: (tag) =>
      rules.find((rule) => rule.matches(tag))?.target ??
      builtIn.exact.get(tag) ??
      builtIn.patterns.find((each) => each.matches(tag))?.target,
    isAllowed: (tag) => allowed.some((matches) => matches(tag)),
  };
}

function targetOf({ quantity, scale, axis, framework }: TagRule): TagTarget {
  return { quantity, scale, axis, framework };
}

/** A tag that several frameworks write means what the first of them means by it, and tells none of them. */
function lookupOf(tables: readonly TagTable[]): Lookup {
  const lookup: Lookup = { exact: new Map(), patterns: [] };
  for (const table of tables) {
    for (const [tag, row] of Object.entries(table.tags)) add(lookup, tag, toTarget(row, table));
  }
  return lookup;
}

function add({ exact, patterns }: Lookup, tag: string, target: TagTarget): void {
  if (isPattern(tag)) patterns.push({ matches: compilePattern(tag), target });
  else exact.set(tag, common(exact.get(tag), target));
}

function common(known: TagTarget | undefined, next: TagTarget): TagTarget {
  return known === undefined ? next : { ...known, framework: undefined };
}

function toTarget(row: Quantity | 'ignore' | TagRow, { framework, axis }: TagTable): TagTarget {
  const { as, scale = 1 } = typeof row === 'string' ? { as: row } : row;
  return { quantity: as === 'ignore' ? undefined : as, scale, axis, framework };
}
