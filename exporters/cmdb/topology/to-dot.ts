import { type Drawing, type DrawnItem, stateColours } from './drawing.ts';

/** The drawing in the language of Graphviz. */
export function toDot({ clusters, loose, edges, note }: Drawing): string {
  const lines = [
    'digraph inventory {',
    '  graph [rankdir="LR", fontname="sans-serif"];',
    '  node [shape="box", style="filled", fontname="sans-serif", fontcolor="#000000"];',
    '  edge [fontname="sans-serif", fontsize="10"];',
    ...clusters.flatMap(({ key, label, items }) => [
      `  subgraph "cluster_${key}" {`,
      `    label=${quoted(label)};`,
      ...items.map((item) => `    ${nodeOf(item)}`),
      '  }',
    ]),
    ...loose.map((item) => `  ${nodeOf(item)}`),
    ...edges.map(({ from, to, label }) => `  "${from}" -> "${to}" [label=${quoted(label)}];`),
    ...(note === undefined ? [] : [`  "note" [shape="note", fillcolor="#ffffff", label=${quoted(note)}];`]),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeOf({ key, lines, state }: DrawnItem): string {
  const [fill, border] = stateColours[state];
  return `"${key}" [label="${lines.map(escaped).join('\\n')}", fillcolor="${fill}", color="${border}"];`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/**
 * In a label in quotes a backslash begins \n and \N, a quote ends it, and entities of HTML such as &amp; become characters. Text in angle
 * brackets is HTML only without quotes.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\p{Cc}\s]/gu, ' ');
}
