import type { Span } from '../span.ts';
import type { Coverage } from '../usage.ts';

/** A window that could not be recorded yet, and why. */
export interface WaitingWindow {
  readonly span: Span;
  readonly kind: 'held' | 'failed';
  /** In words. */
  readonly reason: string;
  readonly attempts: number;
  /** Seconds. */
  readonly since: number;
}

/** Windows of one pair that wait, and when they are tried again; in memory, since a restart finds them again. */
export interface WaitingWindows {
  readonly list: () => readonly WaitingWindow[];
  readonly isResting: (span: Span) => boolean;
  readonly hold: (span: Span, coverage: Coverage) => void;
  readonly fail: (span: Span, reason: string) => void;
  readonly clear: (span: Span) => void;
  /** Forgets those that lie outside of what is left to be recorded. */
  readonly keep: (left: readonly Span[]) => void;
}

/** Seconds until a held window is read again, doubled each time. */
const holdPauses = { first: 300, longest: 3600 };
const failurePauses = { first: 30, longest: 1800 };

interface Entry extends WaitingWindow {
  readonly restsUntil: number;
}

export function createWaitingWindows(clock: {
  readonly now: () => number;
  readonly monotonic: () => number;
}): WaitingWindows {
  const waiting = new Map<string, Entry>();

  function put(span: Span, kind: WaitingWindow['kind'], reason: string): void {
    const before = waiting.get(keyOf(span));
    const attempts = before?.kind === kind ? before.attempts + 1 : 1;
    const { first, longest } = kind === 'held' ? holdPauses : failurePauses;
    const pause = Math.min(longest, first * 2 ** Math.min(attempts - 1, 20));
    const since = before?.since ?? clock.now();
    waiting.set(keyOf(span), { span, kind, reason, attempts, since, restsUntil: clock.monotonic() + pause });
  }

  return {
    list: () =>
      [...waiting.values()].map(({ restsUntil: _, ...each }) => each).sort((a, b) => a.span.startMs - b.span.startMs),
    isResting: (span) => (waiting.get(keyOf(span))?.restsUntil ?? 0) > clock.monotonic(),
    hold: (span, coverage) => put(span, 'held', heldReason(coverage)),
    fail: (span, reason) => put(span, 'failed', reason),
    clear: (span) => void waiting.delete(keyOf(span)),
    keep: (left) => {
      for (const [key, { span }] of waiting) {
        if (!left.some(({ startMs, endMs }) => span.startMs >= startMs && span.endMs <= endMs)) waiting.delete(key);
      }
    },
  };
}

function keyOf({ startMs, endMs }: Span): string {
  return `${startMs} ${endMs}`;
}

function heldReason({ expectedScrapes, seenScrapes, gapMs }: Coverage): string {
  return `${seenScrapes} of ${expectedScrapes} scrapes were seen, ${Math.round(gapMs / 1000)} s are missing`;
}
