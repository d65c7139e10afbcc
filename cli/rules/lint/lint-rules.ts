import type { Metric } from '../../../metrics/define.ts';
import { labelsOfPromql } from '../promql/labels-of-promql.ts';
import { nodesOf, parseExpression, syntaxErrors, vectorSelectors } from '../promql/syntax.ts';
import { metricOf } from '../promql/unit-of-promql.ts';
import type { Check, Finding, LintContext, LintRule, Subject } from './check.ts';
import { alertChecks } from './checks/alerts.ts';
import { seriesChecks } from './checks/series.ts';
import { syntaxChecks } from './checks/syntax.ts';

export const checks: readonly Check[] = [...syntaxChecks, ...alertChecks, ...seriesChecks];
/** The one check that looks at several rules. */
export const duplicateCheck = {
  name: 'rule/duplicate',
  about: 'No two rules record the same series, or give the same alert of the same expression.',
} as const;

/** What the checks find, in the order of the rules. */
export function lintRules(rules: readonly LintRule[], context: LintContext): readonly Finding[] {
  return [...rules.flatMap((rule) => findingsOf(rule, context)), ...duplicates(rules)];
}

function findingsOf(rule: LintRule, context: LintContext): readonly Finding[] {
  const subject = subjectOf(rule, context);
  return checks.flatMap(({ name, severity, run }) =>
    run(subject, context).map((message) => ({ check: name, severity, ...whereOf(rule), message })),
  );
}

function whereOf({ group, name, place }: LintRule): Pick<Finding, 'group' | 'rule' | 'file' | 'line'> {
  return { group, rule: name, ...place };
}

function subjectOf(rule: LintRule, { series, recordedHere }: LintContext): Subject {
  const isBroken = syntaxErrors(rule.expr).length > 0;
  const nodes = isBroken ? [] : nodesOf(rule.expr);
  const read = isBroken ? [] : vectorSelectors(rule.expr).map(({ name }) => name ?? '{…}');
  const missing = read.filter((name) => metricOf(name, series) === undefined);
  return {
    rule,
    nodes,
    root: isBroken ? undefined : parseExpression(rule.expr),
    labels: isBroken || missing.length > 0 ? { ...unknownLabels } : labelsOf(rule.expr, series),
    unknown: missing.filter((name) => !recordedHere.has(name)),
  };
}

/** Neither a set nor a problem: nothing can be said. */
const unknownLabels = {} as { readonly problem: string };

function labelsOf(expr: string, series: ReadonlyMap<string, Metric>): Subject['labels'] {
  try {
    return labelsOfPromql(expr, series);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function duplicates(rules: readonly LintRule[]): readonly Finding[] {
  const seen = new Set<string>();
  return rules.flatMap((rule) => {
    // The same alert may be made of the series of several exporters.
    const what = rule.kind === 'alert' ? rule.expr : '';
    const key = JSON.stringify([rule.kind, rule.name, Object.entries(rule.labels).sort(), what]);
    const isTwice = seen.has(key);
    seen.add(key);
    if (!isTwice) return [];
    const message = `there is another ${rule.kind === 'alert' ? 'alert' : 'recording'} that gives the same`;
    return [{ check: duplicateCheck.name, severity: 'error' as const, ...whereOf(rule), message }];
  });
}
