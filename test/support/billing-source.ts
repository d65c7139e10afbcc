import type { ReadWindows } from '../../exporters/billing/collection/window-reader.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { Coverage, MeteredWindow } from '../../exporters/billing/usage.ts';
import { fullCoverage, usage } from './billing-ledger.ts';

/** A source that answers from memory. What it has is decided by the test, window by window. */
export interface FakeSource {
  read: ReadWindows;
  /** Start times of windows that were asked for, in order. */
  readonly asked: number[];
  /** By start of the window: what is answered instead of full coverage. */
  readonly coverage: Map<number, Coverage>;
  /** By start of the window: added to the quantity. */
  readonly more: Map<number, bigint>;
  /** Windows that cannot be read, by start. */
  readonly broken: Set<number>;
  /** While it is set nothing can be read. */
  down: string | undefined;
}

export function fakeSource(): FakeSource {
  const source: FakeSource = {
    asked: [],
    coverage: new Map(),
    more: new Map(),
    broken: new Set(),
    down: undefined,
    read: async ({ cluster, meter, windows }) => {
      source.asked.push(...windows.map(({ startMs }) => startMs));
      if (source.down !== undefined) throw new Error(source.down);
      const broken = windows.find(({ startMs }) => source.broken.has(startMs));
      if (broken !== undefined) throw new Error(`cannot read ${broken.startMs}`);
      return windows.map((span) =>
        fakeWindow({ cluster, meter, span }, source.coverage.get(span.startMs), source.more.get(span.startMs)),
      );
    },
  };
  return source;
}

export function fakeWindow(
  { cluster, meter, span }: { readonly cluster: string; readonly meter: string; readonly span: Span },
  coverage: Coverage = fullCoverage,
  more = 0n,
): MeteredWindow {
  const quantity = BigInt(span.endMs - span.startMs) + more;
  return {
    cluster,
    meter,
    span,
    usages: [
      usage('a', quantity, { cluster, meter }),
      usage('b', BigInt(1 + ((span.startMs / 60_000) % 97)), { cluster, meter }),
    ],
    coverage,
    conservation: undefined,
    evidence: { source: 'fake', queries: [], samples: 10 },
  };
}

export const held: Coverage = { ...fullCoverage, seenScrapes: 10, gapMs: 3_000_000, isHeld: true };
export const gappy: Coverage = { ...fullCoverage, seenScrapes: 60, gapMs: 1_800_000 };
