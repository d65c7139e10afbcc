import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topColumns } from '../../../exporters/prediction/learning/explain/top-columns.ts';
import { learnerOf } from '../../../exporters/prediction/learning/learner-of.ts';
import { type LabelledMatrix, probabilityOf } from '../../../exporters/prediction/learning/matrix.ts';
import type { ModelBody } from '../../../exporters/prediction/learning/model-body.ts';
import { createRandom } from '../../../exporters/prediction/learning/random.ts';
import { boostedDefaults } from '../../../exporters/prediction/learning/settings.ts';
import type { TrainingInput } from '../../../exporters/prediction/learning/train.ts';
import type { TrainInThreadsOptions } from '../../../exporters/prediction/store/train-in-threads.ts';
import { costOf, type Row } from '../bench.ts';
import { figure } from './learner-figures.ts';

const rows = 100_000;
const columns = 50;
const entities = 10_000;
const horizons = 3;
const runs = 3;

/** What learning costs, and what is asked of the model each time: 10,000 entities at three horizons with their reasons. */
export async function trainingCostRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const matrix = noisyRows();
  const [ones, twos]: [Training[], Training[]] = [[], []];
  for (let run = 1; run <= runs; run++) {
    progress(`100,000 × 50 in one thread, then in two: run ${run} of ${runs}`);
    ones.push(await trained(matrix, 1));
    twos.push(await trained(matrix, 2));
  }
  const [one, two] = [quickestOf(ones), quickestOf(twos)];
  progress('scores with reasons');
  return [
    figure('train 100,000 × 50', 'CPU s', one.cpuMs / 1000),
    figure('train 100,000 × 50: memory of the process at most', 'MB', process.resourceUsage().maxRSS / 1024),
    figure('train 100,000 × 50: longest wait of the main thread', 'ms', one.longestWaitMs),
    figure('train in two threads against one: wall', 's', two.wallMs / 1000, one.wallMs / 1000),
    figure(
      'train in two threads against one: CPU of the busier',
      's',
      Math.max(...two.threads),
      Math.max(...one.threads),
    ),
    ...(await scoreRows(matrix, one.body)),
  ];
}

interface Training {
  readonly body: ModelBody;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly longestWaitMs: number;
  /** CPU seconds of each thread. */
  readonly threads: readonly number[];
}

/** What others on the machine took is in none of the figures of the quickest. */
function quickestOf(trainings: readonly Training[]): Training {
  const [first] = trainings.toSorted((a, b) => a.wallMs - b.wallMs);
  if (first === undefined) throw new RangeError('no training was run');
  return first;
}

/** As installed: from sources, each thread would compile them first. */
async function trained(matrix: LabelledMatrix, threads: number): Promise<Training> {
  const { trainInThreads } = (await import(
    join(import.meta.dirname, '../../../dist/exporters/prediction/store/train-in-threads.js')
  )) as { trainInThreads: (input: TrainingInput, options: TrainInThreadsOptions) => Promise<ModelBody> };
  const before = cpuOfThreads();
  let after = before;
  let body: ModelBody | undefined;
  let longestWaitMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longestWaitMs = Math.max(longestWaitMs, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  const onTree = (trees: number, of: number): void => {
    if (trees === of) after = cpuOfThreads();
  };
  const cost = await costOf(async () => {
    body = await trainInThreads({ matrix, settings: boostedDefaults, seed: 1 }, { threads, onTree });
  });
  clearInterval(watch);
  if (body === undefined) throw new Error('nothing was learned');
  const spent = [...after].map(([thread, seconds]) => seconds - (before.get(thread) ?? 0));
  return { ...cost, body, longestWaitMs, threads: spent };
}

/** Seconds on a processor, by thread: what a training would take if no other process wanted the processors. */
function cpuOfThreads(): ReadonlyMap<string, number> {
  return new Map(
    readdirSync('/proc/self/task').map((thread) => {
      const [nanoseconds] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
      return [thread, Number(nanoseconds) / 1e9];
    }),
  );
}

async function scoreRows(matrix: LabelledMatrix, body: ModelBody): Promise<readonly Row[]> {
  const learner = learnerOf(body, columns);
  const values = matrix.values.subarray(0, entities * columns);
  const plain = await costOf(() => {
    for (let row = 0; row < entities; row++) probabilityOf(learner.logOdds(values, row * columns));
  });
  const shap = await costOf(() => learner.explain({ rows: entities, columns, values }));
  const reasons = await costOf(() => {
    for (let horizon = 0; horizon < horizons; horizon++) {
      const { contributions } = learner.explain({ rows: entities, columns, values });
      for (let row = 0; row < entities; row++) topColumns(contributions, row, columns, 5);
    }
  });
  return [
    figure('score', 'µs CPU a row', (plain.cpuMs / entities) * 1000),
    figure('score and exact contributions', 'ms CPU a row', shap.cpuMs / entities),
    figure('10,000 entities × 3 horizons with reasons', 'CPU s', reasons.cpuMs / 1000),
  ];
}

/** Columns that have nothing to do with each other give the most patterns of answers, so this is the worst case for contributions. */
function noisyRows(): LabelledMatrix {
  const random = createRandom(5);
  const bell = (): number => random.next() + random.next() + random.next() + random.next() - 2;
  const readingOf = (column: number): number => (column % 3 === 0 ? random.below(9) : bell());
  const values = new Float32Array(rows * columns);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const readings = Float32Array.from({ length: columns }, (_, column) =>
      random.next() < 0.05 ? Number.NaN : readingOf(column),
    );
    values.set(readings, row * columns);
    labels[row] = random.next() < probabilityOf(logOddsOf(readings)) ? 1 : 0;
  }
  return { rows, columns, values, labels };
}

function logOddsOf(readings: Float32Array): number {
  const [a = 0, b = 0, c = 0, , d = 0, e = 0] = readings.map((reading) => (Number.isNaN(reading) ? 0 : reading));
  return -5 + 0.2 * a + b + 2 * c * d - e;
}
