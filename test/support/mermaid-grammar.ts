export interface MermaidChart {
  /** Label and class of each node, and the subgraph that it stands in. */
  readonly nodes: ReadonlyMap<
    string,
    { readonly label: string; readonly state: string | undefined; readonly subgraph: string | undefined }
  >;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
  readonly subgraphs: ReadonlyMap<string, string>;
}

const label = String.raw`"((?:[\p{L}\p{N}\p{M} _.,/-]|#\d+;|<br/>)*)"`;
const lines = {
  subgraph: new RegExp(String.raw`^subgraph (place\d+)\[${label}\]$`, 'u'),
  node: new RegExp(String.raw`^(item\d+|note)\[${label}\](?::::(\w+))?$`, 'u'),
  edge: new RegExp(String.raw`^(item\d+) -->\|${label}\| (item\d+)$`, 'u'),
  style: /^classDef \w+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}$/,
};

/** Reads the part of Mermaid's flowcharts that our drawings use, and throws at anything else. Stricter than Mermaid. */
export function readMermaid(text: string): MermaidChart {
  const [first, ...rest] = text.trimEnd().split('\n');
  if (first !== 'flowchart LR') throw new Error(`Mermaid: begins with ${first}`);
  const nodes = new Map<string, { label: string; state: string | undefined; subgraph: string | undefined }>();
  const edges: { from: string; to: string; label: string }[] = [];
  const subgraphs = new Map<string, string>();
  let open: string | undefined;
  const readers: readonly [RegExp, (found: RegExpExecArray) => void][] = [
    [
      lines.subgraph,
      ([, key = '', text]) => {
        if (open !== undefined) throw new Error(`Mermaid: ${key} begins within ${open}`);
        open = key;
        subgraphs.set(key, shown(text));
      },
    ],
    [/^end$/, () => (open = closed(open))],
    [lines.node, ([, key = '', text, state]) => void nodes.set(key, { label: shown(text), state, subgraph: open })],
    [lines.edge, ([, from = '', text, to = '']) => void edges.push({ from, to, label: shown(text) })],
    [lines.style, () => undefined],
  ];
  for (const line of rest.map((one) => one.trim())) {
    const [reader, read] = readers.find(([shape]) => shape.test(line)) ?? [];
    const found = reader?.exec(line);
    if (found == null) throw new Error(`Mermaid: ${JSON.stringify(line)} is no line of a flowchart`);
    read?.(found);
  }
  if (open !== undefined) throw new Error('Mermaid: a subgraph has no end');
  return { nodes, edges, subgraphs };
}

function closed(open: string | undefined): undefined {
  if (open === undefined) throw new Error('Mermaid: an end of nothing');
}

function shown(text: string | undefined): string {
  return (text ?? '')
    .replaceAll('<br/>', '\n')
    .replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
