import type { CellCounts, Cells } from '../cells.ts';
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

export interface RollingSize {
  /** Number of values, those that are not there included. */
  readonly size: number;
  /** So many must be there before anything is said. */
  readonly minimum: number;
}

/** Mean and deviation of the last `size` values, of which NaN are not there. */
export interface RollingMoments {
  readonly push: (value: number) => void;
  /** NaN while fewer than `minimum` values are there. */
  readonly mean: () => number;
  readonly deviation: () => number;
}

const at = 1;
const from = at + momentCells;

export function cellsOfRollingMoments({ size }: RollingSize): CellCounts {
  return { f64: from + size };
}

/** O(1) for each value: the ring is counted again once in `size` values, and when digits were lost. */
export function createRollingMoments({ size, minimum }: RollingSize, { f64 }: Cells): RollingMoments {
  const isWarm = (): boolean => (f64[at] as number) >= minimum;

  function recount(known: number): void {
    const mean = meanFrom(f64, known);
    if (Number.isNaN(mean)) return;
    restartMoments(f64, at, mean);
    for (let slot = from; slot < from + known; slot++) {
      const value = f64[slot] as number;
      if (!Number.isNaN(value)) addMoment(f64, at, value);
    }
    endRecount(f64, at);
  }

  return {
    push: (value) => {
      const pushed = f64[0] as number;
      const slot = from + (pushed % size);
      const gone = f64[slot] as number;
      if (pushed >= size && !Number.isNaN(gone)) takeMoment(f64, at, gone);
      f64[slot] = value;
      if (!Number.isNaN(value)) addMoment(f64, at, value);
      f64[0] = pushed + 1;
      if (needsRecount(f64, at, size)) recount(Math.min(pushed + 1, size));
    },
    mean: () => (isWarm() ? meanOf(f64, at) : Number.NaN),
    deviation: () => (isWarm() ? deviationOf(f64, at) : Number.NaN),
  };
}

/** Exact for equal values; NaN without one. */
function meanFrom(f64: Float64Array, known: number): number {
  let base = Number.NaN;
  let count = 0;
  let sum = 0;
  for (let slot = from; slot < from + known; slot++) {
    const value = f64[slot] as number;
    if (Number.isNaN(value)) continue;
    if (count === 0) base = value;
    sum += value - base;
    count += 1;
  }
  return base + sum / count;
}
