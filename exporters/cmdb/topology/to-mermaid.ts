import { type Drawing, type DrawnItem, stateColours } from './drawing.ts';

/** The drawing as a flowchart of Mermaid. */
export function toMermaid({ clusters, loose, edges, note }: Drawing): string {
  const lines = [
    'flowchart LR',
    ...clusters.flatMap(({ key, label, items }) => [
      `  subgraph ${key}["${escaped(label)}"]`,
      ...items.map((item) => `    ${nodeOf(item)}`),
      '  end',
    ]),
    ...loose.map((item) => `  ${nodeOf(item)}`),
    ...edges.map(({ from, to, label }) => `  ${from} -->|"${escaped(label)}"| ${to}`),
    ...(note === undefined ? [] : [`  note["${escaped(note)}"]`]),
    ...Object.entries(stateColours).map(
      ([state, [fill, border]]) => `  classDef ${state} fill:${fill},stroke:${border},color:#000000`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeOf({ key, lines, state }: DrawnItem): string {
  return `${key}["${lines.map(escaped).join('<br/>')}"]:::${state}`;
}

/**
 * Every sign that means something to Mermaid, to Markdown or to HTML becomes the number of its character, as Mermaid writes entities. Words such as
 * end mean nothing in quotes.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]/gu, ' ')
    .replaceAll(/[^\p{L}\p{N}\p{M} _.,/-]/gu, (sign) => `#${sign.codePointAt(0) ?? 63};`);
}
