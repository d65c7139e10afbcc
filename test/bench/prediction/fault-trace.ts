import { type Figures, figuresOf } from '../../../exporters/prediction/evaluation/figures.ts';
import { precursorsOf } from '../../../exporters/prediction/evaluation/precursors.ts';
import { prequential } from '../../../exporters/prediction/evaluation/prequential/prequential.ts';
import { stretchesOf } from '../../../exporters/prediction/evaluation/prequential/stretches.ts';
import { decidePromotion } from '../../../exporters/prediction/evaluation/promotion/decide.ts';
import type { PromotionDecision } from '../../../exporters/prediction/evaluation/promotion/promotion.ts';
import { rateScorer } from '../../../exporters/prediction/evaluation/scorers/rate-scorer.ts';
import type { Scorer } from '../../../exporters/prediction/evaluation/scorers/scorer.ts';
import { labelOf } from '../../../exporters/prediction/labels/incident.ts';
import { labelsOf } from '../../../exporters/prediction/labels/labels-of.ts';
import { riskEventsOf } from '../../../exporters/prediction/labels/risk-events.ts';
import { fitRates } from '../../../exporters/prediction/risk/rate/fit-rate.ts';
import { followUpsOf } from '../../../exporters/prediction/risk/rate/rate-model.ts';
import { recencySums } from '../../../exporters/prediction/risk/rate/recency.ts';
import { costOf, type Row, row } from '../bench.ts';
import { type FaultTrace, momentOf, readFaultTrace, splits } from './fault-trace-data.ts';

export interface FaultTraceOptions {
  /** The folder with `derived/` and `gpu-fault-trace/`. */
  readonly data: string;
  /** Learned models to be tried against the rate model. */
  readonly candidates: readonly Scorer[];
}

const horizon = '7d';
const hour = 3_600_000;
const budgets = [5, 10, 20];

/** Figures of the same data with the same formulas in Python, to be reproduced; false episodes, recall and leads as a budget of alerts sees them. */
const reference = {
  base: 0.0032,
  /** The slow decays are next to nothing, and how near depends on where the optimiser stops. */
  excitation: [0.0036, 0.0167],
  followUps: 0.18,
  averagePrecision: 0.073,
  rocArea: 0.667,
  precision: 0.126,
  brier: 0.02321,
  constantBrier: 0.02366,
  calibrationError: 0.0078,
  withoutPrecursor: 1 - 244 / 584,
  recall: [0.172, 0.237, 0.302],
  falseEpisodes: [2.1, 2.7, 2.8],
  leadP50Days: 6.1,
  leadP10Days: 1,
};

/** The GPU fault trace of InfiniteHBD: labels, the rate model, and the layer that the promotion rule chooses. */
export async function faultTraceRows(
  progress: (step: string) => void,
  { data, candidates }: FaultTraceOptions,
): Promise<readonly Row[]> {
  progress('fault trace: labels');
  const trace = readFaultTrace(data);
  const rows = [...labelRows(trace)];
  progress('fault trace: rate model');
  rows.push(...(await fitRows(trace)));
  const rate = rateScorer({ incidents: trace.incidents });
  rows.push(...rateRows(testFigures(trace, rate), trace));
  for (const candidate of candidates) {
    progress(`fault trace: ${candidate.name} against the rate model`);
    rows.push(...candidateRows(trace, rate, candidate));
  }
  return rows;
}

/** Our own labels against those that came with the data set. */
function labelRows({ table, labels, incidents }: FaultTrace): readonly Row[] {
  const own = labelsOf(table, incidents, horizon, momentOf(1000));
  const differing = own.filter((label, index) => label !== labelOf.unusable && label !== labels[index]).length;
  return [figure('labels that differ', 'rows', differing)];
}

async function fitRows(trace: FaultTrace): Promise<readonly Row[]> {
  const rows = rowsOf(trace, splits.train);
  const sums = recencySums(trace.table, riskEventsOf(trace.incidents, []));
  let fit: ReturnType<typeof fitRates>;
  const { cpuMs } = await costOf(() => {
    fit = fitRates({ sums, labels: trace.labels, horizon, hold: 'constant', rows });
  });
  return [
    figure('fit: mu', 'per node and day', fit?.base ?? Number.NaN, reference.base),
    ...(fit?.excitation.slice(0, 2) ?? []).map((each, k) =>
      figure(`fit: a ${k + 1}`, 'per node and day', each, reference.excitation[k] ?? Number.NaN),
    ),
    figure('fit: follow-ups of a fault', 'faults', followUpsOf(fit?.excitation ?? []), reference.followUps),
    row({ bench: 'prediction', name: `fault trace, fit of ${rows.length} rows`, unit: 'ms CPU', runs: [cpuMs] }),
  ];
}

function rateRows(figures: Figures, trace: FaultTrace): readonly Row[] {
  const { shareWithout = Number.NaN } = precursorsOf(trace.incidents, []);
  return [
    figure('rate: AP', 'AP', figures.averagePrecision, reference.averagePrecision),
    figure('rate: ROC', 'ROC', figures.rocArea, reference.rocArea),
    figure('rate: P@10', 'precision', figures.budgets[1]?.precision, reference.precision),
    figure('rate: Brier', 'Brier', figures.brier, reference.brier),
    figure('rate: Brier against the constant', 'Brier', figures.brier, reference.constantBrier),
    figure('rate: ECE', 'ECE', figures.calibrationError, reference.calibrationError),
    ...figures.budgets.flatMap(({ perDay, recall, falsePer1000 }, index) => [
      figure(`rate: recall at ${perDay} a day`, 'of incidents', recall, reference.recall[index]),
      figure(`rate: false episodes at ${perDay} a day`, 'per 1,000 days', falsePer1000, reference.falseEpisodes[index]),
    ]),
    figure('rate: lead p50 at 10 a day', 'days', daysOf(figures.budgets[1]?.leadP50Ms), reference.leadP50Days),
    figure('rate: lead p10 at 10 a day', 'days', daysOf(figures.budgets[1]?.leadP10Ms), reference.leadP10Days),
    figure('incidents without precursor', 'of all', shareWithout, reference.withoutPrecursor),
  ];
}

/** The choice is made on the time before the test, and then judged on the test. */
function candidateRows(trace: FaultTrace, rate: Scorer, candidate: Scorer): readonly Row[] {
  const decision = choose(trace, rate, candidate);
  const learned = testFigures(trace, candidate);
  const chosen = decision.chosen === 'learned' ? learned : testFigures(trace, rate);
  const { name } = candidate;
  return [
    figure(`${name}: AP`, 'AP', learned.averagePrecision, reference.averagePrecision),
    figure(`${name}: P@10`, 'precision', learned.budgets[1]?.precision, reference.precision),
    figure(`${name}: Brier`, 'Brier', learned.brier, reference.constantBrier),
    figure(`${name} promoted`, '1 is yes', decision.chosen === 'learned' ? 1 : 0),
    ...decision.comparisons.map(({ metric, gain }) => figure(`${name}: gain in ${metric} over stretches`, '', gain)),
    figure(`chosen with ${name}: P@10, to be >= .12`, 'precision', chosen.budgets[1]?.precision, 0.12),
    figure(`chosen with ${name}: Brier, to be < .0237`, 'Brier', chosen.brier, 0.0237),
  ];
}

export function choose(
  { table, labels, split, incidents }: FaultTrace,
  rate: Scorer,
  candidate: Scorer,
): PromotionDecision {
  const before = labels.map((label, index) => (split[index] === splits.test ? labelOf.unusable : label));
  const until = split.indexOf(splits.test);
  const times = { ...table, atMs: table.atMs.subarray(0, until) };
  const input = { table, labels: before, horizon, stretches: stretchesOf(times, horizon) } as const;
  const [ofRate, ofCandidate] = [prequential(rate, input), prequential(candidate, input)];
  return decidePromotion({ moments: table, labels: before, horizon, incidents, rate: ofRate, learned: ofCandidate });
}

/** Trained on the training days alone, asked about the test days. */
export function testFigures(trace: FaultTrace, scorer: Scorer): Figures {
  const { table, labels, incidents } = trace;
  const [train, test] = [rowsOf(trace, splits.train), rowsOf(trace, splits.test)];
  const cutMs = (table.atMs[train.at(-1) ?? 0] ?? 0) + 168 * hour;
  const known = labels.map((label, index) => (trace.split[index] === splits.train ? label : labelOf.unusable));
  const score = scorer.fit({ table, labels: known, rows: train, horizon, cutMs });
  if (score === undefined) throw new Error(`${scorer.name} learned nothing`);
  const scores = new Float64Array(labels.length).fill(Number.NaN);
  const said = score(test);
  for (const [index, at] of test.entries()) scores[at] = said[index] ?? Number.NaN;
  const trainingBaseRate = train.filter((at) => labels[at] === labelOf.failed).length / train.length;
  return figuresOf({ moments: table, labels, scores, horizon, incidents }, { budgets, trainingBaseRate });
}

function rowsOf({ split }: FaultTrace, which: number): Uint32Array {
  return Uint32Array.from(split.keys()).filter((at) => split[at] === which);
}

function daysOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 24 / hour;
}

function figure(name: string, unit: string, value = Number.NaN, baseline?: number): Row {
  const figures = { bench: 'prediction', name: `fault trace, ${name}`, unit, runs: [value] };
  return row(baseline === undefined ? figures : { ...figures, baselineRuns: [baseline] });
}
