import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from '../../../../kit/options/duration.ts';
import type { Metric } from '../../../../metrics/define.ts';
import { ancestorsOf, selectorAt, textOf } from '../../promql/syntax.ts';
import { metricOf } from '../../promql/unit-of-promql.ts';
import type { Check, LintContext, Subject } from '../check.ts';

/** What may be asked of a counter: how it grew, whether it is there. */
const forCounters =
  /^(?:rate|irate|increase|resets|changes|absent|absent_over_time|count|count_over_time|present_over_time|timestamp|group)$/;

/** Count, though their exporter gives them no type and so no name that ends in _total. */
const untypedCounters: ReadonlySet<string> = new Set(['node_vmstat_oom_kill']);

export const seriesChecks: readonly Check[] = [
  {
    name: 'series/known',
    about: 'Every series is in the catalogue or recorded by a rule; others are only pointed out in files of yours.',
    severity: 'warning',
    run: ({ unknown }) =>
      [...new Set(unknown)].map((name) => `${name} is not a series of FleetLens, so its labels are not checked`),
  },
  {
    name: 'series/labels',
    about:
      'Matchers, by and on name labels that the series have; two sides have the same; group_left finds one partner.',
    severity: 'error',
    run: ({ labels }) => (typeof labels === 'object' && 'problem' in labels ? [labels.problem] : []),
  },
  {
    name: 'series/cluster',
    about: 'Aggregations keep the cluster; else the alerts of two clusters become one.',
    severity: 'warning',
    run: ({ nodes, rule, labels }) =>
      labels instanceof Set && labels.has('cluster')
        ? []
        : nodes
            .filter((node) => node.name === 'AggregateExpr' && !/\bcluster\b/.test(modifierOf(node, rule.expr)))
            .map((node) => `${textOf(rule.expr, node).slice(0, 60)} does not keep the cluster`),
  },
  {
    name: 'series/counter',
    about:
      'A counter is not compared with a limit: its value says how long a process has run. It stands in rate or increase.',
    severity: 'error',
    run: (subject, context) =>
      selectorsOf(subject, context)
        .filter(({ metric, node }) => metric.kind === 'counter' && isComparedAsItIs(node, subject))
        .map(({ metric }) => `${metric.name} is a counter and must be in rate or increase`),
  },
  {
    name: 'series/rate-of-gauge',
    about: 'Only counters stand in rate and increase, which take every fall for a restart.',
    severity: 'error',
    run: (subject, context) =>
      selectorsOf(subject, context)
        .filter(
          ({ metric, node }) => metric.kind === 'gauge' && !untypedCounters.has(metric.name) && isRated(node, subject),
        )
        .map(({ metric }) => `${metric.name} is a gauge: use delta or deriv instead of rate and increase`),
  },
  {
    name: 'series/window',
    about: 'Windows of rate and increase are at least four scrapes long, to survive one that fails.',
    severity: 'warning',
    run: ({ nodes, rule }, { scrapeSeconds }) =>
      nodes
        .filter((node) => node.name === 'MatrixSelector')
        .map((node) => textOf(rule.expr, node))
        .filter(
          (text, _, all) =>
            all.length > 0 && /\b(?:rate|irate|increase)\(/.test(rule.expr) && windowOf(text) < 4 * scrapeSeconds,
        )
        .map((text) => `${text} is shorter than four scrapes (${4 * scrapeSeconds}s)`),
  },
];

function modifierOf(node: SyntaxNode, text: string): string {
  const modifier = node.getChild('AggregateModifier');
  return modifier === null ? '' : textOf(text, modifier);
}

function windowOf(matrix: string): number {
  return parseDuration(/\[\s*([0-9a-z]+)\s*\]$/.exec(matrix)?.[1] ?? '') ?? Number.POSITIVE_INFINITY;
}

interface Selected {
  readonly node: SyntaxNode;
  readonly metric: Metric;
}

function selectorsOf({ nodes, rule }: Subject, { series }: LintContext): readonly Selected[] {
  return nodes
    .filter(({ name }) => name === 'VectorSelector')
    .flatMap((node) => {
      const metric = metricOf(selectorAt(rule.expr, node).name ?? '', series);
      return metric === undefined ? [] : [{ node, metric }];
    });
}

/** Functions and aggregations around a node, innermost first. */
function around(node: SyntaxNode, { rule }: Subject): readonly string[] {
  return ancestorsOf(node).flatMap((above) => {
    const name = above.getChild('FunctionIdentifier') ?? above.getChild('AggregateOp');
    return name === null ? [] : [textOf(rule.expr, name)];
  });
}

/** Compared with a number other than 0, with nothing around that looks at its growth. */
function isComparedAsItIs(node: SyntaxNode, subject: Subject): boolean {
  const above = ancestorsOf(node);
  const comparison = above.find(({ name }) => name === 'BinaryExpr');
  const limit = comparison?.getChildren('Expr').find(({ name }) => name === 'NumberDurationLiteral');
  if (comparison === undefined || limit === undefined || Number(textOf(subject.rule.expr, limit)) === 0) return false;
  if (!/^(?:Gtr|Lss|Gte|Lte|Eql|Neq)$/.test(comparison.firstChild?.nextSibling?.name ?? '')) return false;
  return !around(node, subject).some((name) => forCounters.test(name));
}

function isRated(node: SyntaxNode, subject: Subject): boolean {
  return node.parent?.name === 'MatrixSelector' && /^(?:rate|irate|increase)$/.test(around(node, subject)[0] ?? '');
}
