import type { WindowRecord } from '../ledger/ledger.ts';

/** A window of which something was missing is metered again after this time, and then each time that it has become twice as old. */
const firstPauseMs = 3_600_000;

export interface RecheckInput {
  readonly windows: readonly WindowRecord[];
  readonly nowMs: number;
  readonly recheckMs: number;
  /** Windows that end by then have had their last recheck. */
  readonly doneUntilMs: number;
  /** When this process has rechecked it last; undefined for never. */
  readonly lastMs: (window: WindowRecord) => number | undefined;
}

/**
 * Late data shows itself by what was missing before, so incomplete windows are metered again several times. Each window is metered once more at the
 * end, since not all that is late leaves a gap.
 */
export function dueRechecks(input: RecheckInput): readonly WindowRecord[] {
  return input.windows.filter((window) => isFinalDue(window, input) || isIncompleteDue(window, input));
}

function isFinalDue({ span, recordedAt }: WindowRecord, { nowMs, recheckMs, doneUntilMs }: RecheckInput): boolean {
  const finalMs = span.endMs + recheckMs;
  return finalMs <= nowMs && span.endMs > doneUntilMs && recordedAt * 1000 < finalMs;
}

function isIncompleteDue(window: WindowRecord, { nowMs, recheckMs, lastMs }: RecheckInput): boolean {
  const { coverage, span, recordedAt } = window;
  const isIncomplete = coverage.gapMs > 0 || coverage.seenScrapes < coverage.expectedScrapes;
  const last = lastMs(window) ?? recordedAt * 1000;
  const pauseMs = Math.max(firstPauseMs, last - span.endMs);
  return isIncomplete && span.endMs + recheckMs > nowMs && nowMs - last >= pauseMs;
}
