import { brier, constantBrier } from '../../../exporters/prediction/evaluation/calibration/brier.ts';
import { averagePrecision } from '../../../exporters/prediction/evaluation/ranking/average-precision.ts';
import { learnerOf } from '../../../exporters/prediction/learning/learner-of.ts';
import { type LabelledMatrix, probabilityOf } from '../../../exporters/prediction/learning/matrix.ts';
import { boostedDefaults, type LearnerSettings } from '../../../exporters/prediction/learning/settings.ts';
import { train } from '../../../exporters/prediction/learning/train.ts';
import { costOf, type Row, row } from '../bench.ts';
import { testFigures } from './fault-trace.ts';
import type { FaultTrace } from './fault-trace-data.ts';
import { type HbmRows, readHbmRows } from './hbm-data.ts';
import { learners, scorerOf } from './learners.ts';

type Progress = (step: string) => void;

/** What scikit-learn 1.2.1 reached with the same settings, or with its own forest: AP, ROC, P@10 a day. */
const faultTraceReference: Readonly<Record<string, readonly [number, number, number]>> = {
  boosted: [0.051, 0.557, 0.115],
  'library-like': [0.035, 0.495, 0.098],
  forest: [0.044, 0.573, 0.09],
  logistic: [0.076, 0.589, 0.122],
};

const constantBrierOfTrace = 0.02366;

/** Learners on the node-days of the fault trace, as the test days have them. */
export async function faultTraceLearnerRows(trace: FaultTrace, progress: Progress): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, settings] of learners) {
    progress(`fault trace: ${name}`);
    let figures: ReturnType<typeof testFigures> | undefined;
    const { cpuMs } = await costOf(() => {
      figures = testFigures(trace, scorerOf(name, settings));
    });
    const [ap = 0, roc = 0, precision = 0] = faultTraceReference[name] ?? [];
    rows.push(
      figure(`fault trace, ${name}: AP`, 'AP', figures?.averagePrecision, ap),
      figure(`fault trace, ${name}: ROC`, 'ROC', figures?.rocArea, roc),
      figure(`fault trace, ${name}: P@10 a day`, 'precision', figures?.budgets[1]?.precision, precision),
      figure(`fault trace, ${name}: Brier against the constant`, 'Brier', figures?.brier, constantBrierOfTrace),
      figure(`fault trace, ${name}: training and figures`, 'CPU s', cpuMs / 1000),
    );
  }
  return rows;
}

/** AP of scikit-learn on the test rows as they are. */
const hbmReference: Readonly<Record<string, number>> = { boosted: 0.7, 'library-like': 0.04 };

/** Learners on the HBM rows: test rows as they are, and one with 20 quiet rows for each that failed, as papers report. */
export async function hbmLearnerRows(data: string, progress: Progress): Promise<readonly Row[]> {
  const hbm = readHbmRows(data);
  const failed = hbm.train.labels.reduce((sum, label) => sum + label, 0);
  const negativeShare = (20 * failed) / (hbm.train.rows - failed);
  const variants = [...learners, ['boosted of 20:1', { ...boostedDefaults, negativeShare }] as const];
  const rows: Row[] = [];
  for (const [name, settings] of variants) {
    progress(`HBM rows: ${name}`);
    rows.push(...(await hbmRowsOf(hbm, name, settings)));
  }
  return rows;
}

async function hbmRowsOf(
  { train: matrix, test }: HbmRows,
  name: string,
  settings: LearnerSettings,
): Promise<readonly Row[]> {
  let scores = new Float64Array();
  const { cpuMs } = await costOf(() => {
    scores = probabilitiesOf(matrix, test, settings);
  });
  const all = Uint32Array.from(test.labels.keys());
  const thinned = oneInTwenty(test);
  const base = matrix.labels.reduce((sum, label) => sum + label, 0) / matrix.rows;
  return [
    figure(`HBM rows, ${name}: AP`, 'AP', averagePrecision(scores, test.labels, all), hbmReference[name]),
    figure(`HBM rows, ${name}: AP at 20:1`, 'AP', averagePrecision(scores, test.labels, thinned)),
    figure(
      `HBM rows, ${name}: Brier against the constant`,
      'Brier',
      brier(scores, test.labels, all),
      constantBrier(base, test.labels, all),
    ),
    figure(`HBM rows, ${name}: training and scores`, 'CPU s', cpuMs / 1000),
  ];
}

function probabilitiesOf(
  matrix: LabelledMatrix,
  test: LabelledMatrix,
  settings: LearnerSettings,
): Float64Array<ArrayBuffer> {
  const { logOdds } = learnerOf(train({ matrix, settings, seed: 1 }), matrix.columns);
  return Float64Array.from({ length: test.rows }, (_, at) => probabilityOf(logOdds(test.values, at * test.columns)));
}

/** Rows that failed, and every n-th of the others, so that there are 20 for each. */
function oneInTwenty({ labels }: LabelledMatrix): Uint32Array {
  const failed = labels.reduce((sum, label) => sum + label, 0);
  const every = (labels.length - failed) / (20 * failed);
  let quiet = 0;
  return Uint32Array.from(labels.keys()).filter(
    (at) => labels[at] === 1 || Math.floor(++quiet / every) > Math.floor((quiet - 1) / every),
  );
}

export function figure(name: string, unit: string, value = Number.NaN, baseline?: number): Row {
  const figures = { bench: 'prediction', name, unit, runs: [value] };
  return row(baseline === undefined ? figures : { ...figures, baselineRuns: [baseline] });
}
