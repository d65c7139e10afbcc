import type { SyntaxNode } from '@lezer/common';
import type { Metric } from '../../../metrics/define.ts';
import { type Expr, withInsertions } from '../../../metrics/promql.ts';
import { labelsOfPromql } from '../promql/labels-of-promql.ts';
import { parseExpression, textOf } from '../promql/syntax.ts';

export interface LabelFilter {
  readonly label: string;
  /** As it stands in a selector: `node!="n1"`. */
  readonly matcher: string;
}

interface Reading {
  readonly text: string;
  readonly label: string;
  readonly series: ReadonlyMap<string, Metric>;
}

interface Place {
  readonly at: number;
  readonly text: (matcher: string) => string;
}

/**
 * The expression with only those of its results that the matcher lets pass. The matcher goes to the selectors that the label
 * of the result comes from, and to no other: what the results are compared with stays the same.
 * Throws an Error that says why where that cannot be done.
 */
export function filterByLabel(expr: Expr, { label, matcher }: LabelFilter, series: Reading['series']): Expr {
  const text = expr.promql;
  const root = parseExpression(text);
  if (root === undefined) throw new Error('the expression is empty');
  const reading = { text, label, series };
  if (!hasLabel(root, reading)) throw new Error(`it has no label ${label}`);
  return withInsertions(
    expr,
    placesIn(root, reading).map(({ at, text: of }) => ({ at, text: of(matcher) })),
  );
}

function placesIn(node: SyntaxNode, reading: Reading): readonly Place[] {
  switch (node.name) {
    case 'VectorSelector':
      return [placeIn(node, reading)];
    case 'AggregateExpr':
      return placesIn(argumentOf(node, reading), reading);
    case 'FunctionCall':
      return placesInCall(node, reading);
    case 'BinaryExpr':
      return placesInBinary(node, reading);
    default:
      return placesIn(operandsOf(node)[0] ?? notPossible(node, reading), reading);
  }
}

function placeIn(node: SyntaxNode, { text }: Reading): Place {
  const matchers = node.getChild('LabelMatchers');
  if (matchers === null) return { at: node.to, text: (matcher) => `{${matcher}}` };
  const isEmpty = /^\{\s*\}$/.test(textOf(text, matchers));
  return { at: matchers.to - 1, text: (matcher) => (isEmpty ? matcher : `,${matcher}`) };
}

/** These make their result out of something else than the series that they are given. */
const withoutOrigin = /^(?:absent|absent_over_time|vector|label_replace|label_join)$/;

function placesInCall(node: SyntaxNode, reading: Reading): readonly Place[] {
  const name = textOf(reading.text, node.getChild('FunctionIdentifier') ?? node);
  if (withoutOrigin.test(name)) throw new Error(`its labels come from ${name}(), not from a series`);
  return placesIn(argumentOf(node, reading), reading);
}

function placesInBinary(node: SyntaxNode, reading: Reading): readonly Place[] {
  const [left, right] = operandsOf(node);
  if (left === undefined || right === undefined) return notPossible(node, reading);
  if (node.getChild('Or') !== null) {
    // What is left out on one side would let something of another value through on the other.
    if (!matchesOn(node, reading)) throw new Error(`its "or" does not compare ${reading.label}`);
    return [...placesIn(left, reading), ...placesIn(right, reading)];
  }
  return placesIn(isScalar(left, reading) ? right : left, reading);
}

function matchesOn(node: SyntaxNode, { text, label }: Reading): boolean {
  const matching = node.getChild('MatchingModifierClause');
  if (matching === null) return true;
  const named = matching.getChild('GroupingLabels')?.getChildren('LabelName') ?? [];
  const isNamed = named.some((each) => textOf(text, each) === label);
  return matching.getChild('On') === null ? !isNamed : isNamed;
}

/** The argument that is a vector; a parameter such as the quantile comes before it. */
function argumentOf(node: SyntaxNode, reading: Reading): SyntaxNode {
  const operands = operandsOf(node.getChild('FunctionCallBody') ?? node);
  return operands.find((operand) => !isScalar(operand, reading)) ?? notPossible(node, reading);
}

function operandsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.getChildren('Expr');
}

function isScalar(node: SyntaxNode, { text, series }: Reading): boolean {
  return labelsOfPromql(textOf(text, node), series) === 'scalar';
}

function hasLabel(node: SyntaxNode, { text, label, series }: Reading): boolean {
  const labels = labelsOfPromql(textOf(text, node), series);
  return labels !== 'scalar' && labels.has(label);
}

function notPossible(node: SyntaxNode, { text }: Reading): never {
  throw new Error(`nothing can be left out of ${textOf(text, node)}`);
}
