import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { AttributeValue } from '../../model/item.ts';
import type { ObservedItems } from '../observed-items.ts';
import { type RecordOptions, readRecord } from './read-record.ts';
import { addRecord, keyOf } from './record-to-items.ts';

/** One item as a file tells it: a row of CSV, or an entry of YAML. */
export interface Entry {
  /** Where it stands in the file: a line, or a number in a list. */
  readonly line: number;
  readonly fields: ReadonlyMap<string, AttributeValue>;
}

export interface RowOptions extends RecordOptions {
  /** For problems; it is the scope of the items too. */
  readonly file: string;
  readonly onProgress?: ((rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const progressEvery = 1000;

/**
 * Adds the items that the rows tell. A row that makes no sense is left out and makes the file incomplete, so that its item is not taken for
 * missing. Rejects with the error of `rows` if the file breaks off.
 */
export async function rowsToItems(
  rows: AsyncIterable<Entry> | Iterable<Entry>,
  options: RowOptions,
  items: ObservedItems,
): Promise<void> {
  const seen = new Map<string, number>();
  let count = 0;
  for await (const entry of rows) {
    if (options.signal?.aborted) throw new SourceError('stopped');
    count += 1;
    if (count % progressEvery === 0) options.onProgress?.(count);
    if (entry.fields.size > 0) addEntry(entry, options, { items, seen });
  }
}

interface Gathered {
  readonly items: ObservedItems;
  /** Line by the key of the item that it is about. */
  readonly seen: Map<string, number>;
}

function addEntry({ line, fields }: Entry, options: RowOptions, { items, seen }: Gathered): void {
  const where = `${options.file}:${line}`;
  try {
    const record = readRecord(fields, where, options);
    const key = keyOf(record);
    const before = seen.get(key);
    if (before === undefined) addRecord(record, items, options.file);
    else items.problem(where, `is about ${key} again, which line ${before} is about; this one is left out`);
    seen.set(key, before ?? line);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    items.failScope(options.file, reasonOf(error));
  }
}
