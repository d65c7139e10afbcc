import type { RiskRow } from './risk-row';

export interface Selection {
  /** Words that must all be in what the row says, in any case. */
  readonly text: string;
  /** Names of nodes, as a regular expression that must match the whole name; empty for all. */
  readonly nodes: string;
}

/** In the order in which they came, so that the map of a fleet need not be laid out again for another horizon. */
export function selectRows(rows: readonly RiskRow[], { text, nodes }: Selection): readonly RiskRow[] {
  const isChosenNode = nodeTest(nodes);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => isChosenNode(row.node) && (words.length === 0 || hasAll(row, words)));
}

/** What is no expression is taken as text, so that a half-typed one hides nothing for no reason that people see. */
function nodeTest(nodes: string): (node: string) => boolean {
  if (nodes === '' || nodes === '.*' || nodes.startsWith('$')) return () => true;
  try {
    const whole = new RegExp(`^(?:${nodes})$`);
    return (node) => whole.test(node);
  } catch {
    return (node) => node.includes(nodes);
  }
}

function hasAll({ uuid, node, cluster, rack, tenant, job, model, rules }: RiskRow, words: readonly string[]): boolean {
  const said = [uuid, node, cluster, rack, tenant, job, model, ...rules.map(({ rule }) => rule)];
  const all = said.filter(Boolean).join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
}
