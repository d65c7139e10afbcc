import { exact, plus } from '../exact.ts';
import type { WindowRecord } from '../ledger/ledger.ts';
import type { Span } from '../span.ts';
import type { ExactQuantity, Gap } from '../usage.ts';
import type { BillEvidence, MeterEvidence } from './bill.ts';

const keptGaps = 20;

type MeterSum = { -readonly [K in keyof MeterEvidence]: MeterEvidence[K] } & {
  error: ExactQuantity;
  meteredMs: number;
};

/** Sums up what windows of a period say of themselves, for each cluster and meter, in the order of their names. */
export function evidenceOf(windows: readonly WindowRecord[], period: Span): BillEvidence {
  const meters = new Map<string, MeterSum>();
  const gaps: (Gap & { readonly cluster: string; readonly meter: string })[] = [];
  for (const window of windows) {
    const { cluster, meter, coverage } = window;
    const key = JSON.stringify([cluster, meter]);
    const sum = meters.get(key) ?? emptySum(cluster, meter, period);
    meters.set(key, sum);
    addWindow(sum, window, period);
    gaps.push(...coverage.gaps.map((gap) => ({ ...gap, cluster, meter })));
  }
  return {
    meters: [...meters.values()].sort(byName).map(({ error, conservation, ...rest }) => ({
      ...rest,
      conservation: conservation === undefined ? undefined : { ...conservation, error: exactText(error) },
    })),
    gaps: gaps.sort((a, b) => lengthOf(b) - lengthOf(a) || a.span.startMs - b.span.startMs).slice(0, keptGaps),
  };
}

/** Share of scrapes that were seen; undefined where none was expected. */
export function coverageOf(
  meters: readonly Pick<MeterEvidence, 'expectedScrapes' | 'seenScrapes'>[],
): number | undefined {
  const expected = meters.reduce((sum, { expectedScrapes }) => sum + expectedScrapes, 0);
  const seen = meters.reduce((sum, { seenScrapes }) => sum + seenScrapes, 0);
  return expected === 0 ? undefined : Math.min(1, seen / expected);
}

function addWindow(sum: MeterSum, { span, coverage, conservation }: WindowRecord, period: Span): void {
  sum.fromMs = Math.min(sum.fromMs, Math.max(span.startMs, period.startMs));
  sum.untilMs = Math.max(sum.untilMs, Math.min(span.endMs, period.endMs));
  sum.meteredMs += Math.min(span.endMs, period.endMs) - Math.max(span.startMs, period.startMs);
  sum.windows += 1;
  sum.heldWindows += coverage.isHeld ? 1 : 0;
  sum.expectedScrapes += coverage.expectedScrapes;
  sum.seenScrapes += coverage.seenScrapes;
  sum.gapMs += coverage.gapMs;
  if (conservation === undefined) return;
  sum.error = plus(sum.error, conservation.error);
  sum.conservation = {
    devices: Math.max(sum.conservation?.devices ?? 0, conservation.devices),
    installedMs: (sum.conservation?.installedMs ?? 0) + conservation.installedMs,
    error: '',
  };
}

function emptySum(cluster: string, meter: string, period: Span): MeterSum {
  return {
    cluster,
    meter,
    fromMs: period.endMs,
    untilMs: period.startMs,
    meteredMs: 0,
    windows: 0,
    heldWindows: 0,
    expectedScrapes: 0,
    seenScrapes: 0,
    gapMs: 0,
    conservation: undefined,
    error: exact(0n),
  };
}

function exactText({ num, den }: ExactQuantity): string {
  return den === 1n ? String(num) : `${num}/${den}`;
}

function lengthOf({ span }: Gap): number {
  return span.endMs - span.startMs;
}

function byName(a: MeterSum, b: MeterSum): number {
  const [one, other] = [`${a.cluster}\0${a.meter}`, `${b.cluster}\0${b.meter}`];
  return one < other ? -1 : one > other ? 1 : 0;
}
