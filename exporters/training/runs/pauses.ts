import type { RunState } from './run-state.ts';
import type { BadputReason } from './time-ledger.ts';

/** Something that is no step happened, such as an evaluation. */
export interface Pause {
  readonly atSeconds: number;
  readonly reason: BadputReason;
}

const maxPauses = 64;
/** What is read from a log without times is known to some seconds only. */
const slackSeconds = 10;

/** Of one whose time nobody knows nothing can be said. */
export function addPause({ progress }: RunState, reason: BadputReason, atSeconds: number | undefined): void {
  if (atSeconds === undefined) return;
  progress.pauses.push({ atSeconds, reason });
  if (progress.pauses.length > maxPauses) progress.pauses.shift();
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** Longer than steps take: something happened, even if the times do not fit quite. */
  readonly isLong: boolean;
}

/** Why there was a pause in the span, and forgets what is over. */
export function pauseIn({ progress }: RunState, { from, to, isLong }: Span): BadputReason | undefined {
  if (progress.pauses.length === 0) return undefined;
  const within = progress.pauses.findLast(({ atSeconds }) => atSeconds > from && atSeconds <= to);
  const near = progress.pauses.find(
    ({ atSeconds }) => atSeconds > from - slackSeconds && atSeconds <= to + slackSeconds,
  );
  const found = within ?? (isLong ? near : undefined);
  progress.pauses = progress.pauses.filter((pause) => pause !== found && pause.atSeconds > to - slackSeconds);
  return found?.reason;
}
