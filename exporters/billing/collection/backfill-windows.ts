import type { StoredLedger } from '../ledger/create-ledger.ts';
import type { WindowRecord } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import { type Grid, uncovered, windowsWithin } from './plan-windows.ts';
import type { Pair } from './window-reader.ts';

const dayMs = 86_400_000;

/** Windows of a stretch, with what is recorded of them. */
export interface Stretch {
  readonly windows: readonly Span[];
  readonly known: readonly WindowRecord[];
  /** The next stretch begins here. */
  readonly nextMs: number;
}

/** The next windows of a back-fill: those that are recorded as they are, and what is between them by the grid. A day at a time. */
export async function nextWindows(
  pair: Pair,
  span: Span,
  {
    ledger,
    grid,
    most,
  }: { readonly ledger: Pick<StoredLedger, 'windows'>; readonly grid: Grid; readonly most: number },
): Promise<Stretch> {
  const day = { startMs: span.startMs, endMs: Math.min(span.endMs, span.startMs + dayMs) };
  const known = await ledger.windows({ ...pair, span: day });
  const recorded = known.map((each) => each.span);
  const windows = [
    ...recorded.filter(({ startMs }) => startMs >= day.startMs && startMs < day.endMs),
    ...uncovered(day, recorded).flatMap((piece) => windowsWithin(piece, grid)),
  ].sort((a, b) => a.startMs - b.startMs);
  const some = windows.slice(0, most);
  const nextMs = some.length < windows.length ? (windows[most]?.startMs ?? day.endMs) : day.endMs;
  return { windows: some, known, nextMs };
}

/** How many windows the grid has in a span; those that are recorded may lie differently. */
export function countWindows(span: Span, grid: Grid): number {
  let count = 0;
  for (let startMs = span.startMs; startMs < span.endMs; startMs += dayMs) {
    count += windowsWithin({ startMs, endMs: Math.min(span.endMs, startMs + dayMs) }, grid).length;
  }
  return count;
}
