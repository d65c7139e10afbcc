import { HORIZONS, type Horizon } from '../horizon';

export type Column = 'rank' | 'gpu' | 'place' | 'holder' | Horizon | 'range' | 'reason' | 'action' | 'age';

interface Size {
  readonly column: Column;
  /** As in grid-template-columns. */
  readonly size: string;
  /** Narrower tables leave it out. */
  readonly from: number;
}

const columns: readonly Size[] = [
  { column: 'rank', size: '48px', from: 0 },
  { column: 'gpu', size: 'minmax(104px, 1.1fr)', from: 0 },
  { column: 'place', size: 'minmax(110px, 1.3fr)', from: 430 },
  { column: 'holder', size: 'minmax(90px, 1fr)', from: 860 },
  { column: '24h', size: '78px', from: 620 },
  { column: '7d', size: '78px', from: 620 },
  { column: '30d', size: '78px', from: 620 },
  { column: 'range', size: '118px', from: 880 },
  { column: 'reason', size: 'minmax(110px, 1.6fr)', from: 980 },
  { column: 'action', size: 'minmax(84px, 1.6fr)', from: 0 },
  { column: 'age', size: '64px', from: 1060 },
];

export interface Columns {
  readonly shown: readonly Column[];
  readonly template: string;
}

/** What fits into a width; the chosen horizon always does. */
export function columnsFor(width: number, horizon: Horizon): Columns {
  const shown = columns
    .filter(({ column, from }) => width >= from || column === horizon)
    .map(({ column, size }) => (isHorizon(column) && width < 620 ? { column, size: '70px' } : { column, size }));
  return { shown: shown.map(({ column }) => column), template: shown.map(({ size }) => size).join(' ') };
}

export function isHorizon(column: Column): column is Horizon {
  return HORIZONS.some((each) => each === column);
}
