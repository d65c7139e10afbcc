import type { Clock } from '../../../../kit/clock.ts';
import { sourceKinds } from '../../journal.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import type { FileStats } from './file-system.ts';
import type { TailInspection } from './inspect-tail.ts';
import type { LookAtTails } from './look-at-tails.ts';
import type { TailReader } from './read-tail.ts';
import { type Tail, unreadBytes } from './tail.ts';
import { type TailState, takeAbsence, takeStats } from './tail-state.ts';
import type { TroubleLog } from './trouble-log.ts';
import { isGone } from './walk.ts';

interface Deps {
  readonly look: LookAtTails;
  readonly reader: TailReader;
  readonly inspection: TailInspection;
  readonly ledger: SourceLedger;
  readonly troubles: TroubleLog;
  readonly clock: Clock;
  /** How often files are looked at that do not grow. */
  readonly idlePollSeconds: number;
  /** What one poll reads of all files together. */
  readonly budgetBytes: number;
}

export interface PollOutcome {
  /** Files that are there no more. */
  readonly gone: readonly Tail[];
  /** Whether something is left for the next poll. */
  readonly isBehind: boolean;
}

interface Round {
  waiting: readonly Tail[];
  budget: number;
  /** Files that began anew in this poll; once is enough for one that is written anew all the time. */
  readonly replaced: Set<Tail>;
}

/** Looks at files and reads what came. One poll at a time. */
export type PollTails = (tails: readonly Tail[]) => Promise<PollOutcome>;

export function createTailPoll(deps: Deps): PollTails {
  const { look, reader, inspection, ledger, troubles, clock } = deps;

  function stateOf(tail: Tail, error: unknown, stats: FileStats | undefined): TailState {
    if (isGone(error) || stats?.isFile() === false) return takeAbsence(tail);
    if (stats === undefined) {
      troubles.report(tail.kind, tail.path, 'look', error);
      return 'same';
    }
    troubles.clear(tail.path, 'look');
    return takeStats(tail, stats, clock.monotonic());
  }

  function planNextLook(tail: Tail): void {
    const now = clock.monotonic();
    tail.nextLookAt = tail.hotUntil > now ? now : now + deps.idlePollSeconds;
  }

  /** In turns, so that no file waits for another one to be read whole, unless that one is an older part of the same history. */
  async function readAll(tails: readonly Tail[]): Promise<boolean> {
    const round: Round = { waiting: tails, budget: deps.budgetBytes, replaced: new Set() };
    while (round.waiting.length > 0 && round.budget > 0) await readRound(round);
    for (const tail of round.waiting) leaveForLater(tail);
    return round.waiting.length > 0;
  }

  async function readRound(round: Round): Promise<void> {
    const more = new Set<Tail>();
    for (const tail of round.waiting) {
      const mustWait = round.budget <= 0 || (tail.readAfter !== undefined && more.has(tail.readAfter));
      const hasMore = mustWait || (await attempt(tail, () => readTurn(tail, round)));
      if (hasMore === true) more.add(tail);
      else settle(tail);
    }
    round.waiting = [...more];
  }

  /** Whether there is more to be had now. */
  async function readTurn(tail: Tail, round: Round): Promise<boolean> {
    const result = await reader.readOn(tail, round.budget);
    if (result.is === 'replaced') {
      if (round.replaced.has(tail)) return false;
      round.replaced.add(tail);
      await inspection.inspect(tail);
      return unreadBytes(tail) > 0;
    }
    troubles.clear(tail.path, 'read');
    ledger.bytes(tail.kind, result.bytes);
    round.budget -= result.bytes;
    // The file became shorter since it was looked at.
    if (result.bytes === 0) return false;
    if (unreadBytes(tail) === 0 && tail.readPath !== tail.path) await inspection.switchOver(tail);
    return unreadBytes(tail) > 0;
  }

  function settle(tail: Tail): void {
    if (tail.piecesBehind === 0) return;
    // The end of what was there when nobody looked was written when the file was written last.
    const isOld = tail.isFirstRead || tail.piecesBehind > 1;
    const now = clock.now();
    tail.decoder.settle(isOld ? Math.min(tail.mtimeSeconds, now) : now);
    tail.piecesBehind = 0;
    tail.isFirstRead = false;
    tail.readAfter = undefined;
  }

  function leaveForLater(tail: Tail): void {
    tail.decoder.settle(undefined);
    tail.nextLookAt = 0;
  }

  async function attempt<T>(tail: Tail, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      // What is gone shows at the next look.
      if (!isGone(error)) troubles.report(tail.kind, tail.path, 'read', error);
      tail.nextLookAt = 0;
      return undefined;
    }
  }

  return async (tails) => {
    const by: Record<TailState, Tail[]> = { same: [], grew: [], suspicious: [], gone: [] };
    await look(tails, (tail, error, stats) => {
      by[stateOf(tail, error, stats)].push(tail);
      planNextLook(tail);
    });
    for (const tail of by.suspicious) await attempt(tail, () => inspection.inspect(tail));
    // Not in the order in which the disk answered.
    const changed = new Set([...by.grew, ...by.suspicious]);
    const unread = tails.filter((tail) => changed.has(tail) && unreadBytes(tail) > 0).sort(leadingFirst);
    return { gone: by.gone, isBehind: await readAll(unread) };
  };
}

/**
 * Of several kinds of sources of one run the one that stands first says how long steps took. If another one came before it, its steps would
 * be known already and tell nothing.
 */
function leadingFirst(a: Tail, b: Tail): number {
  return sourceKinds.indexOf(a.kind) - sourceKinds.indexOf(b.kind);
}
