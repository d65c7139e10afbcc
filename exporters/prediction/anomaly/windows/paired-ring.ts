import type { Cells } from '../cells.ts';
import {
  addMoment,
  deviationOf,
  endRecount,
  meanOf,
  momentCells,
  needsRecount,
  restartMoments,
  takeMoment,
} from './moments.ts';

/** A change counts from the last reading of these many slots, so that a missed scrape, or a slower one, does not end it. */
const back = 3;
const cellsEach = 1 + 2 * momentCells;
const level = 1;
const change = level + momentCells;

/** Readings of a metric over a trailing window with mean and deviation of the readings and of their changes. */
export interface PairedRing {
  readonly f64: number;
  readonly f32: number;
  /** Puts the reading of slot `slot` (0, 1, 2, …; NaN if there is none) of metric `metric`. Call `lookAt` before it. */
  readonly push: (cells: Cells, metric: number, slot: number, value: number) => void;
  /** Writes what is known before the slot: distance to the mean, deviation, change, deviation of changes, mean. NaN where it is not known. */
  readonly lookAt: (cells: Cells, metric: number, slot: number, value: number, seen: Float64Array) => void;
}

/** Cells for one metric. A window of `window` slots, of which `minimum` must have a reading. */
export function createPairedRing(window: number, minimum: number): PairedRing {
  // The reading before the one that leaves is still needed, for its change leaves with it.
  const size = window + back + 1;

  function changeAt({ f32 }: Cells, base: number, slot: number): number {
    const value = f32[base + (slot % size)] as number;
    const oldest = Math.max(0, slot - back);
    for (let before = slot - 1; before >= oldest; before--) {
      const earlier = f32[base + (before % size)] as number;
      if (!Number.isNaN(earlier)) return value - earlier;
    }
    return Number.NaN;
  }

  /** Twice through the window: what was lost may have spoilt the mean too. */
  function recount(cells: Cells, metric: number, slot: number, of: typeof level | typeof change): void {
    const at = metric * cellsEach + of;
    restartMoments(cells.f64, at, meanFrom(cells, metric, slot, of));
    for (let each = Math.max(0, slot - window + 1); each <= slot; each++) {
      const value = valueAt(cells, metric, each, of);
      if (!Number.isNaN(value)) addMoment(cells.f64, at, value);
    }
    endRecount(cells.f64, at);
  }

  /** Exact for equal values. */
  function meanFrom(cells: Cells, metric: number, slot: number, of: typeof level | typeof change): number {
    let base = Number.NaN;
    let count = 0;
    let sum = 0;
    for (let each = Math.max(0, slot - window + 1); each <= slot; each++) {
      const value = valueAt(cells, metric, each, of);
      if (Number.isNaN(value)) continue;
      if (count === 0) base = value;
      count += 1;
      sum += value - base;
    }
    return base + sum / count;
  }

  function valueAt(cells: Cells, metric: number, slot: number, of: typeof level | typeof change): number {
    const base = metric * size;
    return of === level ? (cells.f32[base + (slot % size)] as number) : changeAt(cells, base, slot);
  }

  function leave(cells: Cells, metric: number, slot: number): void {
    const value = cells.f32[metric * size + (slot % size)] as number;
    if (Number.isNaN(value)) return;
    takeMoment(cells.f64, metric * cellsEach + level, value);
    const changed = changeAt(cells, metric * size, slot);
    if (!Number.isNaN(changed)) takeMoment(cells.f64, metric * cellsEach + change, changed);
  }

  function enter(cells: Cells, metric: number, slot: number, value: number): void {
    const { f64, f32 } = cells;
    const base = metric * cellsEach;
    // Single precision is of the distance to the first reading, so an offset of 1e12 costs no digits.
    if (f64[base + level] === 0) f64[base] = Number.isNaN(value) ? 0 : value;
    const kept = Math.fround(value - (f64[base] as number));
    const isKept = Number.isFinite(kept);
    f32[metric * size + (slot % size)] = isKept ? kept : Number.NaN;
    if (!isKept) return;
    addMoment(f64, base + level, kept);
    const changed = changeAt(cells, metric * size, slot);
    if (!Number.isNaN(changed)) addMoment(f64, base + change, changed);
  }

  function recountIfNeeded(cells: Cells, metric: number, slot: number): void {
    const base = metric * cellsEach;
    if (needsRecount(cells.f64, base + level, window)) recount(cells, metric, slot, level);
    if (needsRecount(cells.f64, base + change, window)) recount(cells, metric, slot, change);
  }

  return {
    f64: cellsEach,
    f32: size,
    push: (cells, metric, slot, value) => {
      if (slot >= window) leave(cells, metric, slot - window);
      enter(cells, metric, slot, value);
      recountIfNeeded(cells, metric, slot);
    },
    lookAt: (cells, metric, slot, value, seen) => {
      const { f64, f32 } = cells;
      const base = metric * cellsEach;
      const offset = f64[base] as number;
      const isWarm = (f64[base + level] as number) >= minimum;
      const isChangeWarm = (f64[base + change] as number) >= minimum;
      seen.fill(Number.NaN);
      if (!isWarm) return;
      const mean = meanOf(f64, base + level);
      const kept = Math.fround(value - offset);
      seen[0] = kept - mean;
      seen[1] = deviationOf(f64, base + level);
      seen[4] = mean + offset;
      if (!isChangeWarm) return;
      const oldest = Math.max(0, slot - back);
      for (let before = slot - 1; before >= oldest; before--) {
        const earlier = f32[metric * size + (before % size)] as number;
        if (Number.isNaN(earlier)) continue;
        seen[2] = kept - earlier;
        seen[3] = deviationOf(f64, base + change);
        return;
      }
    },
  };
}
