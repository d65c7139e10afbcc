import type { SyntaxNode } from '@lezer/common';
import {
  ancestorsOf,
  groupingLabels,
  nodesOf,
  selectorAt,
  syntaxErrors,
  textOf,
} from '../../cli/rules/promql/syntax.ts';
import { metricOf, type Series } from '../../cli/rules/promql/unit-of-promql.ts';
import type { Metric } from '../../metrics/define.ts';
import { targetLabels } from '../../metrics/labels.ts';
import { withoutVariables } from './board-json.ts';

/** What is wrong with one query of a board, in words. */
export function complaintsAboutQuery(expr: string, series: Series): readonly string[] {
  const text = withoutVariables(expr);
  const errors = syntaxErrors(text);
  if (errors.length > 0) return errors;
  return [...aboutSelectors(text, series), ...aboutGroupings(text, series), ...aboutWindows(expr)];
}

function aboutSelectors(text: string, series: Series): readonly string[] {
  return nodesOf(text)
    .filter(({ name }) => name === 'VectorSelector')
    .flatMap((node) => aboutSelector(text, node, series));
}

function aboutSelector(text: string, node: SyntaxNode, series: Series): readonly string[] {
  const { name, labels } = selectorAt(text, node);
  const metric = name === undefined ? undefined : metricOf(name, series);
  if (metric === undefined) return [`${name ?? textOf(text, node)} is not a series of the catalogue`];
  const known = labelsOf(metric);
  const around = ancestorsOf(node);
  return [
    ...labels.filter((label) => !known.has(label)).map((label) => `${name} has no label ${label}`),
    ...(isCounter(metric) && !around.some((above) => isRate(text, above))
      ? [`${name} must be in rate, irate or increase`]
      : []),
    ...(around.some((above) => above.name === 'AggregateExpr')
      ? []
      : [`${name} must be aggregated: a fleet has too many`]),
  ];
}

function isCounter({ kind }: Metric): boolean {
  return kind === 'counter' || kind === 'histogram';
}

function isRate(text: string, node: SyntaxNode): boolean {
  const name = node.name === 'FunctionCall' ? node.getChild('FunctionIdentifier') : null;
  return name !== null && /^(?:rate|irate|increase)$/.test(textOf(text, name));
}

function labelsOf(metric: Metric): ReadonlySet<string> {
  const own: readonly string[] = metric.kind === 'histogram' ? [...metric.labels, 'le'] : metric.labels;
  return new Set(metric.source === 'recording' ? own : [...own, ...targetLabels]);
}

function aboutGroupings(text: string, series: Series): readonly string[] {
  const metrics = nodesOf(text)
    .filter(({ name }) => name === 'VectorSelector')
    .flatMap((node) => metricOf(selectorAt(text, node).name ?? '', series) ?? []);
  const known = new Set(metrics.flatMap((metric) => [...labelsOf(metric)]));
  return groupingLabels(text)
    .filter((label) => !known.has(label))
    .map((label) => `groups by ${label}, which none of its series has`);
}

function aboutWindows(expr: string): readonly string[] {
  return [...expr.matchAll(/\bi?rate\([^[]*\[([^\]]+)\]/g)]
    .filter(([, window]) => window !== '$__rate_interval')
    .map(([, window]) => `rate over ${window} must be over $__rate_interval`);
}
