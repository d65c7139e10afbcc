import { createMeanBand } from '../../../exporters/prediction/anomaly/bands.ts';
import { newCells } from '../../../exporters/prediction/anomaly/cells.ts';
import { createRefractory } from '../../../exporters/prediction/anomaly/refractory.ts';
import { createSeriesDetector } from '../../../exporters/prediction/anomaly/series-detector.ts';
import { type SeriesSettings, seriesSettings } from '../../../exporters/prediction/anomaly/series-settings.ts';
import type { SavedDetector } from '../../../exporters/prediction/anomaly/slotted.ts';
import { randomOf } from '../../exporters/prediction/anomaly/generated.ts';
import { costOf, type Row, row } from '../bench.ts';
import { type NabFile, readNab } from './nab-data.ts';
import { nabScore, nabStandard } from './nab-score.ts';

const hourMs = 3_600_000;

/** Numenta's corpus of single series, with the official score of the standard profile. */
export async function nabRows(folder: string): Promise<readonly Row[]> {
  const files = readNab(folder);
  const product = (combine: SeriesSettings['combine']) => (file: NabFile) =>
    createSeriesDetector({ ...seriesSettings(file.stepMs), combine });
  // As the figures of the reference were made: a quantile of 3 until it is warm, the floor from the first 15 % of the series.
  const asMeasured = (combine: SeriesSettings['combine']) => (file: NabFile) =>
    createSeriesDetector({
      ...seriesSettings(file.stepMs),
      combine,
      coldQuantile: 3,
      floorReadings: Math.floor(0.15 * file.values.length),
    });
  let most: readonly Float64Array[] = [];
  const { cpuMs } = await costOf(() => {
    most = files.map((file) => scoresOf(file, product('max')(file)));
  });
  const two = files.map((file) => scoresOf(file, product('top2')(file)));
  const band = files.map((file) => scoresOf(file, bandOf(file)));
  const random = files.map(({ values }, at) => values.map(randomOf(at + 1)));
  const scoreOf = (scores: readonly Float64Array[], hours?: number): number =>
    nabScore(
      files.map((file, at) => ({ windows: file.windows, scores: news(file, scores[at], hours) })),
      nabStandard,
    ).score;
  const measured = files.map((file) => scoresOf(file, asMeasured('max')(file)));
  const samples = files.reduce((sum, { values }) => sum + values.length, 0);
  const memory = createSeriesDetector(seriesSettings(300_000)).bytes;
  const plain = scoreOf(band);
  return [
    figure('largest of four, 12 h', scoreOf(most, 12), plain),
    figure('largest of four, 24 h', scoreOf(most, 24), plain),
    figure('mean of two largest, 12 h', scoreOf(two, 12), plain),
    figure('mean of two largest, 24 h', scoreOf(two, 24), plain),
    figure('largest of four, every row', scoreOf(most), plain),
    figure('largest of four, 12 h, warm-up of the reference', scoreOf(measured, 12), plain),
    figure('random scores', scoreOf(random), plain),
    row({ bench: 'anomaly', name: 'NAB: CPU for a sample', unit: 'µs', runs: [(cpuMs * 1000) / samples] }),
    row({ bench: 'anomaly', name: 'memory of a series every 5 minutes', unit: 'kB', runs: [memory / 1000] }),
  ];
}

/** Against the distance to mean ± 2 deviations of 7 days, every row, at the threshold that serves it best. */
function figure(name: string, value: number, baseline: number): Row {
  return row({ bench: 'anomaly', name: `NAB: ${name}`, unit: 'points', runs: [value], baselineRuns: [baseline] });
}

/** Rows are taken as evenly apart, as the reference does. */
function scoresOf({ values, stepMs }: NabFile, detector: SavedDetector): Float64Array {
  return values.map((value, at) => detector.next(at * stepMs, value) ?? Number.NaN);
}

function bandOf({ stepMs }: NabFile): SavedDetector {
  return createMeanBand({ stepMs, size: 7 * seriesSettings(stepMs).day, minimum: 30, deviations: 2 });
}

/** Only what is above every score of the last hours. */
function news({ stepMs }: NabFile, scores: Float64Array = new Float64Array(0), hours?: number): Float64Array {
  if (hours === undefined) return scores;
  const refractory = createRefractory(Math.max(1, Math.round((hours * hourMs) / stepMs)));
  const { cells } = newCells(refractory.counts);
  return scores.map((score) => (refractory.step(cells, score, 1e-9) ? score : Number.NaN));
}
