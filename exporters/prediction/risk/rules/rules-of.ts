import type { EntityFacts } from '../facts.ts';
import type { RuleHit } from '../risk.ts';
import { memoryRules } from './memory-rules.ts';
import { presenceRules } from './presence-rules.ts';
import { xidRules } from './xid-rules.ts';

const severities: readonly RuleHit['severity'][] = ['act_now', 'next_window', 'raised_risk'];

/** All rules that are met, the gravest first. They are shown beside probabilities and never become one. */
export function rulesOf(facts: EntityFacts): readonly RuleHit[] {
  const hits = [...presenceRules, ...memoryRules].flatMap(({ sentence, ...rule }) => {
    const text = sentence(facts);
    return text === undefined ? [] : [{ ...rule, sentence: text }];
  });
  return [...hits, ...xidRules(facts)].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
