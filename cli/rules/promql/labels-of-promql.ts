import type { SyntaxNode } from '@lezer/common';
import type { Metric } from '../../../metrics/define.ts';
import { targetLabels } from '../../../metrics/labels.ts';
import { nodesOf, parseExpression, selectorAt, textOf } from './syntax.ts';
import { metricOf } from './unit-of-promql.ts';

type Labels = ReadonlySet<string>;

interface Reading {
  readonly text: string;
  readonly series: ReadonlyMap<string, Metric>;
}

/** 'scalar', or the labels that every series of the result has. Throws where a label is named that is not there. */
export function labelsOfPromql(text: string, series: ReadonlyMap<string, Metric>): Labels | 'scalar' {
  const root = parseExpression(text);
  if (root === undefined) throw new Error('the expression is empty');
  return labelsOf(root, { text, series });
}

function labelsOf(node: SyntaxNode, reading: Reading): Labels | 'scalar' {
  switch (node.name) {
    case 'NumberDurationLiteral':
      return 'scalar';
    case 'VectorSelector':
      return labelsOfSelector(node, reading);
    case 'AggregateExpr':
      return labelsOfAggregate(node, reading);
    case 'FunctionCall':
      return labelsOfCall(node, reading);
    case 'BinaryExpr':
      return labelsOfBinary(node, reading);
    case 'ParenExpr':
    case 'MatrixSelector':
    case 'OffsetExpr':
      return labelsOf(operandAt(node, 0), reading);
    default:
      throw new Error(`${node.name} is not known to this check: teach it in labels-of-promql.ts`);
  }
}

function labelsOfSelector(node: SyntaxNode, { text, series }: Reading): Labels {
  const { name, labels } = selectorAt(text, node);
  const metric = name === undefined ? undefined : metricOf(name, series);
  if (metric === undefined) throw new Error(`${name ?? textOf(text, node)} is in no catalogue and not recorded`);
  const bucket = metric.kind === 'histogram' && name === `${metric.name}_bucket` ? ['le'] : [];
  const own = [...metric.labels, ...bucket, ...(metric.source === 'recording' ? [] : targetLabels)];
  return named(labels, new Set<string>(own), `a matcher of ${metric.name}`);
}

function labelsOfAggregate(node: SyntaxNode, reading: Reading): Labels {
  const modifier = node.getChild('AggregateModifier');
  if (modifier?.getChild('By') == null) throw new Error(`${textOf(reading.text, node)} must say by (…)`);
  const operand = vectorOf(operandAt(body(node), -1), reading);
  const kept = groupingIn(modifier, reading);
  named(kept, operand, 'by');
  return new Set(kept);
}

function labelsOfCall(node: SyntaxNode, reading: Reading): Labels | 'scalar' {
  const name = textOf(reading.text, node.getChild('FunctionIdentifier') ?? node);
  switch (name) {
    case 'time':
      return 'scalar';
    case 'vector':
      return new Set();
    case 'absent':
      vectorOf(operandAt(body(node), 0), reading);
      return matchedForEquality(node, reading);
    case 'label_replace': {
      const [operand, target] = [operandAt(body(node), 0), operandAt(body(node), 1)];
      return new Set([...vectorOf(operand, reading), JSON.parse(textOf(reading.text, target))]);
    }
    case 'quantile_over_time':
      return labelsOf(operandAt(body(node), 1), reading);
    case 'histogram_quantile': {
      const operand = vectorOf(operandAt(body(node), 1), reading);
      return new Set([...operand].filter((label) => label !== 'le'));
    }
    default:
      return labelsOf(operandAt(body(node), 0), reading);
  }
}

/** absent() gives its result the labels that its selector compares with `=`. */
function matchedForEquality(node: SyntaxNode, { text }: Reading): Labels {
  const inside = nodesOf(textOf(text, node)).filter(({ name }) => name === 'UnquotedLabelMatcher');
  const equal = inside
    .map((matcher) => textOf(textOf(text, node), matcher))
    .filter((matcher) => /^\w+="/.test(matcher));
  return new Set(equal.map((matcher) => matcher.slice(0, matcher.indexOf('='))));
}

function labelsOfBinary(node: SyntaxNode, reading: Reading): Labels | 'scalar' {
  const left = labelsOf(operandAt(node, 0), reading);
  const right = labelsOf(operandAt(node, 1), reading);
  if (left === 'scalar') return right;
  if (right === 'scalar') return left;
  return labelsOfMatch(node, { left, right }, reading);
}

function labelsOfMatch(
  node: SyntaxNode,
  { left, right }: { readonly left: Labels; readonly right: Labels },
  reading: Reading,
): Labels {
  if (node.getChild('Or') !== null) return new Set([...left].filter((label) => right.has(label)));
  const on = matchedOn(node, reading);
  if (on === undefined) {
    same(left, right, textOf(reading.text, node));
    return left;
  }
  for (const side of [left, right]) named(on, side, 'on');
  const isSetOperation = node.getChild('And') !== null || node.getChild('Unless') !== null;
  if (isGroupLeft(node)) return oneForEach(on, right, left);
  return isSetOperation ? left : new Set(on);
}

/** The side that has one value for many must have no label beside those that are matched: then it cannot have two. */
function oneForEach(on: readonly string[], one: Labels, many: Labels): Labels {
  const further = [...one].filter((label) => !on.includes(label));
  if (further.length === 0) return many;
  throw new Error(`group_left may find two partners with live data: aggregate away ${further.join(', ')}`);
}

/** The labels after `group_left`, which come after those of `on`. */
function copiesLabels(matching: SyntaxNode, { text }: Reading): boolean {
  return /group_left\s*\(\s*\w/.test(textOf(text, matching));
}

function isGroupLeft(node: SyntaxNode): boolean {
  return node.getChild('MatchingModifierClause')?.getChild('GroupLeft') != null;
}

function matchedOn(node: SyntaxNode, reading: Reading): readonly string[] | undefined {
  const matching = node.getChild('MatchingModifierClause');
  if (matching === null) return undefined;
  if (matching.getChild('GroupRight') !== null) throw new Error('turn the sides around and use group_left');
  if (copiesLabels(matching, reading)) {
    throw new Error('group_left copies labels, which starts an alert anew when they change: ask for them in the text');
  }
  return matching.getChild('On') === null ? undefined : groupingIn(matching, reading);
}

function named(labels: readonly string[], known: Labels, where: string): Labels {
  const unknown = labels.filter((label) => !known.has(label));
  if (unknown.length > 0)
    throw new Error(`${where} names ${unknown.join(', ')}, but there is only ${[...known].join(', ')}`);
  return known;
}

/** Without on (…), two sides match only if they have the same labels. */
function same(left: Labels, right: Labels, text: string): void {
  const difference = [...left]
    .filter((label) => !right.has(label))
    .concat([...right].filter((label) => !left.has(label)));
  if (difference.length > 0)
    throw new Error(`${difference.join(', ')} is on one side only, so nothing matches: ${text}`);
}

function vectorOf(node: SyntaxNode, reading: Reading): Labels {
  const labels = labelsOf(node, reading);
  if (labels === 'scalar') throw new Error(`${textOf(reading.text, node)} is a number, not a vector`);
  return labels;
}

function groupingIn(node: SyntaxNode, { text }: Reading): readonly string[] {
  const [grouping] = node.getChildren('GroupingLabels');
  return grouping === undefined ? [] : grouping.getChildren('LabelName').map((label) => textOf(text, label));
}

function body(node: SyntaxNode): SyntaxNode {
  const found = node.getChild('FunctionCallBody');
  if (found === null) throw new Error(`${node.name} without arguments`);
  return found;
}

function operandAt(node: SyntaxNode, index: number): SyntaxNode {
  const found = node.getChildren('Expr').at(index);
  if (found === undefined) throw new Error(`${node.name} has no operand ${index}`);
  return found;
}
