import type { Cells } from '../cells.ts';
import { noCode, tailCodeOf, tailCodes, tailQuantile } from './coded-tail.ts';

/** Upper quantile of the last `window` scores of several metrics, one byte for each score. Exact but for `codedTailError` and `codedFloorError`. */
export interface CodedWindow {
  readonly f64: number;
  readonly u16: number;
  readonly u8: number;
  readonly push: (cells: Cells, metric: number, slot: number, value: number) => void;
  /** NaN while fewer than `minimum` scores are there. */
  readonly quantile: (cells: Cells, metric: number, share: number) => number;
}

/** Cells for one metric; its count is in the cell `metric` of f64 after `skipped` cells. */
export function createCodedWindow(window: number, minimum: number, skipped = 0): CodedWindow {
  return {
    f64: 1,
    u16: tailCodes,
    u8: window,
    push: ({ f64, u16, u8 }, metric, slot, value) => {
      const place = metric * window + (slot % window);
      const gone = slot >= window ? (u8[place] as number) : noCode;
      const code = tailCodeOf(value);
      const total = skipped + metric;
      u8[place] = code;
      if (gone !== noCode) {
        u16[metric * tailCodes + gone] = (u16[metric * tailCodes + gone] as number) - 1;
        f64[total] = (f64[total] as number) - 1;
      }
      if (code !== noCode) {
        u16[metric * tailCodes + code] = (u16[metric * tailCodes + code] as number) + 1;
        f64[total] = (f64[total] as number) + 1;
      }
    },
    quantile: ({ f64, u16 }, metric, share) => {
      const total = f64[skipped + metric] as number;
      return total < minimum ? Number.NaN : tailQuantile(u16, metric * tailCodes, total, share);
    },
  };
}
