import { type CounterName, type CounterPart, type CounterRow, createCounterBook } from './counter-book.ts';
import type { CounterStorage } from './counter-store.ts';

/**
 * Costs and usage that never fall, on several replicas and across restarts. What is shown was stored before, so a crash shows less at
 * most for a while, never less than was shown.
 */
export interface Counters {
  readonly rows: () => readonly CounterRow[];
  readonly folded: () => ReadonlyMap<CounterName, number>;
  /** Of the leader: takes what the parts are now. Rejects, and changes nothing, if it cannot be stored. */
  readonly tell: (parts: readonly CounterPart[]) => Promise<void>;
  /** Of the others, and of whoever begins to lead: reads what was stored. */
  readonly refresh: () => Promise<void>;
}

export interface CounterDeps {
  readonly storage: CounterStorage;
  /** For each of the counters. */
  readonly maxSeries: number;
  readonly nowMs: () => number;
}

/** Opens the books; `refresh` must have run once before anything is told. */
export function createCounters({ storage, maxSeries, nowMs }: CounterDeps): Counters {
  let book = createCounterBook({ totals: [], parts: [] }, { maxSeries });
  let folded: ReadonlyMap<CounterName, number> = new Map();
  let isRead = false;
  let turn: Promise<void> = Promise.resolve();

  /** One after the other: two that reckon from the same state would count the same growth twice. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function read(): Promise<void> {
    book = createCounterBook(await storage.load(), { maxSeries });
    isRead = true;
  }

  return {
    rows: () => book.rows(),
    folded: () => folded,
    refresh: () => inTurn(read),
    tell: (parts) =>
      inTurn(async () => {
        if (!isRead) await read();
        const reckoned = book.reckon(parts, nowMs());
        folded = reckoned.folded;
        const { changes } = reckoned;
        if (changes.totals.length + changes.parts.length === 0) return;
        try {
          await storage.save(changes, nowMs());
        } catch (error) {
          // Whether it was stored is not known: a commit may succeed and its answer be lost.
          isRead = false;
          throw error;
        }
        book.enter(changes, nowMs());
      }),
  };
}
