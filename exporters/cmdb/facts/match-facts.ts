import { entriesOf, invalid, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { matcherOf } from '../sources/source-fields.ts';
import { factOf } from './item-facts.ts';

/** What items must have: for each fact or attribute patterns such as r1*, of which one must fit. Without regard to case. */
export type FactPatterns = Readonly<Record<string, readonly string[]>>;

export type FactMatcher = (inventory: Inventory, item: Item) => boolean;

export const maxFacts = 20;
export const maxPatterns = 100;
export const factName = /^[a-z][a-z0-9_]{0,62}$/;

export function createFactMatcher(patterns: FactPatterns): FactMatcher {
  const tests = Object.entries(patterns).map(([name, allowed]) => ({ name, matches: matcherOf(allowed) }));
  return (inventory, item) => tests.every(({ name, matches }) => factOf(inventory, item, name).some(matches));
}

/** `match` of a configuration. Throws ConfigError. */
export function factPatternsOf(place: Place): FactPatterns {
  return Object.fromEntries(
    entriesOf(place, maxFacts).map(([name, value]) => {
      if (!factName.test(name))
        throw new ConfigError(`${place.where} has the key ${JSON.stringify(name.slice(0, 80))}; keys are attributes`);
      return [name, patternTexts({ value, where: `${place.where}.${name}` })];
    }),
  );
}

function patternTexts(place: Place): readonly string[] {
  const { value, where } = place;
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (given.length === 0 || given.length > maxPatterns) throw invalid(place, `1 to ${maxPatterns} patterns`);
  return given.map((each, index) => {
    if (typeof each === 'number' || typeof each === 'boolean') return String(each);
    return textOf({ value: each, where: Array.isArray(value) ? `${where}[${index}]` : where });
  });
}
