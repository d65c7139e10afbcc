import type { CellCounts } from './cells.ts';
import { type CellStore, type Cells, newCells, piecesOf, restoreCells, sumOfCells } from './cells.ts';
import type { Detector } from './detector.ts';
import { isReading } from './reading.ts';
import { advanceSlot, slotCells } from './slots.ts';

/** A detector whose whole memory can be taken out and put back. */
export interface SavedDetector extends Detector {
  /** A copy of all that it remembers. */
  readonly save: () => Uint8Array;
  /** Goes on as the one that was saved. Throws a SourceError for bytes of other settings. */
  readonly load: (saved: Uint8Array) => void;
  /** Memory for one series, in bytes. It never grows. */
  readonly bytes: number;
}

interface Slots {
  readonly stepMs: number;
  /** After a gap of so many slots nothing from before it is left. */
  readonly longest: number;
}

/**
 * Lays samples into slots of `stepMs`. The first sample of a slot counts; one that comes again, goes back in time or has no time changes
 * nothing and gives undefined. A slot without a reading (none came, or NaN, infinite, above 1e150) is missing.
 */
export function createSlotted<P extends { readonly step: (value: number) => number }>(
  { stepMs, longest }: Slots,
  counts: CellCounts,
  create: (cells: Cells) => P,
): SavedDetector & { readonly part: P } {
  const store: CellStore = newCells(sumOfCells({ f64: slotCells }, counts));
  const piece = piecesOf(store.cells);
  const clock = piece({ f64: slotCells }).f64;
  const part = create(piece(counts));
  return {
    part,
    next: (atMs, value) => {
      const ahead = advanceSlot(clock, atMs, stepMs);
      if (ahead === 0) return undefined;
      for (let missed = Math.min(ahead - 1, longest); missed > 0; missed--) part.step(Number.NaN);
      const score = part.step(isReading(value) ? value : Number.NaN);
      return !Number.isNaN(score) ? score : undefined;
    },
    save: () => store.bytes.slice(),
    load: (saved) => restoreCells(store, saved),
    bytes: store.bytes.length,
  };
}
