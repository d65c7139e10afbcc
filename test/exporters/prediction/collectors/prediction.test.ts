import { predictionCollectors } from '../../../../exporters/prediction/collectors/index.ts';
import { keyOfEntity } from '../../../../exporters/prediction/entity.ts';
import { featureDrift, shapesOf } from '../../../../exporters/prediction/evaluation/drift/feature-drift.ts';
import { precursorsOf } from '../../../../exporters/prediction/evaluation/precursors.ts';
import type { ModelSet } from '../../../../exporters/prediction/pipeline/model-set.ts';
import { scoreFleet } from '../../../../exporters/prediction/pipeline/score-fleet.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { defaultSeries } from '../../../../exporters/prediction/prediction-file/series-settings.ts';
import { judgeDays } from '../../../../exporters/prediction/serving/outcomes.ts';
import { priorSet } from '../../../../exporters/prediction/serving/prior-set.ts';
import { likeliestFirst } from '../../../../exporters/prediction/serving/rank.ts';
import { saidDayOf } from '../../../../exporters/prediction/serving/said-days.ts';
import { atOnce } from '../../../../exporters/prediction/steps.ts';
import type { PredictionView } from '../../../../exporters/prediction/view.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../../kit/exposition/samples.ts';
import { prediction } from '../../../../metrics/prediction.ts';
import { expectGolden } from '../../../support/golden.ts';
import { dayMs, node } from '../fleet.ts';
import { inputOf, madeFleet, trainFast } from '../pipeline/made-fleet.ts';

const fleet = madeFleet({ gpus: 16, days: 120, rate: 0.02 });
const { history, nowMs } = fleet;

async function viewOf(): Promise<PredictionView> {
  const models: ModelSet = await trainModels(inputOf(fleet), { train: trainFast });
  const now = { atMs: nowMs, events: history.events, tables: { gpu: fleet.table } };
  const sorted = likeliestFirst(scoreFleet(models, { ...now, entities: fleet.entities }).risks);
  const gpus = [...sorted.slice(0, 1), ...sorted.slice(-2)].map(({ entity }) => entity);
  const [worst = node('')] = gpus;
  const facts = new Map([[keyOfEntity(worst), { entity: worst, atMs: nowMs, isRemapPending: true }]]);
  const scores = scoreFleet(models, { ...now, entities: [...gpus, node(worst.node)], facts });
  const days = [40, 30, 20, 10].map((ago) =>
    saidDayOf(scoreFleet(models, { atMs: nowMs - ago * dayMs, entities: fleet.entities, events: history.events })),
  );
  const { outcomes } = atOnce(judgeDays(days, history, { models, nowMs, budget: 3 }));
  return {
    run: { atMs: nowMs, seconds: 1.25, isComplete: true, risks: scores.risks },
    alertBudget: 2,
    models,
    swaps: { swapped: 3, kept: 1, rolled_back: 0 },
    training: {
      isActive: true,
      progress: 0.25,
      succeeded: 4,
      failed: 1,
      lastMs: nowMs - dayMs,
      lastSeconds: 60,
      nextMs: nowMs + dayMs,
      problem: undefined,
    },
    outcomes,
    drift: {
      gpu: featureDrift(
        shapesOf(fleet.table, Uint32Array.from(fleet.table.atMs.keys())),
        fleet.table,
        Uint32Array.from({ length: 200 }, (_, row) => row),
      ),
    },
    failures: { incidents: history.incidents, precursors: precursorsOf(history.incidents, history.raised) },
    sources: [
      {
        name: 'main',
        isUp: true,
        lastSuccessMs: nowMs,
        seconds: 0.5,
        failures: 2,
        problem: undefined,
        backfill: { isActive: true, progress: 0.5, untilMs: nowMs - dayMs, problem: 'the disk is full', remarks: [] },
      },
      {
        name: 'other',
        isUp: undefined,
        lastSuccessMs: undefined,
        seconds: undefined,
        failures: 0,
        problem: undefined,
        backfill: { isActive: false, progress: undefined, untilMs: undefined, problem: undefined, remarks: [] },
      },
    ],
    anomaly: undefined,
    series: defaultSeries,
  };
}

let view: PredictionView;
beforeAll(async () => {
  view = await viewOf();
});

async function collected(more: Partial<PredictionView> = {}): Promise<string> {
  const { emit, emitHistogram, families } = createSampleWriter(prediction);
  const signal = new AbortController().signal;
  const fail = (reason: string): never => {
    throw new Error(reason);
  };
  for (const { collect } of predictionCollectors)
    await collect({ ...view, ...more }, { emit, emitHistogram, fail, signal });
  return renderExposition('text', families());
}

const linesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
const numberOf = (line: string | undefined): number => Number(line?.split(' ').at(-1));

test('every metric of risk', async () => {
  expectGolden('prediction/risk.prom', await collected());
});

test('the likeliest are shown where there are too many, as a whole, and what is left out is counted', async () => {
  const text = await collected({ series: { ...defaultSeries, probabilities: 7 } });
  const all = linesOf(await collected(), 'prediction_failure_probability').filter((line) => line.includes('"7d"'));
  const shown = linesOf(text, 'prediction_failure_probability');
  expect(shown).toHaveLength(6);
  const least = Math.min(...shown.filter((line) => line.includes('"7d"')).map(numberOf));
  expect(all.map(numberOf).filter((value) => value > least)).toHaveLength(1);
  const counted = linesOf(text, 'prediction_dropped_series').find((line) =>
    line.includes('prediction_failure_probability'),
  );
  expect(numberOf(counted)).toBe(4 * 3 - 6);
});

test('ranks go to the likeliest GPUs within the budget alone, and to nobody where nobody stands out', async () => {
  const ranks = linesOf(await collected({ alertBudget: 1 }), 'prediction_failure_alert_rank');
  expect(ranks.map(numberOf)).toEqual([1]);
  const gpus = linesOf(await collected(), 'prediction_failure_probability').filter((line) => /GPU-.*"7d"/.test(line));
  const likeliest = gpus.toSorted((a, b) => numberOf(b) - numberOf(a))[0] ?? '';
  expect(likeliest).toContain(/uuid="[^"]+"/.exec(ranks[0] ?? '')?.[0] ?? 'nobody');
  const [risk] = view.run?.risks ?? [];
  const same = { ...view.run, atMs: nowMs, seconds: 1, isComplete: true, risks: risk === undefined ? [] : [risk] };
  expect(linesOf(await collected({ run: same }), 'prediction_failure_alert_rank')).toEqual([]);
});

test('expected failures are the sum of the probabilities, within their interval', async () => {
  const text = await collected();
  const probabilities = linesOf(text, 'prediction_failure_probability').filter((line) => /GPU-.*"30d"/.test(line));
  const expected = linesOf(text, 'prediction_expected_failures').filter((line) =>
    /kind="gpu",horizon="30d"/.test(line),
  );
  const [middle = 0, low = 0, high = 0] = ['expected', 'low', 'high'].map((estimate) =>
    numberOf(expected.find((line) => line.includes(`"${estimate}"`))),
  );
  expect(middle).toBeCloseTo(
    probabilities.reduce((sum, line) => sum + numberOf(line), 0),
    10,
  );
  expect([low < middle, middle < high]).toEqual([true, true]);
});

test('before anything was read there is only what is known without it: the prior', async () => {
  const models = priorSet({ gpu: 0.1, node: 0.5, products: new Map(), strength: 1 });
  const text = await collected({
    run: undefined,
    outcomes: undefined,
    failures: undefined,
    models,
    drift: {},
    sources: [],
  });
  expect(text).toContain('prediction_model_info{version="prior"} 1');
  for (const name of [
    'prediction_failure_probability',
    'prediction_model_trained_timestamp_seconds',
    'prediction_evaluation_rows',
  ])
    expect(linesOf(text, name)).toEqual([]);
  const base = linesOf(text, 'prediction_failure_base_probability').find((line) => /"gpu".*"7d"/.test(line));
  expect(numberOf(base)).toBeGreaterThan(0.001);
  expect(numberOf(base)).toBeLessThan(0.003);
});
