import type { CounterPart } from '../counters/counter-book.ts';
import { usageParts } from '../counters/usage-parts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Meter } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { TenantDirectory } from '../subjects/tenant-directory.ts';

export interface LedgerPartsDeps {
  readonly ledger: Pick<Ledger, 'totals'>;
  readonly directory: TenantDirectory;
  readonly meters: readonly Meter[];
}

/** What the ledger says for the counters of usage: the current month of UTC and the one before, in which late data may still arrive. */
export async function ledgerParts(nowMs: number, deps: LedgerPartsDeps): Promise<readonly CounterPart[]> {
  const parts: CounterPart[] = [];
  for (const span of [monthOf(nowMs, -1), monthOf(nowMs, 0)]) parts.push(...(await partsOf(span, deps)));
  return parts;
}

async function partsOf(span: Span, { ledger, directory, meters }: LedgerPartsDeps): Promise<readonly CounterPart[]> {
  const borders = [span.startMs, ...[...new Set(directory.cuts(span))].sort((a, b) => a - b), span.endMs];
  const segments = borders
    .slice(1)
    .map((endMs, bucket) => ({ span: { startMs: borders[bucket] ?? span.startMs, endMs }, bucket }))
    .filter((segment) => segment.span.endMs > segment.span.startMs);
  const found = await ledger.totals({ segments });
  const totals = segments.map(({ span: { startMs: atMs }, bucket }) => ({
    atMs,
    totals: found.filter((total) => total.bucket === bucket),
  }));
  const part = `ledger ${new Date(span.startMs).toISOString().slice(0, 7)}`;
  return usageParts({ part, endMs: span.endMs, totals }, { directory, meters });
}

function monthOf(atMs: number, shift: number): Span {
  const at = new Date(atMs);
  const start = (by: number): number => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by);
  return { startMs: start(shift), endMs: start(shift + 1) };
}
