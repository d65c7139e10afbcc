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

/** What is wrong with the names in one query of a board, in words: series and labels that nobody has. */
export function complaintsAboutNames(expr: string, series: Series): readonly string[] {
  const text = withoutVariables(expr);
  const errors = syntaxErrors(text);
  if (errors.length > 0) return errors;
  return [...selectors(text).flatMap((node) => aboutSelector(text, node, series)), ...aboutGroupings(text, series)];
}

function selectors(text: string): readonly SyntaxNode[] {
  return nodesOf(text).filter(({ name }) => name === 'VectorSelector');
}

function aboutSelector(text: string, node: SyntaxNode, series: Series): readonly string[] {
  const { name, labels } = selectorAt(text, node);
  const metric = name === undefined ? undefined : metricOf(name, series);
  if (metric === undefined) return [`${name ?? textOf(text, node)} is not a series of the catalogue`];
  const known = labelsOf(metric);
  return labels.filter((label) => !known.has(label)).map((label) => `${name} has no label ${label}`);
}

/** Counters outside of rate, irate and increase; also behind matchers, where Grafana's linter does not see them. */
export function bareCounters(expr: string, series: Series): readonly string[] {
  const text = withoutVariables(expr);
  return selectors(text).flatMap((node) => {
    const { name = '' } = selectorAt(text, node);
    const metric = metricOf(name, series);
    if (metric === undefined || !isCounter(metric)) return [];
    return ancestorsOf(node).some((above) => isRate(text, above)) ? [] : [`${name} must be in rate, irate or increase`];
  });
}

/** Selectors whose series come one by one, of which a fleet has too many. */
export function notAggregated(expr: string): readonly string[] {
  const text = withoutVariables(expr);
  return selectors(text)
    .filter((node) => !ancestorsOf(node).some((above) => above.name === 'AggregateExpr'))
    .map((node) => `${selectorAt(text, node).name} must be aggregated: a fleet has too many`);
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

/** Rates over another window than the one that fits to scrapes and to the width of the picture. */
export function fixedWindows(expr: string): readonly string[] {
  return [...expr.matchAll(/\bi?rate\([^[]*\[([^\]]+)\]/g)]
    .filter(([, window]) => window !== '$__rate_interval')
    .map(([, window]) => `rate over ${window} must be over $__rate_interval`);
}
