import { loads, loadsSince, newerFunctions, removedFunctions } from '../../../../rules/targets/features.ts';
import { isAtLeast } from '../../../../rules/targets/target.ts';
import { syntaxErrors, textOf } from '../../promql/syntax.ts';
import type { Check, LintContext, Subject } from '../check.ts';

export const syntaxChecks: readonly Check[] = [
  {
    name: 'promql/syntax',
    about: 'The expression is PromQL.',
    severity: 'error',
    run: ({ rule }) => syntaxErrors(rule.expr),
  },
  {
    name: 'target/function',
    about: 'Its functions are there in the version of Prometheus that evaluates it.',
    severity: 'error',
    run: (subject, { target }) =>
      target.name === 'prometheus' ? namesIn(subject).flatMap((name) => aboutFunction(name, target.version)) : [],
  },
  {
    name: 'target/field',
    about: 'Its fields load in the version that evaluates it.',
    severity: 'error',
    run: ({ rule }, context) =>
      rule.hasKeepFiringFor && !loads('keep_firing_for', context.target) ? [aboutField(context)] : [],
  },
  {
    name: 'promql/name-regex',
    about: 'A series is asked for by its name, not by a regular expression on names, which reads all of them.',
    severity: 'error',
    run: ({ rule }) =>
      /__name__\s*[!=]~/.test(rule.expr) ? ['it matches the names of series by a regular expression'] : [],
  },
  {
    name: 'promql/nan',
    about: 'Nothing is compared with NaN, which is equal to nothing.',
    severity: 'error',
    run: ({ nodes, rule }) =>
      nodes.some((node) => node.name === 'NumberDurationLiteral' && /^nan$/i.test(textOf(rule.expr, node)))
        ? ['it compares with NaN, which is equal to nothing: write x != x']
        : [],
  },
  {
    name: 'promql/fragile',
    about: 'No topk, bottomk, without or ignoring: which series they give changes with the others.',
    severity: 'error',
    run: ({ nodes }) =>
      [...new Set(nodes.map(({ name }) => name))]
        .filter((name) => /^(?:Without|Ignoring|Topk|Bottomk)$/.test(name))
        .map((name) => `it uses ${name.toLowerCase()}: name the labels with by or on, and compare with a number`),
  },
];

function namesIn({ nodes, rule }: Subject): readonly string[] {
  return nodes
    .filter(({ name }) => name === 'FunctionIdentifier' || name === 'AggregateOp')
    .map((node) => textOf(rule.expr, node));
}

function aboutFunction(name: string, version: string): readonly string[] {
  const since = newerFunctions[name];
  if (since !== undefined && !isAtLeast(version, since))
    return [`${name} is there from Prometheus ${since} on, and the target is ${version}`];
  const removed = removedFunctions[name];
  return removed !== undefined && isAtLeast(version, removed.since)
    ? [`${name} is gone since Prometheus ${removed.since}: use ${removed.instead}`]
    : [];
}

function aboutField({ target }: LintContext): string {
  const since = loadsSince('keep_firing_for', target.name);
  return `keep_firing_for loads from ${target.name} ${since} on, and the target is ${target.version}`;
}
