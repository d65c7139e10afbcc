import { type CellCounts, type Cells, sumOfCells } from './cells.ts';
import type { Floor } from './tail-ratio.ts';
import { addMoment, deviationOf, meanOf, momentCells, restartMoments } from './windows/moments.ts';

export interface DriftSettings {
  /** One for each metric. */
  readonly floors: readonly Floor[];
  /** Slots whose mean is one value of the sum: a day, so that the hours of the day do not count. */
  readonly block: number;
  /** A block with fewer readings is left out. */
  readonly blockMinimum: number;
  /** Blocks that tell what is usual: 28. */
  readonly reference: number;
  /** So many blocks lie between them and the present one, so that what is usual does not follow the drift: 7. */
  readonly lag: number;
  readonly referenceMinimum: number;
}

/** Two-sided cumulative sum (Page, 1954) of the means of blocks over what was usual, for several metrics with common cells. */
export interface Drift {
  readonly counts: CellCounts;
  /** Score of the metric after the slot: 1 at the limit. NaN until warm. The same until the next block ends. */
  readonly step: (cells: Cells, metric: number, value: number) => number;
  /** Mean of the blocks that tell what is usual, of the last block that ended; NaN until warm. */
  readonly usual: (cells: Cells, metric: number) => number;
}

/** In deviations: half of the smallest shift that is looked for. */
const slack = 0.5;
/** For independent normal blocks, two-sided: a false alarm in about 9,600 blocks, by Siegmund's formula. */
const limit = 8;
/** One bad block alone is not a drift. */
const mostForBlock = 4;

const slot = 0;
const sum = 1;
const count = 2;
const blocks = 3;
const rise = 4;
const fall = 5;
const score = 6;
const usualMean = 7;
const ring = 8;

export function createDrift(settings: DriftSettings): Drift {
  const { floors, block, blockMinimum, reference, lag, referenceMinimum } = settings;
  const size = reference + lag;
  const each = ring + size;
  const moments = new Float64Array(momentCells);

  function lookBack(f64: Float64Array, at: number): void {
    const taken = f64[at + blocks] as number;
    restartMoments(moments, 0, 0);
    moments.fill(0);
    for (let before = Math.max(0, taken - size); before < taken - lag; before++) {
      const mean = f64[at + ring + (before % size)] as number;
      if (!Number.isNaN(mean)) addMoment(moments, 0, mean);
    }
  }

  function endBlock(f64: Float64Array, metric: number): void {
    const at = metric * each;
    const readings = f64[at + count] as number;
    const mean = readings >= blockMinimum ? (f64[at + sum] as number) / readings : Number.NaN;
    lookBack(f64, at);
    if (!Number.isNaN(mean) && (moments[0] as number) >= referenceMinimum) addUp(f64, metric, mean);
    else if ((moments[0] as number) < referenceMinimum) f64.fill(0, at + rise, at + usualMean);
    f64[at + usualMean] = (moments[0] as number) < referenceMinimum ? Number.NaN : meanOf(moments, 0);
    const taken = f64[at + blocks] as number;
    f64[at + ring + (taken % size)] = mean;
    f64[at + blocks] = taken + 1;
    f64.fill(0, at + slot, at + blocks);
  }

  function addUp(f64: Float64Array, metric: number, mean: number): void {
    const at = metric * each;
    const { absolute, relative } = floors[metric] as Floor;
    const usual = meanOf(moments, 0);
    const deviation = Math.max(deviationOf(moments, 0), absolute, relative * Math.abs(usual));
    const distance = mean === usual ? 0 : Math.max(-mostForBlock, Math.min(mostForBlock, (mean - usual) / deviation));
    const up = bounded((f64[at + rise] as number) + distance - slack);
    const down = bounded((f64[at + fall] as number) - distance - slack);
    f64[at + rise] = up;
    f64[at + fall] = down;
    f64[at + score] = 1 + Math.max(up, down) / limit;
  }

  return {
    counts: sumOfCells(...floors.map(() => ({ f64: each }))),
    step: ({ f64 }, metric, value) => {
      const at = metric * each;
      if (!Number.isNaN(value)) {
        f64[at + sum] = (f64[at + sum] as number) + value;
        f64[at + count] = (f64[at + count] as number) + 1;
      }
      f64[at + slot] = (f64[at + slot] as number) + 1;
      if (f64[at + slot] === block) endBlock(f64, metric);
      // Kept with 1 added: 0 is not warm.
      return f64[at + score] === 0 ? Number.NaN : (f64[at + score] as number) - 1;
    },
    usual: ({ f64 }, metric) => {
      const at = metric * each;
      return f64[at + blocks] === 0 ? Number.NaN : (f64[at + usualMean] as number);
    },
  };
}

/** Never below 0, and never so high that it would take weeks to come down. */
function bounded(total: number): number {
  return Math.max(0, Math.min(2 * limit, total));
}
