import type { Inventory } from '../inventory/inventory.ts';
import { contextOf, entryOf, type FindEntry } from './find-entry.ts';

/** The text of some hundred items in one string, in which the engine looks faster than in each of them. */
export interface Chunk {
  readonly entries: readonly FindEntry[];
  readonly text: string;
  /** Where the text of each entry begins, and at the end where the last one ends. */
  readonly starts: Int32Array;
}

export interface FindIndex {
  readonly chunks: readonly Chunk[];
  /** Keys of attributes that items have. */
  readonly attributes: ReadonlySet<string>;
  readonly revision: number;
}

const entriesPerChunk = 512;

/**
 * The index of the inventory as it is, made from the one before: only the text of items that have changed is made anew. Where the others are
 * and whose they are stays as it was in their text until `withContexts` has looked.
 */
export function indexOf(inventory: Inventory, before: FindIndex | undefined): FindIndex {
  if (before?.revision === inventory.revision) return before;
  const known = new Map(before?.chunks.flatMap(({ entries }) => entries).map((entry) => [entry.item, entry]));
  const entries: FindEntry[] = [];
  const attributes = new Set<string>();
  for (const item of inventory.items()) {
    entries.push(known.get(item) ?? entryOf(item, contextOf(inventory, item)));
    for (const key of Object.keys(item.attributes)) attributes.add(key);
  }
  entries.sort((a, b) => a.item.id - b.item.id);
  const chunks: Chunk[] = [];
  for (let first = 0; first < entries.length; first += entriesPerChunk)
    chunks.push(chunkOf(entries.slice(first, first + entriesPerChunk), before?.chunks[chunks.length]));
  return { chunks, attributes, revision: inventory.revision };
}

/** The same index after a look at where the items of one chunk are and whose they are. */
export function withContexts(inventory: Inventory, index: FindIndex, position: number): FindIndex {
  const chunk = index.chunks[position];
  if (chunk === undefined) return index;
  const entries = chunk.entries.map((entry) => {
    const context = contextOf(inventory, entry.item);
    return context === entry.context ? entry : entryOf(entry.item, context);
  });
  const next = chunkOf(entries, chunk);
  return next === chunk ? index : { ...index, chunks: index.chunks.with(position, next) };
}

function chunkOf(entries: readonly FindEntry[], before: Chunk | undefined): Chunk {
  if (before?.entries.length === entries.length && before.entries.every((entry, index) => entry === entries[index]))
    return before;
  const starts = new Int32Array(entries.length + 1);
  let length = 0;
  for (const [index, entry] of entries.entries()) {
    starts[index] = length;
    length += entry.text.length;
  }
  starts[entries.length] = length;
  return { entries, text: entries.map(({ text }) => text).join(''), starts };
}
