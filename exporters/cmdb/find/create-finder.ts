import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';
import type { FindEntry } from './find-entry.ts';
import { type Chunk, type FindIndex, indexOf, withContexts } from './find-index.ts';
import { type Filter, parseFind } from './find-language.ts';
import { createFilterTest } from './match-filter.ts';
import { ranks, rankWord } from './match-word.ts';

export interface FindOptions {
  readonly limit?: number;
  /** Of the page before. */
  readonly cursor?: string | undefined;
}

export interface Found {
  readonly items: readonly Item[];
  /** How many fit, on all pages. */
  readonly total: number;
  /** Of the next page; undefined on the last. */
  readonly cursor: string | undefined;
  /** What of the query was not taken into account, for people. */
  readonly notes: readonly string[];
}

export interface Finder {
  /** Throws FindError. */
  readonly find: (typed: string, options?: FindOptions) => Found;
  /**
   * Looks anew at where items are and whose they are, so many chunks of some hundred items at a time; true when none is left. To be called
   * until then after the inventory has changed, and not while somebody waits: words such as the name of a rack find by what it saw last.
   */
  readonly refresh: (chunks?: number) => boolean;
}

interface Hit extends Position {
  readonly item: Item;
}

const defaultLimit = 50;
const maxLimit = 1000;

/**
 * Searches as people type. An item that has changed is found by what it is now, and filters tell where everything is now; only plain words
 * for the place and the owner of items that have not changed themselves wait for `refresh`.
 */
export function createFinder(inventory: Inventory): Finder {
  let index: FindIndex | undefined;
  let [left, leftOf] = [0, Number.NaN];
  const followed = (): FindIndex => {
    index = indexOf(inventory, index);
    return index;
  };
  return {
    refresh: (chunks = Number.POSITIVE_INFINITY) => {
      let next = followed();
      if (leftOf !== next.revision) [left, leftOf] = [next.chunks.length, next.revision];
      for (let done = 0; done < chunks && left > 0; done++) next = withContexts(inventory, next, --left);
      index = next;
      return left === 0;
    },
    find: (typed, { limit = defaultLimit, cursor } = {}) => {
      const { chunks, attributes } = followed();
      const query = parseFind(typed, attributes);
      const room = Math.min(Math.max(1, Math.floor(limit) || defaultLimit), maxLimit);
      const page = createPage(room, cursor === undefined ? undefined : decodeCursor(cursor));
      // The cheap ones first: few items are left for those that ask where an item is.
      const tests = query.filters
        .toSorted((a, b) => costOf(a) - costOf(b))
        .map((filter) => createFilterTest(inventory, filter));
      for (const chunk of chunks) searchChunk(chunk, query.words, tests, page);
      const hits = page.hits();
      const last = hits.at(-1);
      return {
        items: hits.map(({ item }) => item),
        total: page.total(),
        cursor: page.hasMore() && last !== undefined ? encodeCursor(last) : undefined,
        notes: query.notes,
      };
    },
  };
}

/** An item is as good as the word of the query that fits it worst. */
function searchChunk(
  chunk: Chunk,
  words: readonly string[],
  tests: readonly ((item: Item) => boolean)[],
  page: Page,
): void {
  const worst = new Uint8Array(chunk.entries.length);
  const best = new Uint8Array(chunk.entries.length);
  for (const word of words) {
    best.fill(ranks.none);
    rankWord(chunk, word, best);
    for (let entry = 0; entry < worst.length; entry++) worst[entry] = Math.max(worst[entry] ?? 0, best[entry] ?? 0);
  }
  for (const [position, entry] of chunk.entries.entries()) {
    const rank = worst[position] ?? ranks.none;
    if (rank === ranks.none || !tests.every((test) => test(entry.item))) continue;
    page.add(rank, entry);
  }
}

function costOf({ key }: Filter): number {
  return key === 'class' || key === 'state' ? 0 : 1;
}

interface Page {
  readonly add: (rank: number, entry: FindEntry) => void;
  readonly hits: () => readonly Hit[];
  readonly total: () => number;
  readonly hasMore: () => boolean;
}

/** Keeps the best of what comes behind the position, and counts all. */
function createPage(limit: number, after: Position | undefined): Page {
  let kept: Hit[] = [];
  let [total, behind] = [0, 0];
  /** The last that would be shown of those so far; nothing behind it has to be kept. */
  let bound: Hit | undefined;
  const settle = (): void => {
    kept = kept.sort(compare).slice(0, limit);
    bound = kept[limit - 1];
  };
  return {
    add: (rank, { order, item }) => {
      total++;
      const hit = { rank, order, id: item.id, item };
      if (after !== undefined && compare(hit, after) <= 0) return;
      behind++;
      if (bound !== undefined && compare(hit, bound) >= 0) return;
      kept.push(hit);
      if (kept.length >= limit * 2) settle();
    },
    hits: () => {
      settle();
      return kept;
    },
    total: () => total,
    hasMore: () => behind > limit,
  };
}

function compare(a: Position, b: Position): number {
  return a.rank - b.rank || (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id - b.id);
}
