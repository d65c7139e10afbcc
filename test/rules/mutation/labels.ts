import type { SyntaxNode } from '@lezer/common';
import { textOf } from '../../../cli/rules/promql/syntax.ts';
import { type Edit, replace } from './edit.ts';

/** Each label of `by`, `on` and `group_left` left out, and the scrape target added to a `by`. */
export function groupingEdits(promql: string, node: SyntaxNode): readonly Edit[] {
  if (node.name !== 'GroupingLabels') return [];
  const labels = node.getChildren('LabelName').map((label) => textOf(promql, label));
  const dropped = labels.map((left) => replace('label dropped', node, list(labels.filter((label) => label !== left))));
  const isBy = node.parent?.name === 'AggregateModifier';
  if (!isBy || labels.includes('instance')) return dropped;
  return [...dropped, replace('label added', node, list([...labels, 'instance']))];
}

/** The clause that says which series belong together left out. */
export function matchingEdits(node: SyntaxNode): readonly Edit[] {
  return node.name === 'MatchingModifierClause' ? [replace('matching', node, '')] : [];
}

const negations: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

/** Each matcher of a selector left out, and negated. */
export function matcherEdits(promql: string, node: SyntaxNode): readonly Edit[] {
  if (node.name !== 'LabelMatchers') return [];
  const matchers = node.getChildren('UnquotedLabelMatcher');
  const dropped = matchers.map((left) =>
    replace('matcher', node, braces(matchers.filter((matcher) => matcher !== left).map((one) => textOf(promql, one)))),
  );
  const negated = matchers.flatMap((matcher) => {
    const operator = matcher.getChild('MatchOp');
    return operator === null ? [] : [replace('matcher', operator, negations[textOf(promql, operator)] ?? '!=')];
  });
  return [...dropped, ...negated];
}

function list(labels: readonly string[]): string {
  return `(${labels.join(', ')})`;
}

function braces(matchers: readonly string[]): string {
  return matchers.length === 0 ? '' : `{${matchers.join(',')}}`;
}
