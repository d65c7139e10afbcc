import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { timeText } from '../ledger/check-window.ts';
import type { StoredLedger } from '../ledger/create-ledger.ts';
import { Refusal } from '../refusal.ts';
import type { Span } from '../span.ts';
import type { Backfill, BackfillBook, BackfillStep, Cursor } from './backfill-book.ts';
import { countWindows, nextWindows } from './backfill-windows.ts';
import { type BatchSize, createBatchSize } from './batch-size.ts';
import type { CollectionSettings } from './collection-settings.ts';
import { type FailedWindow, type MeterOutcome, meterWindows } from './meter-windows.ts';
import type { Cuts, Grid } from './plan-windows.ts';
import { type Pair, pairKey, type ReadWindows } from './window-reader.ts';

export interface BackfillRequest {
  readonly span: Span;
  /** All of them if they are empty. */
  readonly clusters: readonly string[];
  readonly meters: readonly string[];
  readonly by: string;
}

/** Meters stretches of the past in the background. */
export interface Backfills {
  /** Rejects with a Refusal that says what is wrong with it. */
  readonly begin: (request: BackfillRequest) => Promise<Backfill>;
  /** Some windows of the oldest that runs. Resolves with whether there is more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
  readonly progress: (backfill: Backfill) => BackfillProgress;
}

export interface BackfillProgress extends Backfill {
  /** What is metered at the moment. */
  readonly current: readonly (Pair & { readonly span: Span })[];
  /** Seconds until it is done, at the speed that this process has; undefined while that is not known. */
  readonly etaSeconds: number | undefined;
}

export interface BackfillDeps {
  readonly read: ReadWindows;
  readonly ledger: StoredLedger;
  readonly book: BackfillBook;
  readonly pairs: () => Promise<readonly Pair[]>;
  readonly cuts: () => Cuts;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: CollectionSettings;
}

/** Seconds after a step in which nothing went well, doubled each time. */
const firstPause = 15;
const longestPause = 600;
/** Windows at the end of a stretch that failed so often are given up: there is no other to tell whether it is the source. */
const mostAttempts = 8;
const mostYears = 20;
const yearMs = 366 * 86_400_000;

export function createBackfills(deps: BackfillDeps): Backfills {
  const { book, clock, log, settings } = deps;
  const current = new Map<string, Pair & { readonly span: Span }>();
  const batches = new Map<string, BatchSize>();
  let pace: { readonly id: string; readonly since: number; readonly done: number } | undefined;
  let attempts = 0;
  let restsUntil = 0;

  const grid = (): Grid => ({ windowMs: settings.windowMs, cuts: deps.cuts() });

  async function begin({ span, clusters, meters, by }: BackfillRequest): Promise<Backfill> {
    const wanted = (await deps.pairs()).filter(
      ({ cluster, meter }) =>
        (clusters.length === 0 || clusters.includes(cluster)) && (meters.length === 0 || meters.includes(meter)),
    );
    if (wanted.length === 0) throw new Refusal('invalid', 'no source meters any of these in any of these clusters');
    const whole = wholeWindows(span, clock.now() * 1000, settings);
    const cursors = wanted.map((pair): Cursor => ({ ...pair, nextMs: whole.startMs }));
    const windowsTotal = countWindows(whole, grid()) * wanted.length;
    return book.add({ span: whole, clusters, meters, by, cursors, windowsTotal });
  }

  async function step(signal: AbortSignal): Promise<boolean> {
    if (clock.monotonic() < restsUntil) return false;
    const backfill = await book.next();
    if (backfill === undefined) return false;
    if (pace?.id !== backfill.id) pace = { id: backfill.id, since: clock.monotonic(), done: backfill.windowsDone };
    const open = backfill.cursors.filter(({ nextMs }) => nextMs < backfill.span.endMs);
    if (open.length === 0) {
      await book.end(backfill.id, 'done');
      log.info('a back-fill is done', { id: backfill.id, windows: backfill.windowsDone, rows: backfill.rowsAdded });
      return true;
    }
    const some = open.slice(0, settings.backfillConcurrency);
    try {
      const steps = await Promise.all(some.map((cursor) => stepOf(cursor, backfill.span, signal)));
      const taken = joined(backfill.cursors, steps);
      await book.step(backfill.id, taken);
      rest(taken.error);
    } catch (error) {
      signal.throwIfAborted();
      rest(reasonOf(error));
      log.warn('a back-fill failed and is tried again', { id: backfill.id, reason: reasonOf(error) });
    } finally {
      current.clear();
    }
    return true;
  }

  function rest(error: string): void {
    if (error === '') {
      attempts = 0;
      return;
    }
    restsUntil = clock.monotonic() + Math.min(longestPause, firstPause * 2 ** Math.min(attempts, 10));
    attempts++;
  }

  async function stepOf(cursor: Cursor, span: Span, signal: AbortSignal): Promise<CursorStep> {
    const { cluster, meter, nextMs } = cursor;
    const left = { startMs: nextMs, endMs: span.endMs };
    const batch = batchOf(cursor);
    const stretch = await nextWindows(cursor, left, {
      ledger: deps.ledger,
      grid: grid(),
      most: batch.now(),
    });
    const { windows, known } = stretch;
    const [first = left] = windows;
    current.set(pairKey(cursor), {
      cluster,
      meter,
      span: { startMs: first.startMs, endMs: windows.at(-1)?.endMs ?? first.endMs },
    });
    const outcome = await meterAll({ cluster, meter, windows, known, signal });
    batch.learn({ windows: windows.length, samples: outcome.samples });
    const isDown = outcome.failed.length === windows.length && windows.length > 0 && attempts < mostAttempts;
    return isDown
      ? { cursor, outcome: { ...outcome, failed: [] }, error: outcome.failed[0]?.reason ?? '' }
      : { cursor: { cluster, meter, nextMs: stretch.nextMs }, outcome, error: '' };
  }

  function batchOf(pair: Pair): BatchSize {
    const batch = batches.get(pairKey(pair)) ?? createBatchSize(settings);
    batches.set(pairKey(pair), batch);
    return batch;
  }

  /** Also those that are left out when two in a row fail: if one of them can be metered, it is not the source that fails. */
  async function meterAll(request: Parameters<typeof meterWindows>[0]): Promise<MeterOutcome> {
    const outcome = await meterWindows(request, { ...deps, readDeadlineMs: settings.readDeadlineMs });
    if (outcome.untried.length === 0) return outcome;
    const more = await meterAll({ ...request, windows: outcome.untried });
    return {
      recorded: [...outcome.recorded, ...more.recorded],
      held: [...outcome.held, ...more.held],
      kept: [...outcome.kept, ...more.kept],
      failed: [...outcome.failed, ...more.failed],
      untried: [],
      samples: outcome.samples + more.samples,
    };
  }

  return {
    begin,
    step,
    progress: (backfill) => {
      const isOurs = pace?.id === backfill.id && backfill.state === 'running';
      return {
        ...backfill,
        current: isOurs ? [...current.values()] : [],
        etaSeconds: isOurs && pace !== undefined ? eta(backfill, pace, clock.monotonic()) : undefined,
      };
    },
  };
}

interface CursorStep {
  readonly cursor: Cursor;
  readonly outcome: MeterOutcome;
  readonly error: string;
}

function joined(cursors: readonly Cursor[], steps: readonly CursorStep[]): BackfillStep {
  const moved = new Map(steps.map(({ cursor }) => [pairKey(cursor), cursor]));
  const sum = (count: (outcome: MeterOutcome) => number): number =>
    steps.reduce((total, { outcome }) => total + count(outcome), 0);
  return {
    cursors: cursors.map((cursor) => moved.get(pairKey(cursor)) ?? cursor),
    done: sum(({ recorded, held, kept, failed }) => recorded.length + held.length + kept.length + failed.length),
    rows: sum(({ recorded }) => recorded.reduce((rows, each) => rows + each.rows, 0)),
    held: sum(({ held }) => held.length),
    failed: sum(({ failed }) => failed.length),
    problems: steps.flatMap(({ cursor, outcome }) => outcome.failed.map((failed) => problemText(cursor, failed))),
    error: steps.map(({ error }) => error).find((error) => error !== '') ?? '',
  };
}

function problemText({ cluster, meter }: Pair, { span, reason }: FailedWindow): string {
  return `${meter} in ${cluster} from ${timeText(span.startMs)} to ${timeText(span.endMs)}: ${reason}`;
}

/** Grown to whole windows, and cut off where windows are not over yet. */
function wholeWindows(span: Span, nowMs: number, { windowMs, delayMs }: CollectionSettings): Span {
  const startMs = Math.max(0, Math.floor(span.startMs / windowMs) * windowMs);
  const overMs = Math.floor((nowMs - delayMs) / windowMs) * windowMs;
  const endMs = Math.min(Math.ceil(span.endMs / windowMs) * windowMs, overMs);
  if (!(endMs > startMs)) {
    throw new Refusal(
      'invalid',
      `there is no window between ${timeText(span.startMs)} and ${timeText(span.endMs)} that is over`,
    );
  }
  if (endMs - startMs > mostYears * yearMs)
    throw new Refusal('invalid', `a back-fill may have ${mostYears} years at most`);
  return { startMs, endMs };
}

function eta(
  { windowsDone, windowsTotal }: Backfill,
  { since, done }: { readonly since: number; readonly done: number },
  now: number,
): number | undefined {
  const doneSince = windowsDone - done;
  if (doneSince <= 0) return undefined;
  return Math.round(((now - since) / doneSince) * Math.max(0, windowsTotal - windowsDone));
}
