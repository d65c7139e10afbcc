import type { Watermark, WindowRecord } from '../ledger/ledger.ts';
import type { MeteringView } from '../view.ts';

export interface MeteringInput {
  readonly watermarks: readonly Watermark[];
  /** Of the last day. */
  readonly windows: readonly WindowRecord[];
  /** Windows that wait and are not in the ledger, by cluster and meter. */
  readonly held: readonly { readonly cluster: string; readonly meter: string; readonly windows: number }[];
  /** Since the start of the process. */
  readonly recorded: readonly {
    readonly cluster: string;
    readonly meter: string;
    readonly first: number;
    readonly later: number;
  }[];
}

/** One for each meter of each cluster that anything is known of. */
export function meteringViews({ watermarks, windows, held, recorded }: MeteringInput): readonly MeteringView[] {
  const places = new Map(
    [...watermarks, ...windows, ...held, ...recorded].map(({ cluster, meter }) => [
      keyOf({ cluster, meter }),
      { cluster, meter },
    ]),
  );
  return [...places.values()].map((place) => {
    const isHere = (other: Place): boolean => keyOf(other) === keyOf(place);
    const own = windows.filter(isHere);
    const { first = 0, later = 0 } = recorded.find(isHere) ?? {};
    const watermark = watermarks.find(isHere);
    return {
      ...place,
      meteredUntil: watermark === undefined ? undefined : watermark.untilMs / 1000,
      coverage: coverageOf(own),
      heldWindows: (held.find(isHere)?.windows ?? 0) + own.filter(({ coverage }) => coverage.isHeld).length,
      recorded: { first, later },
    };
  });
}

interface Place {
  readonly cluster: string;
  readonly meter: string;
}

function keyOf({ cluster, meter }: Place): string {
  return JSON.stringify([cluster, meter]);
}

/** Seen above expected is a source that scrapes more often than it says, no more than all. */
function coverageOf(windows: readonly Pick<WindowRecord, 'coverage'>[]): number | undefined {
  const expected = sum(windows.map(({ coverage }) => coverage.expectedScrapes));
  const seen = sum(windows.map(({ coverage }) => Math.min(coverage.seenScrapes, coverage.expectedScrapes)));
  return expected === 0 ? undefined : seen / expected;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
