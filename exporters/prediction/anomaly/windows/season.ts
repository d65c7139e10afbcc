import type { CellCounts, Cells } from '../cells.ts';
import { quantileOfSorted } from './sorted-window.ts';

/** What was usual at the same time of day: the median of the previous 1 to 7 days. */
export interface Season {
  /** NaN while no earlier day has a value at this time. Of the slot that comes next. */
  readonly median: () => number;
  readonly push: (value: number) => void;
}

const days = 7;

export function cellsOfSeason(daySlots: number): CellCounts {
  return { f64: 1 + days * daySlots };
}

export function createSeason(daySlots: number, { f64 }: Cells): Season {
  const size = days * daySlots;
  const found = new Float64Array(days);
  return {
    median: () => {
      const pushed = f64[0] as number;
      let count = 0;
      for (let slot = pushed - daySlots; slot >= Math.max(0, pushed - size); slot -= daySlots) {
        const value = f64[1 + (slot % size)] as number;
        if (!Number.isNaN(value)) count = insertSorted(found, count, value);
      }
      return count === 0 ? Number.NaN : quantileOfSorted(found, count, 0.5);
    },
    push: (value) => {
      const pushed = f64[0] as number;
      f64[1 + (pushed % size)] = value;
      f64[0] = pushed + 1;
    },
  };
}

function insertSorted(sorted: Float64Array, count: number, value: number): number {
  let place = count;
  while (place > 0 && (sorted[place - 1] as number) > value) {
    sorted[place] = sorted[place - 1] as number;
    place -= 1;
  }
  sorted[place] = value;
  return count + 1;
}
