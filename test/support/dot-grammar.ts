/** What a reader of DOT makes of a text: nodes and edges with their attributes, by the subgraph they stand in. */
export interface DotGraph {
  readonly nodes: ReadonlyMap<string, DotNode>;
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string | undefined }[];
  /** Labels of subgraphs, by name. */
  readonly subgraphs: ReadonlyMap<string, string | undefined>;
}

export interface DotNode {
  readonly attributes: Readonly<Record<string, string>>;
  readonly subgraph: string | undefined;
}

/** Reads the part of the DOT grammar that our drawings use, and throws at anything else. Strict where Graphviz is lenient. */
export function readDot(text: string): DotGraph {
  const tokens = tokensOf(text);
  let at = 0;
  const nodes = new Map<string, DotNode>();
  const edges: { from: string; to: string; label: string | undefined }[] = [];
  const subgraphs = new Map<string, string | undefined>();
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`DOT: expected ${expected ?? 'more'}, got ${token} as token ${at}`);
    return token;
  };
  const attributes = (): Record<string, string> => {
    const found: Record<string, string> = {};
    take('[');
    while (tokens[at] !== ']') {
      const key = take();
      take('=');
      found[key] = stringOf(take());
      if (tokens[at] === ',') take();
    }
    take(']');
    take(';');
    return found;
  };
  const subgraph = (): void => {
    const name = stringOf(take());
    subgraphs.set(name, undefined);
    take('{');
    while (tokens[at] !== '}') statement(name);
    take('}');
  };
  const nodeOrEdge = (id: string, inside: string | undefined): void => {
    if (tokens[at] === '->') {
      take();
      edges.push({ from: id, to: stringOf(take()), label: attributes()['label'] });
      return;
    }
    if (nodes.has(id)) throw new Error(`DOT: node ${id} twice`);
    nodes.set(id, { attributes: attributes(), subgraph: inside });
  };
  const statement = (inside: string | undefined): void => {
    const first = take();
    if (['graph', 'node', 'edge'].includes(first)) attributes();
    else if (first === 'subgraph') subgraph();
    else if (first === 'label') {
      take('=');
      subgraphs.set(inside ?? '', stringOf(take()));
      take(';');
    } else nodeOrEdge(stringOf(first), inside);
  };
  take('digraph');
  take('inventory');
  take('{');
  while (tokens[at] !== '}') statement(undefined);
  take('}');
  if (at !== tokens.length) throw new Error('DOT: text behind the graph');
  return { nodes, edges, subgraphs };
}

function tokensOf(text: string): readonly string[] {
  const token = /\s+|"(?:[^"\\\n\r]|\\["\\n])*"|->|[{}[\]=,;]|[a-z_]+/y;
  const tokens: string[] = [];
  while (token.lastIndex < text.length) {
    const { lastIndex } = token;
    const [found] = token.exec(text) ?? [];
    if (found === undefined)
      throw new Error(`DOT: no token at ${JSON.stringify(text.slice(lastIndex, lastIndex + 40))}`);
    if (found.trim() !== '') tokens.push(found);
  }
  return tokens;
}

/** What is shown of a string in quotes: lines as they are, entities as characters. */
function stringOf(token: string): string {
  if (!token.startsWith('"')) throw new Error(`DOT: expected a string, got ${token}`);
  return token
    .slice(1, -1)
    .replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
    .replaceAll('&amp;', '&');
}
