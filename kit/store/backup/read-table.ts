import type { ClientBase } from 'pg';
import { quoted } from '../session.ts';
import { copyOut } from './copy.ts';
import type { RowSum } from './row-sum.ts';
import type { Table } from './tables.ts';

/** How much of a table is read at once, in blocks of 8 KiB: as many as fill a chunk of this size. */
const chunkBytes = 4 * 1024 * 1024;
const firstBlocks = 64;
const mostBlocks = 4096;

export interface TableChunk {
  readonly lines: Buffer;
  /** How many blocks of the table have been read by now. */
  readonly blocks: number;
}

/** The rows of a table as COPY writes them, so many at a time that they fit into memory. Adds them to the sum. */
export async function* readTable(
  client: ClientBase,
  schema: string,
  { from, columns, blocks }: Table,
  sum: RowSum,
): AsyncGenerator<TableChunk> {
  const list = columns.map(quoted).join(', ');
  let width = firstBlocks;
  for (let at = 0; at < blocks; ) {
    const end = at + width;
    const lines: Buffer[] = [];
    let bytes = 0;
    const range = `ctid >= '(${at},0)'::tid${end < blocks ? ` and ctid < '(${end},0)'::tid` : ''}`;
    const statement = `copy (select ${list} from ${quoted(schema)}.${quoted(from)} where ${range}) to stdout`;
    await copyOut(client, statement, (line) => {
      sum.add(line);
      bytes += line.length;
      lines.push(Buffer.from(line));
    });
    if (bytes > 0) yield { lines: Buffer.concat(lines, bytes), blocks: Math.min(end, blocks) };
    at = end;
    width = bytes > chunkBytes ? Math.max(1, Math.floor(width / 2)) : Math.min(mostBlocks, width * 2);
  }
}
