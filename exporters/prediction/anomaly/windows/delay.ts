import type { CellCounts, Cells } from '../cells.ts';

/** Values that come out `slots` later; NaN until then. */
export function cellsOfDelay(slots: number): CellCounts {
  return { f64: 1 + slots };
}

export function createDelay(slots: number, { f64 }: Cells): (value: number) => number {
  return (value) => {
    const pushed = f64[0] as number;
    const place = 1 + (pushed % slots);
    const gone = pushed < slots ? Number.NaN : (f64[place] as number);
    f64[place] = value;
    f64[0] = pushed + 1;
    return gone;
  };
}
