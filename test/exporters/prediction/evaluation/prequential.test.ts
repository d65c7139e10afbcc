import { prequential, scoresOf } from '../../../../exporters/prediction/evaluation/prequential/prequential.ts';
import { stretchesOf } from '../../../../exporters/prediction/evaluation/prequential/stretches.ts';
import { learnedScorer } from '../../../../exporters/prediction/evaluation/scorers/learned-scorer.ts';
import { rateScorer } from '../../../../exporters/prediction/evaluation/scorers/rate-scorer.ts';
import type { Past, Scorer } from '../../../../exporters/prediction/evaluation/scorers/scorer.ts';
import { splitByTime } from '../../../../exporters/prediction/evaluation/splits.ts';
import { riskEventsOf } from '../../../../exporters/prediction/labels/risk-events.ts';
import { defaultPriors } from '../../../../exporters/prediction/risk/rate/priors.ts';
import { baseRateOf, rateModelOf } from '../../../../exporters/prediction/risk/rate/rate-model.ts';
import { rateRisk } from '../../../../exporters/prediction/risk/rate/rate-risk.ts';
import { recencyAt } from '../../../../exporters/prediction/risk/rate/recency.ts';
import { dayMs, gpu, incident, momentsOf, startMs, tableOf } from '../fleet.ts';
import { rowsOf, simulatedFleet } from './scored.ts';
import { trainByBins } from './train-by-bins.ts';

const { table, labels, incidents } = simulatedFleet(3, 2);
const stretches = stretchesOf(table, '7d');
const dayOf = (row: number | undefined) => ((table.atMs[row ?? -1] ?? Number.NaN) - startMs) / dayMs;

test('parts of a split follow each other in time, with a horizon between them', () => {
  const cuts = { validationFromMs: startMs + 100 * dayMs, testFromMs: startMs + 140 * dayMs };
  const { train, validation, test: rest } = splitByTime(table, labels, '7d', cuts);
  expect([train[0], train.at(-1), validation[0], validation.at(-1), rest[0], rest.at(-1)].map(dayOf)).toEqual([
    0, 93, 100, 133, 140, 179,
  ]);
  expect([...train, ...validation, ...rest].some((row) => labels[row] === 255)).toBe(false);
});

test('stretches are two horizons or longer, at most twelve, and reach to the end', () => {
  const days = (count: number) =>
    momentsOf(
      [gpu('a')],
      Array.from({ length: count }, (_, day) => startMs + day * dayMs),
    );
  expect(stretches).toHaveLength(8);
  expect(stretches[0]?.fromMs).toBeCloseTo(startMs + (179 / 3) * dayMs, 0);
  expect(stretches.at(-1)?.untilMs).toBe(startMs + 179 * dayMs + 1);
  for (const [index, { fromMs, untilMs }] of stretches.entries()) {
    expect(untilMs - fromMs).toBeGreaterThanOrEqual(14 * dayMs);
    expect(fromMs).toBe(stretches[index - 1]?.untilMs ?? fromMs);
  }
  expect(stretchesOf(days(2000), '7d')).toHaveLength(12);
  expect(stretchesOf(days(20), '7d')).toEqual([]);
  expect(stretchesOf(days(30), '7d')).toHaveLength(1);
  expect(stretchesOf(momentsOf([], []), '7d')).toEqual([]);
});

test('a model knows no label whose horizon is not over when it is made', () => {
  const asked: { readonly past: Past; readonly rows: Uint32Array }[] = [];
  const spy: Scorer = {
    name: 'spy',
    fit: (past) => (rows) => {
      asked.push({ past, rows });
      return new Float64Array(rows.length).fill(0.5);
    },
  };
  const run = prequential(spy, { table, labels, horizon: '7d', stretches });
  expect(asked).toHaveLength(stretches.length);
  for (const { past, rows } of asked) {
    expect(past.rows.length).toBeGreaterThan(0);
    expect(past.rows.every((row) => (table.atMs[row] ?? 0) + 7 * dayMs <= past.cutMs)).toBe(true);
    const known = [...past.labels.keys()].filter((row) => past.labels[row] !== 255);
    expect(Uint32Array.from(known)).toEqual(past.rows);
    expect(rows.every((row) => (table.atMs[row] ?? 0) >= past.cutMs && labels[row] !== 255)).toBe(true);
  }
  const scores = scoresOf(run, labels.length);
  const judged = run.stretches.reduce((sum, { rows }) => sum + rows.length, 0);
  expect(scores.filter((score) => score === 0.5)).toHaveLength(judged);
  expect(scores[0]).toBeNaN();
  expect(run.stretches[0]?.trainingBaseRate).toBeCloseTo(0.04, 1);
});

test('what is said of a stretch does not change with what comes behind it', () => {
  const scorer = rateScorer({ incidents });
  const untilMs = stretches[3]?.untilMs ?? 0;
  const later = labels.map((label, row) => ((table.atMs[row] ?? 0) >= untilMs && label === 0 ? 1 : label));
  const fewer = rateScorer({ incidents: incidents.filter(({ startMs: start }) => start < untilMs) });
  const scoresFor = (own: Scorer, known: Uint8Array) =>
    prequential(own, { table, labels: known, horizon: '7d', stretches }).stretches[3]?.scores;
  expect([...(scoresFor(fewer, later) ?? [])].join()).toBe([...(scoresFor(scorer, labels) ?? [])].join());
});

test('an evaluation can be stopped, and tells how far it is', () => {
  const told: string[] = [];
  const onStretch = (done: number, all: number) => {
    told.push(`${done}/${all}`);
    if (done === 2) throw new Error('stopped');
  };
  const scorer = rateScorer({ incidents });
  expect(() => prequential(scorer, { table, labels, horizon: '7d', stretches, onStretch })).toThrow('stopped');
  expect(told).toEqual(['0/8', '1/8', '2/8']);
});

describe('the rate model as a scorer', () => {
  const past = {
    table,
    labels,
    rows: rowsOf(labels).subarray(0, 3000),
    horizon: '7d',
    cutMs: startMs + 90 * dayMs,
  } as const;

  test('says what the risk of an entity says', () => {
    const score = rateScorer({ incidents }).fit({ ...past, rows: past.rows.subarray(0, 30), cutMs: startMs });
    const model = rateModelOf({
      exposures: [{ kind: 'gpu', product: '', entityDays: table.entities.length, failures: 0 }],
      priors: defaultPriors,
    });
    for (const row of [500, 4000, 9000]) {
      const entity = table.entities[table.entity[row] ?? 0] ?? gpu('');
      const events = riskEventsOf(incidents, []).filter((event) => event.entity.uuid === entity.uuid);
      const recency = recencyAt(events, table.atMs[row] ?? 0);
      const { probability } = rateRisk(model, { kind: 'gpu', product: '', recency, horizon: '7d' });
      expect(score?.(Uint32Array.from([row]))[0]).toBeCloseTo(probability, 12);
    }
  });

  test('tells products apart', () => {
    const own = rateScorer({
      incidents,
      productOf: ({ uuid }) => (uuid < 'GPU-030' ? 'new' : 'old'),
      priors: { ...defaultPriors, products: new Map([['new', 0.5]]) },
    }).fit({ ...past, rows: new Uint32Array(), cutMs: startMs - 1 });
    const [young = 0, old = 0] = own?.(Uint32Array.from([0, 45])) ?? [];
    expect(young / old).toBeGreaterThan(5);
    expect(baseRateOf(rateModelOf({ exposures: [], priors: defaultPriors }), 'gpu', '') * 7).toBeCloseTo(old, 5);
  });
});

describe('a learner as a scorer', () => {
  const learner = learnedScorer({ name: 'bins', train: trainByBins });

  test('learns from the rows with a label and finds what is there', () => {
    const { stretches: scored } = prequential(learner, { table, labels, horizon: '7d', stretches });
    const last = scored.at(-1);
    const mean = (label: number) => {
      const own = [...(last?.rows ?? [])].flatMap((row, index) =>
        labels[row] === label ? [last?.scores?.[index] ?? 0] : [],
      );
      return own.reduce((sum, score) => sum + score, 0) / own.length;
    };
    expect(mean(1)).toBeGreaterThan(4 * mean(0));
  });

  test('rows of one class teach nothing', () => {
    const still = tableOf(momentsOf([gpu('a')], [startMs]), { x: () => 1 });
    const past = { table: still, rows: rowsOf([1]), horizon: '7d', cutMs: startMs + 9 * dayMs } as const;
    expect(learner.fit({ ...past, labels: Uint8Array.from([0]) })).toBeUndefined();
    expect(learner.fit({ ...past, labels: Uint8Array.from([1]) })).toBeUndefined();
    expect(learner.fit({ ...past, rows: new Uint32Array(), labels: Uint8Array.from([255]) })).toBeUndefined();
    const run = prequential(learner, { table, labels: labels.map(() => 0), horizon: '7d', stretches });
    expect(run.stretches.every(({ scores }) => scores === undefined)).toBe(true);
    expect(incident(gpu('a'), startMs).startMs).toBe(startMs);
  });
});
