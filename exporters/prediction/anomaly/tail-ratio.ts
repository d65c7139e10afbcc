import type { CellCounts, Cells } from './cells.ts';
import { createCodedWindow } from './windows/coded-window.ts';
import { createPairedRing } from './windows/paired-ring.ts';

/** The least deviation that a metric is taken to have, so that a quiet one does not alarm on noise: the larger of the two. */
export interface Floor {
  /** In the unit of the metric. */
  readonly absolute: number;
  /** Share of the trailing mean. */
  readonly relative: number;
}

export interface TailRatioSettings {
  /** One for each metric. */
  readonly floors: readonly Floor[];
  /** Trailing window in slots: three days. */
  readonly window: number;
  /** Readings, and changes, before there is a distance. */
  readonly minimum: number;
  /** Distances before there is a ratio. */
  readonly tailMinimum: number;
}

/** What all entities with the same metrics share; each entity has cells of its own. */
export interface TailRatio {
  readonly counts: CellCounts;
  /**
   * Takes the readings of one slot, from `values[from]`, one for each metric, NaN for none. Gives the joint ratio, and writes that of each
   * metric to `ratios` from `from`; NaN where it is not known yet.
   */
  readonly step: (cells: Cells, values: Float64Array, from: number, ratios: Float64Array) => number;
  /** Writes mean and deviation before the next slot to `band`; NaN until warm. */
  readonly band: (cells: Cells, metric: number, band: Float64Array) => void;
}

export const tailShare = 0.995;
/** The quantile that a distance is divided by is at least this. */
export const innerFloor = 1.5;
const cap = 50;

/** Section 8 of the reference: level and change of each metric, the mean of the three largest, over their own trailing 99.5 % quantile. */
export function createTailRatio({ floors, window, minimum, tailMinimum }: TailRatioSettings): TailRatio {
  const metrics = floors.length;
  const rings = createPairedRing(window, minimum);
  const clockAt = metrics * rings.f64;
  const tails = createCodedWindow(window, tailMinimum, clockAt + 1);
  const seen = new Float64Array(5);
  const distances = new Float64Array(metrics);

  function distanceOf(metric: number): number {
    const { absolute, relative } = floors[metric] as Floor;
    const floor = Math.max(absolute, relative * Math.abs(seen[4] as number));
    const level = shareOf(Math.abs(seen[0] as number), Math.max(seen[1] as number, floor));
    const change = shareOf(Math.abs(seen[2] as number), Math.max(seen[3] as number, floor));
    return change > level ? change : level;
  }

  return {
    counts: {
      f64: clockAt + 1 + (metrics + 1) * tails.f64,
      f32: metrics * rings.f32,
      u16: (metrics + 1) * tails.u16,
      u8: (metrics + 1) * tails.u8,
    },
    step: (cells, values, from, ratios) => {
      const slot = cells.f64[clockAt] as number;
      for (let metric = 0; metric < metrics; metric++) {
        const value = values[from + metric] as number;
        let distance = Number.NaN;
        if (!Number.isNaN(value)) {
          rings.lookAt(cells, metric, slot, value, seen);
          distance = distanceOf(metric);
        }
        rings.push(cells, metric, slot, value);
        ratios[from + metric] = distance / Math.max(innerFloor, tails.quantile(cells, metric, tailShare));
        tails.push(cells, metric, slot, distance);
        distances[metric] = distance;
      }
      const joint = meanOfThreeLargest(distances);
      const ratio = joint / Math.max(innerFloor, tails.quantile(cells, metrics, tailShare));
      tails.push(cells, metrics, slot, joint);
      cells.f64[clockAt] = slot + 1;
      return ratio;
    },
    band: (cells, metric, band) => {
      rings.lookAt(cells, metric, cells.f64[clockAt] as number, 0, seen);
      band[0] = seen[4] as number;
      band[1] = seen[1] as number;
    },
  };
}

/** Capped; NaN where the distance is not known. Nothing over nothing is nothing unusual. */
function shareOf(distance: number, deviation: number): number {
  if (distance === 0) return 0;
  return Math.min(cap, distance / deviation);
}

/** Of those that are there; NaN without any. */
function meanOfThreeLargest(distances: Float64Array): number {
  let first = Number.NaN;
  let second = Number.NaN;
  let third = Number.NaN;
  for (const distance of distances) {
    if (!(distance <= first)) {
      if (Number.isNaN(distance)) continue;
      third = second;
      second = first;
      first = distance;
    } else if (!(distance <= second)) {
      third = second;
      second = distance;
    } else if (!(distance <= third)) third = distance;
  }
  if (!Number.isNaN(third)) return (first + second + third) / 3;
  return !Number.isNaN(second) ? (first + second) / 2 : first;
}
