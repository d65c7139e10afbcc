import type { CellCounts, Cells } from './cells.ts';
import type { Band } from './detector.ts';
import { createSlotted, type SavedDetector } from './slotted.ts';
import { cellsOfRollingMoments, createRollingMoments, type RollingSize } from './windows/rolling-moments.ts';
import { cellsOfSortedWindow, createSortedWindow } from './windows/sorted-window.ts';

export interface BandSettings extends RollingSize {
  /** Distance between two samples. `size` is in these. */
  readonly stepMs: number;
  /** Half the width of the band, in deviations. */
  readonly deviations: number;
}

/** A band to be drawn. Its score is the distance to the middle over half the width: above 1 is outside, which alone is no reason to alert. */
export interface BandDetector extends SavedDetector {
  /** Around what comes next; undefined until warm. */
  readonly band: () => Band | undefined;
}

interface Spread {
  readonly push: (value: number) => void;
  readonly middle: () => number;
  readonly half: () => number;
}

/** A deviation of a normal distribution is so many median distances. */
export const deviationsOfMad = 1.4826;
const mostUnusual = 50;

/** Mean and so many deviations of the last `size` samples: follows the very spike that is looked for. */
export function createMeanBand(settings: BandSettings): BandDetector {
  return createBand(settings, cellsOfRollingMoments(settings), (cells) => {
    const moments = createRollingMoments(settings, cells);
    return {
      push: moments.push,
      middle: moments.mean,
      half: () => settings.deviations * moments.deviation(),
    };
  });
}

/** Median and so many median distances: a spike hardly moves it, and for a series that mostly stands still its width is 0. */
export function createRobustBand(settings: BandSettings): BandDetector {
  return createBand(settings, cellsOfSortedWindow(settings), (cells) => {
    const sorted = createSortedWindow(settings, cells);
    return {
      push: sorted.push,
      middle: () => sorted.quantile(0.5),
      half: () => settings.deviations * deviationsOfMad * sorted.medianDistance(),
    };
  });
}

function createBand(settings: BandSettings, counts: CellCounts, create: (cells: Cells) => Spread): BandDetector {
  const detector = createSlotted({ stepMs: settings.stepMs, longest: settings.size }, counts, (cells) => {
    const spread = create(cells);
    return {
      spread,
      step: (value: number) => {
        const score = scoreOf(value - spread.middle(), spread.half());
        spread.push(value);
        return score;
      },
    };
  });
  const { spread } = detector.part;
  return {
    ...detector,
    band: () => {
      const [middle, half] = [spread.middle(), spread.half()];
      return !Number.isNaN(middle) ? { low: middle - half, middle, high: middle + half } : undefined;
    },
  };
}

function scoreOf(distance: number, half: number): number {
  return distance === 0 ? 0 : Math.min(mostUnusual, Math.abs(distance) / half);
}
