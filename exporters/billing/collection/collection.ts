import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../kit/clock.ts';
import { withDeadline } from '../../../kit/deadline.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { StoredLedger } from '../ledger/create-ledger.ts';
import type { Db } from '../ledger/tables.ts';
import { createBackfillBook } from './backfill-book.ts';
import { type BackfillProgress, type BackfillRequest, createBackfills } from './backfills.ts';
import type { CollectionSettings } from './collection-settings.ts';
import { createPairCollector, type PairCollector, type PairStatus } from './pair-collector.ts';
import type { Cuts } from './plan-windows.ts';
import { createRecheckBook } from './recheck-book.ts';
import { createTurns, type Turns } from './turns.ts';
import { type Pair, pairKey, type ReadWindows } from './window-reader.ts';

/** Meters all clusters, window by window, on the replica that leads. */
export interface Collection {
  /** Runs until the signal; for `leadership.start`. */
  readonly lead: (leading: AbortSignal) => Promise<void>;
  /** Of the pairs that are metered here; empty on a replica that does not lead. */
  readonly status: () => readonly PairStatus[];
  /** Why it is not known what is to be metered; undefined if it is. */
  readonly trouble: () => string | undefined;
  /** Rejects with a Refusal. May be called on any replica: the one that leads does it. */
  readonly backfill: (request: BackfillRequest) => Promise<BackfillProgress>;
  /** Those under way and the last ones that ended, the newest first. */
  readonly backfills: () => Promise<readonly BackfillProgress[]>;
  /** It ends after the windows that it is at; what is recorded stays. Undefined if there is no such back-fill. */
  readonly cancel: (id: string) => Promise<BackfillProgress | undefined>;
  /** Takes other settings from the next window on. */
  readonly configure: (next: CollectionConfig) => void;
}

/** What a reload of the configuration may change. */
export interface CollectionConfig {
  readonly read: ReadWindows;
  /** Meters and clusters that there are; it may have to ask. */
  readonly pairs: (signal: AbortSignal) => Promise<readonly Pair[]>;
  /** When the cluster of a pair was first scraped; undefined where it was not yet. */
  readonly earliest: (pair: Pair, signal: AbortSignal) => Promise<number | undefined>;
  readonly cuts: Cuts;
  readonly settings: CollectionSettings;
}

export interface CollectionDeps {
  readonly ledger: StoredLedger;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
}

/** Clusters may come and go. */
const pairsEverySeconds = 60;
const pairsDeadlineMs = 60_000;
const backfillKey = 'backfill';

export function createCollection(given: CollectionConfig, { ledger, db, clock, log }: CollectionDeps): Collection {
  let config = given;
  const recheckBook = createRecheckBook(db);
  const book = createBackfillBook(db, clock.now);
  let collectors = new Map<string, PairCollector>();
  let backfills = openBackfills();
  let pairsTrouble: string | undefined;
  let askedAt: number | undefined;

  function openBackfills() {
    const { read, settings } = config;
    const pairs = () => config.pairs(AbortSignal.timeout(pairsDeadlineMs));
    return createBackfills({ read, ledger, book, pairs, cuts: () => config.cuts, clock, log, settings });
  }

  function openPair(pair: Pair): PairCollector {
    const { read, settings, earliest } = config;
    const cuts = () => config.cuts;
    return createPairCollector(pair, { read, ledger, book: recheckBook, cuts, earliest, clock, log, settings });
  }

  async function refreshPairs(signal: AbortSignal): Promise<void> {
    if (askedAt !== undefined && clock.monotonic() - askedAt < pairsEverySeconds) return;
    askedAt = clock.monotonic();
    try {
      const late = new SourceError(`no answer within ${pairsDeadlineMs / 1000} s`);
      const pairs = await withDeadline({ ms: pairsDeadlineMs, late, outer: signal }, config.pairs);
      collectors = new Map(pairs.map((pair) => [pairKey(pair), collectors.get(pairKey(pair)) ?? openPair(pair)]));
      pairsTrouble = undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (reasonOf(error) !== pairsTrouble) log.warn('the clusters are not known', { reason: reasonOf(error) });
      pairsTrouble = reasonOf(error);
    }
  }

  async function lead(leading: AbortSignal): Promise<void> {
    const onError = (error: unknown): void => {
      if (!leading.aborted) log.error('metering failed', { reason: reasonOf(error) });
    };
    const turns = createTurns({ most: () => config.settings.concurrency, signal: leading, onError });
    const past = createTurns({ most: () => 1, signal: leading, onError });
    while (!leading.aborted) {
      await refreshPairs(leading).catch(() => undefined);
      if (!past.isBusy(backfillKey)) past.start(backfillKey, () => backfills.step(leading));
      await startTurns(turns, leading);
      // A slow source keeps its own turn busy, and nobody waits for it.
      const waiting = new AbortController();
      const patience = pause(config.settings.everyMs, AbortSignal.any([leading, waiting.signal]));
      await Promise.race([Promise.all([turns.settled(), past.settled()]), patience]);
      waiting.abort();
      const hasMore = [turns.takeMore(), past.takeMore()].includes(true);
      if (!hasMore) await pause(config.settings.everyMs, leading);
    }
    await Promise.all([turns.settled(), past.settled()]);
  }

  async function startTurns(turns: Turns, leading: AbortSignal): Promise<void> {
    for (const [key, collector] of collectors) {
      if (turns.isBusy(key) || !collector.isReady()) continue;
      await turns.place();
      if (leading.aborted) return;
      turns.start(key, () => collector.turn(leading));
    }
  }

  return {
    lead: async (leading) => {
      try {
        await lead(leading);
      } finally {
        collectors = new Map();
        askedAt = undefined;
      }
    },
    status: () => [...collectors.values()].map((each) => each.status()),
    trouble: () => pairsTrouble,
    backfill: async (request) => backfills.progress(await backfills.begin(request)),
    backfills: async () => (await book.list()).map((each) => backfills.progress(each)),
    cancel: async (id) => {
      await book.end(id, 'cancelled');
      const found = await book.find(id);
      return found === undefined ? undefined : backfills.progress(found);
    },
    configure: (next) => {
      config = next;
      collectors = new Map();
      askedAt = undefined;
      backfills = openBackfills();
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
