import type { SeriesSettings } from './series-settings.ts';
import { cellsOfSeriesTailRatio, createSeriesTailRatio } from './series-tail-ratio.ts';
import { createSlotted, type SavedDetector } from './slotted.ts';

/** The tail ratio of one series that has no peers. Signal at 1.5, strong at 2. */
export function createSeriesDetector(settings: SeriesSettings): SavedDetector {
  const { stepMs, day, hour } = settings;
  return createSlotted({ stepMs, longest: 14 * day + hour }, cellsOfSeriesTailRatio(settings), (cells) =>
    createSeriesTailRatio(settings, cells),
  );
}
