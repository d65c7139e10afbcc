import { keyOfEntity } from '../../../../exporters/prediction/entity.ts';
import type { FeatureTable } from '../../../../exporters/prediction/features/feature-table.ts';
import type { Model } from '../../../../exporters/prediction/learning/model/model.ts';
import { learnedAnswers } from '../../../../exporters/prediction/pipeline/learned-answers.ts';
import type { ModelSet } from '../../../../exporters/prediction/pipeline/model-set.ts';
import { pastIncidents } from '../../../../exporters/prediction/pipeline/past-incidents.ts';
import { atOnce } from '../../../../exporters/prediction/steps.ts';
import { dayMs, gpu, hourMs, incident, momentsOf, startMs, tableOf } from '../fleet.ts';

const [a, b] = [gpu('a'), gpu('b')];
const names = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'];
const weights = [8, 7, 6, 5, 4, 3, 2, 1];

/** Rows of two GPUs each half day; column 0 is the number of its moment. */
const table: FeatureTable = tableOf(
  momentsOf(
    [a, b],
    Array.from({ length: 40 }, (_, at) => startMs + (at * dayMs) / 2),
  ),
  Object.fromEntries(names.map((name, column) => [name, (row: number) => (column === 0 ? Math.floor(row / 2) : 1)])),
);

/** Each column adds its weight by its value. */
const model = {
  body: {
    kind: 'logistic',
    intercept: -30,
    weights: Float64Array.from(weights),
    means: new Float64Array(names.length),
    deviations: new Float64Array(names.length).fill(1),
  },
  card: { horizon: '7d', schema: table.schema, baseRate: 0.02 },
  hash: '',
} as unknown as Model;

const startsMs = startMs + 10 * dayMs + hourMs / 2;

test('signs are of the last row that lies an hour before, and of what had happened by then', () => {
  const events = [
    { entity: a, atMs: startsMs - dayMs, kind: 'xid_63', weight: 0.3 },
    { entity: a, atMs: startsMs - hourMs / 2, kind: 'xid_48', weight: 0.3 },
    { entity: b, atMs: startsMs - dayMs, kind: 'xid_94', weight: 0.3 },
    { entity: a, atMs: startsMs, kind: 'xid_79', weight: 1 },
  ];
  const [past] = pastIncidents({ table, incidents: [incident(a, startsMs)], events, models: { '7d': model } });
  // The row of day 10 is only half an hour before; that of day 9.5 is the 19th.
  const sum = 19 * 8 + 7 + 6 + 5 + 4;
  expect(past?.signs).toEqual({ c0: (19 * 8) / sum, c1: 7 / sum, c2: 6 / sum, c3: 5 / sum, c4: 4 / sum, xid_63: 1 });
});

test('without a model, and without a row within the horizon, events alone are signs', () => {
  const events = [{ entity: a, atMs: startsMs - dayMs, kind: 'xid_63', weight: 0.3 }];
  const incidents = [incident(a, startsMs)];
  expect(pastIncidents({ table, incidents, events, models: {} })[0]?.signs).toEqual({ xid_63: 1 });
  const late = [incident(a, startMs + 40 * dayMs)];
  expect(pastIncidents({ table, incidents: late, events: [], models: { '7d': model } })[0]?.signs).toEqual({});
});

test('the newest 500 are kept', () => {
  const incidents = Array.from({ length: 600 }, (_, at) => incident(a, startMs + (600 - at) * hourMs));
  const past = pastIncidents({ table, incidents, events: [], models: {} });
  expect(past).toHaveLength(500);
  expect(past[0]?.incident.startMs).toBe(startMs + 101 * hourMs);
});

test('five reasons are told, and what the others add is told together', () => {
  const set = {
    id: 'x',
    kinds: { gpu: { horizons: { '24h': {}, '7d': { model }, '30d': {} } } },
  } as unknown as ModelSet;
  const answers = atOnce(learnedAnswers(set, { kind: 'gpu', table: firstRows(), productOf: () => '' }));
  const reasons = answers.get(keyOfEntity(a))?.['7d']?.reasons ?? [];
  expect(reasons.map(({ feature, contribution }) => [feature, contribution])).toEqual([
    ['training_average', -30],
    ['c1', 7],
    ['c2', 6],
    ['c3', 5],
    ['c4', 4],
    ['c5', 3],
    ['other_features', expect.closeTo(3, 9)],
  ]);
  expect(reasons[0]?.value).toBe(0.02);
});

/** Those of the first moment, in which column 0 is 0. */
function firstRows(): FeatureTable {
  return {
    ...table,
    entity: table.entity.slice(0, 2),
    atMs: table.atMs.slice(0, 2),
    values: table.values.slice(0, 16),
  };
}
