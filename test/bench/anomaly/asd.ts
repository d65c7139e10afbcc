import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { newCells } from '../../../exporters/prediction/anomaly/cells.ts';
import { createTailRatio } from '../../../exporters/prediction/anomaly/tail-ratio.ts';
import {
  cellsOfRollingMoments,
  createRollingMoments,
} from '../../../exporters/prediction/anomaly/windows/rolling-moments.ts';
import { randomOf } from '../../exporters/prediction/anomaly/generated.ts';
import { costOf, type Row, row } from '../bench.ts';
import { type EventScore, eventScore } from './event-score.ts';

const servers = 12;
const metrics = 19;
const pointsPerDay = 288;
/** History before the first scored point, as in the figures of the reference. */
const history = 7 * pointsPerDay;

interface Server {
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
  readonly isAnomaly: readonly boolean[];
}

type Scorer = (server: Server) => readonly number[];

/** Application servers with labelled incidents: the default detector at its thresholds, and what it is compared with. */
export async function asdRows(folder: string): Promise<readonly Row[]> {
  const all = Array.from({ length: servers }, (_, at) => readServer(folder, at + 1));
  let scores: readonly (readonly number[])[] = [];
  const { cpuMs } = await costOf(() => {
    scores = all.map(tailScores);
  });
  const readings = all.reduce((sum, { test }) => sum + (test.length + history) * metrics, 0);
  const judge = (threshold: number, scored = scores): EventScore =>
    eventScore(
      all.map(({ isAnomaly }, at) => ({ isAnomaly, isFlagged: (scored[at] ?? []).map((score) => score >= threshold) })),
      pointsPerDay,
    );
  const [tail, strong, band] = [judge(1.5), judge(2), judge(1, all.map(sigmaScores))];
  const random = judge(1 - 0.0045, all.map(randomScores));
  return [
    figure('event F1 of the tail ratio at 1.5', tail.f1, band.f1),
    figure('false episodes for each entity and day', tail.falsePerDay, band.falsePerDay),
    figure('share of episodes that are true', tail.precision, band.precision),
    figure('share of incidents that are found', tail.recall, band.recall),
    figure('event F1 of the tail ratio at 2', strong.f1, band.f1),
    figure('false episodes for each entity and day at 2', strong.falsePerDay, band.falsePerDay),
    figure('event F1 of random scores at 0.45 %', random.f1, band.f1),
    row({
      bench: 'anomaly',
      name: 'ASD: CPU of the tail ratio for a reading',
      unit: 'µs',
      runs: [(cpuMs * 1000) / readings],
    }),
  ];
}

/** Against mean ± 2 deviations of a day, any metric outside. */
function figure(name: string, value: number, baseline: number): Row {
  return row({ bench: 'anomaly', name: `ASD: ${name}`, unit: '', runs: [value], baselineRuns: [baseline] });
}

const tailScores: Scorer = ({ train, test }) => {
  const floors = Array.from({ length: metrics }, () => ({ absolute: 0.01, relative: 0 }));
  const tail = createTailRatio({ floors, window: 3 * pointsPerDay, minimum: 60, tailMinimum: 100 });
  const { cells } = newCells(tail.counts);
  const values = new Float64Array(metrics);
  const ratios = new Float64Array(metrics);
  const step = (line: readonly number[]): number => {
    values.set(line);
    return tail.step(cells, values, 0, ratios);
  };
  for (const line of train.slice(-history)) step(line);
  return test.map(step);
};

/** Largest distance of a metric from mean ± 2 deviations of the training data; above 1 is outside. */
const sigmaScores: Scorer = ({ train, test }) => {
  const bands = Array.from({ length: metrics }, (_, metric) => {
    const size = { size: train.length, minimum: 1 };
    const moments = createRollingMoments(size, newCells(cellsOfRollingMoments(size)).cells);
    for (const line of train) moments.push(line[metric] ?? Number.NaN);
    return { mean: moments.mean(), half: 2 * Math.max(0.01, moments.deviation()) };
  });
  return test.map((line) => Math.max(...bands.map(({ mean, half }, at) => Math.abs((line[at] ?? 0) - mean) / half)));
};

const randomScores: Scorer = ({ test }) => {
  const random = randomOf(test.length);
  return test.map(() => random());
};

function readServer(folder: string, number: number): Server {
  const train = readRows(join(folder, `asd-${number}_train.csv.gz`));
  const labelled = readRows(join(folder, `asd-${number}_test.csv.gz`));
  return {
    train,
    test: labelled.map((line) => line.slice(0, metrics)),
    isAnomaly: labelled.map((line) => line[metrics] === 1),
  };
}

function readRows(file: string): readonly (readonly number[])[] {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number));
}
