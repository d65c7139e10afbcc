import { parser } from '@prometheus-io/lezer-promql';

/** What Prometheus' own grammar says of a text that a user wrote; it knows no types. */
export interface PromqlText {
  /** Where and near what the grammar gives up; undefined where it does not. */
  readonly fault?: string;
  /** Matchers of a text that is one instant selector with the name of a metric, as they are written; undefined for anything else. */
  readonly matchers?: readonly string[];
  /** Labels of `sum by (…)` and its like that stands around the whole text; undefined without it. */
  readonly by?: readonly string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

export function readPromql(text: string): PromqlText {
  const tree = parser.parse(text);
  const root = tree.topNode.getChild('Expr');
  const fault = faultIn(text, tree.topNode) ?? (root === null ? 'it is empty' : undefined);
  if (fault !== undefined || root === null) return { fault: fault ?? 'it is empty' };
  if (root.name === 'VectorSelector') return selectorOf(text, root);
  if (root.name === 'AggregateExpr') return aggregateOf(text, root);
  return {};
}

function faultIn(text: string, top: Node): string | undefined {
  let fault: string | undefined;
  top.cursor().iterate((node) => {
    if (node.type.isError && fault === undefined) {
      fault = `syntax error at column ${node.from + 1}${node.from < text.length ? `, near "${text.slice(node.from, node.from + 20)}"` : ''}`;
    }
  });
  return fault;
}

function selectorOf(text: string, selector: Node): PromqlText {
  if (selector.getChild('Identifier') === null) return {};
  const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return { matchers: matchers.map((node) => text.slice(node.from, node.to)) };
}

function aggregateOf(text: string, aggregate: Node): PromqlText {
  const modifier = aggregate.getChild('AggregateModifier');
  const labels = modifier?.getChild('By') == null ? null : modifier.getChild('GroupingLabels');
  return labels == null ? {} : { by: labels.getChildren('LabelName').map((node) => text.slice(node.from, node.to)) };
}
