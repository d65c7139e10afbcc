import { ConfigError } from '../../../kit/errors.ts';
import { groupBy } from '../group-by.ts';
import { overlaps } from '../pricing/read-values.ts';
import { matcherKey, type OwnerRule } from './owner-rule.ts';

/** Throws ConfigError for two rules that match the same usages at the same time. */
export function checkRules(rules: readonly OwnerRule[]): void {
  for (const group of groupBy(rules, matcherKey).values()) checkGroup(group);
}

function checkGroup(group: readonly OwnerRule[]): void {
  const inTime = [...group].sort((left, right) => left.validity.fromMs - right.validity.fromMs);
  for (const [index, rule] of inTime.entries()) {
    const before = inTime[index - 1];
    if (before === undefined || !overlaps(before.validity, rule.validity)) continue;
    const [first, second] = [before, rule].sort((left, right) => group.indexOf(left) - group.indexOf(right));
    throw new ConfigError(
      `${second?.where} (${ownersOf(second)}) matches the same as ${first?.where} (${ownersOf(first)}) at the same time; ` +
        'give one of them another from and to, another priority, or make it one of splits',
    );
  }
}

function ownersOf(rule: OwnerRule | undefined): string {
  return [...new Set(rule?.owners.map(({ tenant }) => tenant))].join(', ');
}
