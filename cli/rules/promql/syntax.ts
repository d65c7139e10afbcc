import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface VectorSelector {
  /** Undefined for `{…}` without a name. */
  readonly name: string | undefined;
  /** Names of the labels that its matchers look at. */
  readonly labels: readonly string[];
}

/** The expression's outermost node, or undefined for an empty text. */
export function parseExpression(text: string): SyntaxNode | undefined {
  return parser.parse(text).topNode.getChild('Expr') ?? undefined;
}

/** Where the grammar of Prometheus does not accept the text; it does not check types. */
export function syntaxErrors(text: string): readonly string[] {
  if (text.trim() === '') return ['the expression is empty'];
  return nodesOf(text)
    .filter((node) => node.type.isError)
    .map((node) => `syntax error at column ${node.from + 1}, near "${text.slice(node.from, node.from + 20)}"`);
}

/** Every series that the expression reads, in order. */
export function vectorSelectors(text: string): readonly VectorSelector[] {
  return nodesOf(text)
    .filter((node) => node.name === 'VectorSelector')
    .map((node) => selectorAt(text, node));
}

/** The labels in `by`, `without`, `on`, `ignoring`, `group_left` and `group_right`, each once. */
export function groupingLabels(text: string): readonly string[] {
  const groups = nodesOf(text).filter((node) => node.name === 'GroupingLabels');
  return [...new Set(groups.flatMap((node) => node.getChildren('LabelName').map((label) => textOf(text, label))))];
}

/** A selector node of an expression that is already parsed. */
export function selectorAt(text: string, node: SyntaxNode): VectorSelector {
  const name = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return {
    name: name === null ? undefined : textOf(text, name),
    labels: matchers.flatMap((matcher) => matcher.getChildren('LabelName').map((label) => textOf(text, label))),
  };
}

export function textOf(text: string, node: SyntaxNode): string {
  return text.slice(node.from, node.to);
}

/** Every node, parents before children. */
export function nodesOf(text: string): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  parser.parse(text).iterate({ enter: ({ node }) => void nodes.push(node) });
  return nodes;
}

/** The nodes around a node, innermost first. */
export function ancestorsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const ancestors: SyntaxNode[] = [];
  for (let above = node.parent; above !== null; above = above.parent) ancestors.push(above);
  return ancestors;
}
