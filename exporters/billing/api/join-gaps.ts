import type { WindowRecord } from '../ledger/ledger.ts';
import type { Gap } from '../usage.ts';

export interface PlacedGap extends Gap {
  readonly cluster: string;
  readonly meter: string;
}

/** Windows cut gaps at their borders; what meets there is one gap again. */
export function joinGaps(windows: readonly WindowRecord[]): readonly PlacedGap[] {
  const placed = windows.flatMap(({ cluster, meter, coverage }) =>
    coverage.gaps.map((gap) => ({ ...gap, cluster, meter })),
  );
  const open = new Map<string, PlacedGap>();
  const joined: PlacedGap[] = [];
  for (const gap of placed.sort((a, b) => a.span.startMs - b.span.startMs)) {
    const key = JSON.stringify([gap.cluster, gap.meter, gap.where, gap.policy]);
    const before = open.get(key);
    if (before !== undefined && before.span.endMs >= gap.span.startMs) {
      const endMs = Math.max(before.span.endMs, gap.span.endMs);
      open.set(key, { ...before, span: { startMs: before.span.startMs, endMs } });
      continue;
    }
    if (before !== undefined) joined.push(before);
    open.set(key, gap);
  }
  return [...joined, ...open.values()];
}
