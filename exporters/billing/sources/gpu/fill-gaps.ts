import type { Accrual } from '../../metering/accrual.ts';
import type { Span } from '../../span.ts';

/** A stretch in which a holder may have gone on, and until when the policy lets it. */
export interface Filling {
  readonly gap: Span;
  readonly untilMs: number;
}

/**
 * Adds a piece for each gap at whose start the holder had the GPU and in which nothing is known to have been added. `slackMs` is how long before the
 * gap its last piece may end: the last scrape.
 */
export function fillGaps(accrual: Accrual, fillings: readonly Filling[], slackMs: number): Accrual {
  if (fillings.length === 0) return accrual;
  const pieces = Array.from(accrual.fromMs, (from, index) => ({
    from,
    to: accrual.toMs[index] ?? 0,
    amount: accrual.amounts[index] ?? 0,
  }));
  for (const { gap, untilMs } of fillings) {
    const last = pieces.findLastIndex(({ from }) => from < gap.startMs);
    const before = pieces[last];
    const next = pieces[last + 1];
    if (before === undefined || before.amount === 0 || before.to < gap.startMs - slackMs) continue;
    const to = Math.round(Math.min(untilMs, gap.endMs, next?.from ?? Number.POSITIVE_INFINITY));
    if (before.to < to) pieces.splice(last + 1, 0, { from: before.to, to, amount: to - before.to });
  }
  return {
    fromMs: Float64Array.from(pieces, ({ from }) => from),
    toMs: Float64Array.from(pieces, ({ to }) => to),
    amounts: Float64Array.from(pieces, ({ amount }) => amount),
  };
}
