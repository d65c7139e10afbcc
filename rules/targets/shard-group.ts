import type { RuleGroup } from '../render/prometheus.ts';

type Rule = RuleGroup['rules'][number];

export interface ShardLimits {
  readonly maxRules: number;
  /** Of a group as JSON, which is never less than what an API server counts. */
  readonly maxBytes: number;
}

/**
 * A group in parts that keep the limits, named `<group>-1` and so on; the group itself if it keeps them.
 *
 * Rules of which one reads what another records stay together and in their order, because parts are evaluated at the same
 * time; only a chain that is too long for one part is cut, and then its later part reads what the earlier one recorded an
 * interval ago. Which part a rule is in depends on its name and on the number of parts alone (rendezvous hashing), so a
 * further rule leaves the others where they are.
 */
export function shardGroup(group: RuleGroup, limits: ShardLimits): readonly [RuleGroup, ...RuleGroup[]] {
  if (fits(group, limits)) return [group];
  const chains = chainsOf(group.rules).flatMap((chain) => cut(chain, group, limits));
  for (let count = 2; count <= chains.length; count++) {
    const parts = partsOf(group, chains, count);
    if (parts.every((part) => fits(part, limits))) return named(parts);
  }
  return named(chains.map((rules) => ({ ...group, rules })));
}

function fits(group: RuleGroup, { maxRules, maxBytes }: ShardLimits): boolean {
  return group.rules.length <= maxRules && Buffer.byteLength(JSON.stringify(group)) <= maxBytes;
}

function named(parts: readonly RuleGroup[]): readonly [RuleGroup, ...RuleGroup[]] {
  const [first, ...others] = parts
    .filter(({ rules }) => rules.length > 0)
    .map((part, index) => ({ ...part, name: `${part.name}-${index + 1}` }));
  if (first === undefined) throw new RangeError('a group without rules has no parts');
  return [first, ...others];
}

function partsOf(group: RuleGroup, chains: readonly (readonly Rule[])[], count: number): readonly RuleGroup[] {
  const parts = Array.from({ length: count }, (): Set<Rule> => new Set());
  for (const chain of chains) {
    const [first] = chain;
    const part = parts[first === undefined ? 0 : partOf(nameOf(first), count)];
    for (const rule of chain) part?.add(rule);
  }
  return parts.map((part) => ({ ...group, rules: group.rules.filter((rule) => part.has(rule)) }));
}

/** The part that draws the highest number for the name. */
function partOf(name: string, count: number): number {
  let best = 0;
  let highest = -1;
  for (let part = 0; part < count; part++) {
    const drawn = hash(`${name}/${part}`);
    if (drawn > highest) [best, highest] = [part, drawn];
  }
  return best;
}

/** FNV-1a with 32 bits, and the last mixing step of MurmurHash3, since names differ little. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** Rules that read each other, each chain in the order of the group. */
function chainsOf(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const chains: Rule[][] = [];
  for (const rule of rules) {
    const related = chains.filter((chain) => chain.some((other) => reads(rule, other) || reads(other, rule)));
    const joined = new Set([...related.flat(), rule]);
    for (const chain of related) chains.splice(chains.indexOf(chain), 1);
    chains.push(rules.filter((each) => joined.has(each)));
  }
  return chains;
}

function reads(reader: Rule, source: Rule): boolean {
  if (!('record' in source)) return false;
  return new RegExp(`(?<![\\w:])${source.record}(?![\\w:])`).test(reader.expr);
}

/** A chain in pieces that keep the limits by themselves. */
function cut(chain: readonly Rule[], group: RuleGroup, limits: ShardLimits): readonly (readonly Rule[])[] {
  const pieces: Rule[][] = [];
  for (const rule of chain) {
    const last = pieces.at(-1);
    if (last !== undefined && fits({ ...group, rules: [...last, rule] }, limits)) last.push(rule);
    else pieces.push([rule]);
  }
  return pieces;
}

function nameOf(rule: Rule): string {
  return 'record' in rule ? rule.record : rule.alert;
}
