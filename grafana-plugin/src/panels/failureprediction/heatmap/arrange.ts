import type { RiskRow } from '../rows/risk-row';

/** A line of cells: the GPUs of one node, or as many as fit. A hole is a GPU that nobody knows of. */
export interface NodeLine {
  readonly node: string;
  readonly cells: ReadonlyArray<RiskRow | undefined>;
}

/** Nodes that stand together: a rack, or where racks are not known each node by itself. */
export interface Block {
  readonly title: string;
  readonly lines: readonly NodeLine[];
}

export interface Arrangement {
  readonly by: 'rack' | 'node';
  readonly blocks: readonly Block[];
  readonly mostLines: number;
  readonly mostCells: number;
}

const mostOnNode = 64;
/** A node with more goes on in the next line, so that it does not make the blocks of all others as wide. */
const mostInLine = 16;
/** A rack with more is many racks under one name; the grid of a heat map ends somewhere. */
const mostInBlock = 64;

export function arrange(rows: readonly RiskRow[]): Arrangement {
  const nodes = linesOf(rows);
  const racks = new Map<string, NodeLine[]>();
  let known = 0;
  for (const { line, rack, cluster } of nodes) {
    if (rack !== undefined) known += 1;
    const title = rack === undefined ? '' : `${cluster}\u0000${rack}`;
    const own = racks.get(title);
    if (own === undefined) racks.set(title, [line]);
    else own.push(line);
  }
  const hasRacks = known > 0;
  const blocks = hasRacks ? [...racks].flatMap(([title, lines]) => blocksOf(rackOf(title), lines)) : nodes.map(alone);
  const sorted = blocks.sort((a, b) => byName(a.title || '\uffff', b.title || '\uffff'));
  return {
    by: hasRacks ? 'rack' : 'node',
    blocks: sorted,
    mostLines: Math.max(1, ...sorted.map(({ lines }) => lines.length)),
    mostCells: Math.max(1, ...sorted.flatMap(({ lines }) => lines.map(({ cells }) => cells.length))),
  };
}

function rackOf(title: string): string {
  return title.slice(title.indexOf('\u0000') + 1);
}

function alone({ line }: OwnLine): Block {
  return { title: line.node, lines: [line] };
}

function blocksOf(title: string, lines: readonly NodeLine[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += mostInBlock)
    blocks.push({ title, lines: lines.slice(at, at + mostInBlock) });
  return blocks;
}

interface OwnLine {
  readonly line: NodeLine;
  readonly rack: string | undefined;
  readonly cluster: string;
}

function linesOf(rows: readonly RiskRow[]): OwnLine[] {
  const byNode = new Map<string, RiskRow[]>();
  for (const row of rows) {
    const name = `${row.cluster}/${row.node}`;
    const own = byNode.get(name);
    if (own === undefined) byNode.set(name, [row]);
    else own.push(row);
  }
  return [...byNode.values()]
    .flatMap((own) => {
      const [node = '', cluster = ''] = [own[0]?.node, own[0]?.cluster];
      const rack = own.find((each) => each.rack !== undefined)?.rack;
      return chunksOf(cellsOf(own)).map((cells) => ({ line: { node, cells }, rack, cluster }));
    })
    .sort((a, b) => byName(a.line.node, b.line.node));
}

/** By the index on the node; where one has none or two have the same, by name. */
function cellsOf(rows: readonly RiskRow[]): Array<RiskRow | undefined> {
  const indexes = new Set(rows.map(({ gpuIndex }) => gpuIndex));
  const isKnown = rows.every(({ gpuIndex = mostOnNode }) => gpuIndex < mostOnNode) && indexes.size === rows.length;
  if (!isKnown) return [...rows].sort((a, b) => byName(a.uuid, b.uuid));
  const cells: Array<RiskRow | undefined> = [];
  for (const row of rows) cells[row.gpuIndex ?? 0] = row;
  return Array.from(cells, (cell) => cell);
}

function chunksOf(cells: ReadonlyArray<RiskRow | undefined>): Array<ReadonlyArray<RiskRow | undefined>> {
  const chunks: Array<ReadonlyArray<RiskRow | undefined>> = [];
  for (let at = 0; at < cells.length; at += mostInLine) chunks.push(cells.slice(at, at + mostInLine));
  return chunks;
}

const collator = new Intl.Collator('en', { numeric: true });

function byName(a: string, b: string): number {
  return collator.compare(a, b);
}
