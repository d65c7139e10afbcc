import type { Clock } from '../../../kit/clock.ts';
import type { StoredLedger } from '../ledger/create-ledger.ts';
import type { WindowRecord } from '../ledger/ledger.ts';
import type { CollectionSettings } from './collection-settings.ts';
import { dueRechecks } from './due-rechecks.ts';
import type { MeterOutcome } from './meter-windows.ts';
import type { RecheckBook } from './recheck-book.ts';
import type { Pair } from './window-reader.ts';

/** Which recorded windows of a pair are to be metered once more. */
export interface Rechecks {
  /** Some of them, the oldest first. */
  readonly due: (fromMs: number) => Promise<readonly WindowRecord[]>;
  readonly done: (windows: readonly WindowRecord[], outcome: MeterOutcome) => Promise<void>;
}

export interface RecheckDeps {
  readonly pair: Pair;
  readonly ledger: Pick<StoredLedger, 'windows'>;
  readonly book: RecheckBook;
  readonly clock: Clock;
  readonly settings: Pick<CollectionSettings, 'recheckMs' | 'windowsAtOnce'>;
}

const dayMs = 86_400_000;
/** Rechecks are looked for so often; between, nothing can have become due that matters. */
const lookEverySeconds = 300;
/** A last recheck that fails for longer than this after it was due is given up. */
const patienceMs = dayMs;

export function createRechecks({ pair, ledger, book, clock, settings }: RecheckDeps): Rechecks {
  const { recheckMs, windowsAtOnce } = settings;
  const last = new Map<number, number>();
  let doneUntilMs: number | undefined;
  let restsUntil = 0;

  async function due(fromMs: number): Promise<readonly WindowRecord[]> {
    if (clock.monotonic() < restsUntil || recheckMs === 0) return [];
    const nowMs = clock.now() * 1000;
    doneUntilMs ??= (await book.doneUntil(pair)) ?? fromMs;
    await skipOver(nowMs);
    const span = { startMs: doneUntilMs, endMs: nowMs };
    const windows = await ledger.windows({
      ...pair,
      span: { ...span, endMs: Math.min(nowMs, span.startMs + 2 * recheckMs) },
    });
    const lastMs = ({ span: { startMs } }: WindowRecord): number | undefined => last.get(startMs);
    for (const startMs of last.keys()) if (startMs < doneUntilMs) last.delete(startMs);
    const found = dueRechecks({ windows, nowMs, recheckMs, doneUntilMs, lastMs });
    if (found.length === 0) {
      restsUntil = clock.monotonic() + lookEverySeconds;
      await advance(windows, nowMs);
    }
    return found.slice(0, windowsAtOnce);
  }

  /** After a long pause there may be months without a window that has to be rechecked. */
  async function skipOver(nowMs: number): Promise<void> {
    const until = doneUntilMs ?? nowMs;
    if (until >= nowMs - recheckMs - patienceMs) return;
    doneUntilMs = nowMs - recheckMs - patienceMs;
    await book.setDone(pair, doneUntilMs);
  }

  /** All windows that end by then are through. */
  async function advance(windows: readonly WindowRecord[], nowMs: number): Promise<void> {
    const through = windows.filter(({ span }) => span.endMs + recheckMs <= nowMs).map(({ span }) => span.endMs);
    const until = Math.max(doneUntilMs ?? 0, ...through);
    if (until === doneUntilMs) return;
    doneUntilMs = until;
    await book.setDone(pair, until);
  }

  return {
    due,
    done: async (windows, { failed, untried }) => {
      const nowMs = clock.now() * 1000;
      const unfinished = new Set([...failed.map(({ span }) => span.startMs), ...untried.map(({ startMs }) => startMs)]);
      for (const { span } of windows) last.set(span.startMs, nowMs);
      const first = Math.min(...unfinished, Number.POSITIVE_INFINITY);
      // The last rechecks come in the order of time, so those before the first that failed are through.
      await advance(
        windows.filter(({ span }) => span.endMs <= first),
        nowMs,
      );
      if (unfinished.size > 0) restsUntil = clock.monotonic() + lookEverySeconds;
    },
  };
}
