import type { Emit } from '../../../kit/exposition/samples.ts';
import type { prediction } from '../../../metrics/prediction.ts';

/** What of the scores becomes series. */
export interface AnomalySeries {
  /** At most so many series of scores, and so many of bands; the rest is counted. */
  readonly maxSeries: number;
  /** Names of the signals whose bands are shown. */
  readonly drawn: readonly string[];
}

export const defaultAnomalySeries: AnomalySeries = { maxSeries: 20_000, drawn: [] };

export type EmitPrediction = Emit<typeof prediction>;
