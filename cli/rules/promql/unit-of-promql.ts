import type { SyntaxNode } from '@lezer/common';
import type { PanelUnit } from '../../../dashboards/units.ts';
import type { Metric } from '../../../metrics/define.ts';
import { nodesOf, parseExpression, selectorAt, textOf } from './syntax.ts';

export type Series = ReadonlyMap<string, Metric>;
/** A plain number fits every unit. */
type Inferred = PanelUnit | 'number';

interface Reading {
  readonly text: string;
  readonly series: Series;
}

/** The unit that the values of an expression have, out of the units of the series in it. Throws where that cannot be said. */
export function unitOfPromql(text: string, series: Series): Inferred {
  const root = parseExpression(text);
  if (root === undefined) throw new Error('the expression is empty');
  return unitOf(root, { text, series });
}

/** The metric behind the name of a series, which for histograms has a suffix more. */
export function metricOf(name: string, series: Series): Metric | undefined {
  const plain = series.get(name);
  if (plain !== undefined) return plain.kind === 'histogram' ? undefined : plain;
  const histogram = series.get(name.replace(/_(?:bucket|sum|count)$/, ''));
  return histogram?.kind === 'histogram' ? histogram : undefined;
}

/** Counts have no unit of their own, so a figure without a unit may be shown as a count. */
export function isSameUnit(a: Inferred, b: Inferred): boolean {
  return a === b || (isCount(a) && isCount(b));
}

function isCount(unit: Inferred): boolean {
  return unit === 'count' || unit === 'none' || unit === 'number';
}

function unitOf(node: SyntaxNode, reading: Reading): Inferred {
  switch (node.name) {
    case 'NumberDurationLiteral':
      return 'number';
    case 'VectorSelector':
      return unitOfSelector(node, reading);
    case 'AggregateExpr':
      return unitOfAggregate(node, reading);
    case 'FunctionCall':
      return unitOfCall(node, reading);
    case 'BinaryExpr':
      return unitOfBinary(node, reading);
    default:
      return unitOf(operand(node, 0, reading), reading);
  }
}

function unitOfSelector(node: SyntaxNode, { text, series }: Reading): PanelUnit {
  const { name } = selectorAt(text, node);
  const metric = name === undefined ? undefined : metricOf(name, series);
  if (metric === undefined) throw new Error(`${name ?? 'a selector without a name'} is not in the catalogue`);
  const counts = metric.kind === 'histogram' && !textOf(text, node).includes('_sum');
  if (counts) return 'count';
  // Prometheus has no unit for a speed, so the name alone tells it.
  return metric.name.includes('_bytes_per_second') ? 'bytes_per_second' : metric.unit;
}

function unitOfAggregate(node: SyntaxNode, reading: Reading): Inferred {
  const operator = node.getChild('AggregateOp');
  const counts = operator !== null && /^(?:count|count_values|group)$/.test(textOf(reading.text, operator));
  // A parameter, as of topk and quantile, comes before the operand.
  return counts ? 'count' : unitOf(operand(body(node), -1, reading), reading);
}

function unitOfCall(node: SyntaxNode, reading: Reading): Inferred {
  const name = textOf(reading.text, node.getChild('FunctionIdentifier') ?? node);
  if (name === 'time' || name === 'timestamp') return 'seconds';
  if (/^(?:count_over_time|changes|resets|absent|absent_over_time|present_over_time)$/.test(name)) return 'count';
  if (name === 'histogram_quantile') return unitOfHistogram(node, reading);
  const unit = unitOf(operand(body(node), name === 'quantile_over_time' ? 1 : 0, reading), reading);
  return /^(?:rate|irate|deriv)$/.test(name) ? perSecond(unit) : unit;
}

function unitOfHistogram(node: SyntaxNode, { text, series }: Reading): PanelUnit {
  const inside = nodesOf(text).find(
    ({ name, from, to }) => name === 'VectorSelector' && from >= node.from && to <= node.to,
  );
  const name = inside === undefined ? undefined : selectorAt(text, inside).name;
  const metric = name === undefined ? undefined : metricOf(name, series);
  if (metric === undefined) throw new Error('histogram_quantile without a histogram of the catalogue');
  return metric.unit;
}

function unitOfBinary(node: SyntaxNode, reading: Reading): Inferred {
  const [leftNode, rightNode] = node.getChildren('Expr');
  if (leftNode === undefined || rightNode === undefined) throw new Error('an operator without two sides');
  const left = unitOf(leftNode, reading);
  const right = unitOf(rightNode, reading);
  const operator = operatorOf(node);
  if (['And', 'Unless'].includes(operator)) return left;
  if (operator === 'Mul') return product(left, right);
  if (operator === 'Div') return quotient(left, right, textOf(reading.text, rightNode));
  if (left === 'number') return right;
  if (right !== 'number' && !isSameUnit(left, right)) throw new Error(`${operator} of ${left} and ${right}`);
  return left;
}

function operatorOf(node: SyntaxNode): string {
  return node.firstChild?.nextSibling?.name ?? 'no operator';
}

function product(left: Inferred, right: Inferred): Inferred {
  if (isCount(left)) return right === 'number' ? left : right;
  if (isCount(right)) return left;
  throw new Error(`product of ${left} and ${right}`);
}

function quotient(left: Inferred, right: Inferred, divisor: string): Inferred {
  if (right === 'number') return left === 'joules' && divisor === '3600' ? 'watt_hours' : left;
  if (isSameUnit(left, right)) return 'ratio';
  // A total over a number of occurrences is a mean.
  if (isCount(right)) return left;
  if (left === 'joules' && right === 'seconds') return 'watts';
  throw new Error(`quotient of ${left} and ${right}`);
}

function perSecond(unit: Inferred): PanelUnit {
  if (unit === 'joules') return 'watts';
  if (unit === 'seconds') return 'ratio';
  if (unit === 'bytes') return 'bytes_per_second';
  if (isCount(unit)) return 'per_second';
  throw new Error(`rate of ${unit}`);
}

function body(node: SyntaxNode): SyntaxNode {
  return node.getChild('FunctionCallBody') ?? node;
}

function operand(node: SyntaxNode, index: number, { text }: Reading): SyntaxNode {
  const found = node.getChildren('Expr').at(index);
  if (found === undefined) throw new Error(`cannot tell the unit of ${textOf(text, node)}`);
  return found;
}
