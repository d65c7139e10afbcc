import type { Clock } from '../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { StoredLedger } from '../ledger/create-ledger.ts';
import type { Watermark } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import { createBatchSize } from './batch-size.ts';
import type { CollectionSettings } from './collection-settings.ts';
import { type MeterOutcome, meterWindows } from './meter-windows.ts';
import { type Cuts, uncovered, windowsFrom, windowsWithin } from './plan-windows.ts';
import type { RecheckBook } from './recheck-book.ts';
import { createRechecks } from './rechecks.ts';
import { createWaitingWindows, type WaitingWindow } from './waiting-windows.ts';
import type { Pair, ReadWindows } from './window-reader.ts';

/** Meters one pair: what is over now, and again what may have changed. */
export interface PairCollector {
  readonly pair: Pair;
  /** Some windows at a time. Resolves with whether there is more to do at once; never rejects but for a signal. */
  readonly turn: (signal: AbortSignal) => Promise<boolean>;
  /** False while it has a pause after failures. */
  readonly isReady: () => boolean;
  readonly status: () => PairStatus;
}

export interface PairStatus extends Pair {
  /** Windows that are over and not recorded yet, as of the last turn. */
  readonly pendingWindows: number;
  readonly waiting: readonly WaitingWindow[];
  /** Recorded windows that were seen worse later and stayed as they are, since the start. */
  readonly keptWindows: number;
  /** Windows that this process has recorded: new ones, and later revisions. */
  readonly recorded: { readonly first: number; readonly later: number };
  /** Why the last turn failed; undefined if it did not. */
  readonly trouble: string | undefined;
  /** Of a turn in which all went well; seconds, undefined for none yet. */
  readonly succeededAt: number | undefined;
}

export interface PairDeps {
  readonly read: ReadWindows;
  readonly ledger: StoredLedger;
  readonly book: RecheckBook;
  readonly cuts: () => Cuts;
  /** When the cluster was first scraped; undefined where it was not yet. */
  readonly earliest: (pair: Pair, signal: AbortSignal) => Promise<number | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: CollectionSettings;
}

/** Without windows that are not over; those that are cut make it a little too small. */
function countOf({ startMs, endMs }: Span, overMs: number, windowMs: number): number {
  return endMs >= overMs
    ? Math.max(0, Math.floor(overMs / windowMs) - Math.floor(startMs / windowMs))
    : Math.ceil(endMs / windowMs) - Math.floor(startMs / windowMs);
}

/** So that months are not planned at once. Days begin where windows do. */
function* daysOf(pieces: readonly Span[]): Generator<Span> {
  for (const { startMs, endMs } of pieces) {
    for (let at = startMs; at < endMs; ) {
      const next = Math.min(endMs, (Math.floor(at / dayMs) + 1) * dayMs);
      yield { startMs: at, endMs: next };
      at = next;
    }
  }
}

const dayMs = 86_400_000;

/** Seconds after a turn in which nothing went well, doubled each time. */
const firstPause = 15;
const longestPause = 600;

export function createPairCollector(pair: Pair, deps: PairDeps): PairCollector {
  const { ledger, clock, log, settings } = deps;
  const { readDeadlineMs, delayMs, windowMs } = settings;
  const batch = createBatchSize(settings);
  const waiting = createWaitingWindows(clock);
  const rechecks = createRechecks({ pair, ledger, book: deps.book, clock, settings });
  const counts = { first: 0, later: 0, kept: 0 };
  let pending = 0;
  let trouble: string | undefined;
  let succeededAt: number | undefined;
  let failures = 0;
  let restsUntil = 0;

  async function turn(signal: AbortSignal): Promise<boolean> {
    try {
      const mark = await watermark(signal);
      const due = await dueWindows(mark);
      if (due.length > 0) return await meterNew(due.slice(0, batch.now()), due.length, signal);
      return await recheck(mark.fromMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      rest(reasonOf(error));
      return false;
    }
  }

  async function watermark(signal: AbortSignal): Promise<Watermark> {
    return (await ledger.begun(pair)) ?? ledger.begin({ ...pair, fromMs: await startMs(signal) });
  }

  async function startMs(signal: AbortSignal): Promise<number> {
    if (settings.startMs !== undefined) return Math.floor(settings.startMs / windowMs) * windowMs;
    const now = new Date(clock.now() * 1000);
    const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
    const earliest = await deps.earliest(pair, signal);
    if (earliest === undefined) {
      throw new SourceError(
        `no target of the cluster ${pair.cluster} has been scraped yet; metering begins with its first scrape`,
      );
    }
    return Math.max(monthMs, Math.floor(earliest / windowMs) * windowMs);
  }

  /** Windows that are over, are not recorded, and do not rest after a failure; the oldest first, and one more than are metered at once. */
  async function dueWindows(mark: Watermark): Promise<readonly Span[]> {
    const overMs = clock.now() * 1000 - delayMs;
    const span = { startMs: mark.untilMs, endMs: overMs };
    const left = overMs <= mark.untilMs ? [] : uncovered(span, await ledger.recordedSpans({ ...pair, span }));
    pending = left.reduce((count, piece) => count + countOf(piece, overMs, windowMs), 0);
    waiting.keep(left);
    const due: Span[] = [];
    for (const piece of daysOf(left)) {
      if (due.length > batch.now()) break;
      due.push(...windowsOf(piece, overMs).filter((each) => each.endMs <= overMs && !waiting.isResting(each)));
    }
    return due;
  }

  /** Only what reaches up to now may go on beyond its end. */
  function windowsOf(piece: Span, overMs: number): readonly Span[] {
    const grid = { windowMs, cuts: deps.cuts() };
    return piece.endMs >= overMs ? windowsFrom(piece, grid) : windowsWithin(piece, grid);
  }

  async function meterNew(windows: readonly Span[], dueCount: number, signal: AbortSignal): Promise<boolean> {
    const outcome = await meterWindows({ ...pair, windows, signal }, { ...deps, readDeadlineMs });
    take(outcome, windows.length);
    pending -= outcome.recorded.length;
    for (const { span, coverage } of outcome.held) waiting.hold(span, coverage);
    for (const { span, reason } of outcome.failed) waiting.fail(span, reason);
    for (const { span } of outcome.recorded) waiting.clear(span);
    const [failed] = outcome.failed;
    if (failed === undefined) {
      settle();
    } else if (outcome.recorded.length + outcome.held.length === 0) {
      rest(failed.reason);
      return false;
    } else {
      failures = 0;
      report(failed.reason);
    }
    return outcome.recorded.length > 0 || dueCount > windows.length || outcome.untried.length > 0;
  }

  async function recheck(fromMs: number, signal: AbortSignal): Promise<boolean> {
    const known = (await rechecks.due(fromMs)).slice(0, batch.now());
    if (known.length === 0) {
      settle();
      return false;
    }
    const windows = known.map(({ span }) => span);
    const outcome = await meterWindows({ ...pair, windows, known, signal }, { ...deps, readDeadlineMs });
    take(outcome, windows.length);
    await rechecks.done(known, outcome);
    const [failed] = outcome.failed;
    if (failed === undefined) return true;
    rest(failed.reason);
    return false;
  }

  function take({ recorded, kept, samples }: MeterOutcome, windows: number): void {
    batch.learn({ windows, samples });
    counts.kept += kept.length;
    for (const { revision, rows } of recorded) {
      if (revision === 0) counts.first++;
      else if (rows > 0) counts.later++;
    }
    const changed = recorded.filter(({ revision, rows }) => revision > 0 && rows > 0);
    if (changed.length > 0) log.info('late data has changed recorded windows', { ...pair, windows: changed.length });
  }

  /** All is well but for windows that wait for data; one that fails goes on being told. */
  function settle(): void {
    failures = 0;
    if (waiting.list().some(({ kind }) => kind === 'failed')) return;
    report(undefined);
    succeededAt = clock.now();
  }

  function rest(reason: string): void {
    report(reason);
    restsUntil = clock.monotonic() + Math.min(longestPause, firstPause * 2 ** Math.min(failures, 10));
    failures++;
  }

  /** Once for each change of what is wrong, not once for each turn. */
  function report(reason: string | undefined): void {
    if (reason === trouble) return;
    trouble = reason;
    if (reason === undefined) log.info('metering goes on', { ...pair });
    else log.warn('metering failed and is tried again', { ...pair, reason });
  }

  return {
    pair,
    turn,
    isReady: () => clock.monotonic() >= restsUntil,
    status: () => ({
      ...pair,
      pendingWindows: pending,
      waiting: waiting.list(),
      keptWindows: counts.kept,
      recorded: { first: counts.first, later: counts.later },
      trouble,
      succeededAt,
    }),
  };
}
