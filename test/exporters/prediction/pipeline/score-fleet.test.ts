import { keyOfEntity } from '../../../../exporters/prediction/entity.ts';
import type { FeatureTable } from '../../../../exporters/prediction/features/feature-table.ts';
import { horizons } from '../../../../exporters/prediction/horizon.ts';
import { learnerOf } from '../../../../exporters/prediction/learning/learner-of.ts';
import { probabilityOf } from '../../../../exporters/prediction/learning/matrix.ts';
import { type FleetNow, freshMs, scoreFleet } from '../../../../exporters/prediction/pipeline/score-fleet.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { nodeProbability } from '../../../../exporters/prediction/risk/node-risk.ts';
import { dayMs, gpu, hourMs, node } from '../fleet.ts';
import { inputOf, madeFleet, trainFast } from './made-fleet.ts';

const fleet = madeFleet({ gpus: 24, rate: 0.012 });
const trained = trainModels(inputOf(fleet), { train: trainFast });
const atMs = fleet.table.atMs.at(-1) ?? 0;

function now(more: Partial<FleetNow> = {}): FleetNow {
  return { atMs, entities: fleet.entities, tables: { gpu: fleet.table }, events: fleet.history.events, ...more };
}

test('a learned model answers with what it says of the newest row, and its reasons add up', async () => {
  const models = await trained;
  const model = models.kinds.gpu?.horizons['7d'].model;
  const { risks } = scoreFleet(models, now());
  const rows = fleet.entities.length;
  const first = fleet.table.atMs.length - rows;
  for (const [at, risk] of risks.entries()) {
    expect(risk.layer['7d']).toBe('learned');
    const logOdds = learnerOf(model?.body as never, 2).logOdds(fleet.table.values, (first + at) * 2);
    expect(risk.probability['7d']).toBeCloseTo(Math.max(probabilityOf(logOdds), risk.probability['24h']), 12);
    for (const horizon of horizons) {
      const sum = risk.reasons[horizon].reduce((total, { contribution }) => total + contribution, 0);
      expect(probabilityOf(sum)).toBeCloseTo(risk.probability[horizon], 12);
    }
  }
});

test('a longer horizon is never less likely', async () => {
  for (const { probability } of scoreFleet(await trained, now()).risks) {
    expect(probability['7d']).toBeGreaterThanOrEqual(probability['24h']);
    expect(probability['30d']).toBeGreaterThanOrEqual(probability['7d']);
  }
});

test('the reason that tells most is the sign that is there, beside the median of its peers', async () => {
  const { risks } = scoreFleet(await trained, now({ tables: { gpu: withErrors(1.6) } }));
  const [, top] = risks[0]?.reasons['7d'] ?? [];
  expect(top).toMatchObject({ feature: 'errors', value: expect.closeTo(1.6, 5) });
  expect(top?.contribution).toBeGreaterThan(0.5);
  const others = scoreFleet(await trained, now()).risks.length;
  const sorted = errorsNow(withErrors(1.6)).sort((a, b) => a - b);
  expect(top?.peerMedian).toBeCloseTo(((sorted[others / 2 - 1] ?? 0) + (sorted[others / 2] ?? 0)) / 2, 6);
});

test('peers are of the same product', async () => {
  const few = new Map(fleet.entities.slice(0, 3).map((each) => [keyOfEntity(each), 'H100']));
  const { risks } = scoreFleet(await trained, now({ tables: { gpu: withErrors(1.6) }, products: few }));
  const own = errorsNow(withErrors(1.6))
    .slice(0, 3)
    .sort((a, b) => a - b);
  expect(risks[0]?.reasons['7d'][1]?.peerMedian).toBeCloseTo(own[1] ?? 0, 6);
});

test('a missing reading has no value, and two peers no median', async () => {
  const two = new Map(fleet.entities.slice(0, 2).map((each) => [keyOfEntity(each), 'H100']));
  const table = withErrors(Number.NaN);
  const { risks } = scoreFleet(await trained, now({ tables: { gpu: table }, products: two }));
  const reason = risks[0]?.reasons['7d'].find(({ feature }) => feature === 'errors');
  expect(reason).toMatchObject({ value: undefined, peerMedian: undefined });
  expect(risks[0]?.probability['7d']).toBeGreaterThan(0);
});

test('without a fresh row the rate model answers', async () => {
  const stranger = gpu('stranger');
  const later = now({ entities: [...fleet.entities, stranger] });
  const { risks } = scoreFleet(await trained, later);
  expect(risks.at(-1)).toMatchObject({ entity: stranger, layer: { '7d': 'rate' } });
  const stale = scoreFleet(await trained, now({ atMs: atMs + freshMs + 1 }));
  expect(new Set(stale.risks.map(({ layer }) => layer['7d']))).toEqual(new Set(['rate']));
  const barely = scoreFleet(await trained, now({ atMs: atMs + freshMs }));
  expect(new Set(barely.risks.map(({ layer }) => layer['7d']))).toEqual(new Set(['learned']));
});

test('rows and events after the moment are not looked at', async () => {
  const early = { ...now(), atMs: atMs - 30 * dayMs };
  const before = scoreFleet(await trained, early);
  const events = fleet.history.events.filter((event) => event.atMs <= early.atMs);
  const rows = fleet.table.atMs.filter((ms) => ms <= early.atMs).length;
  const table = { ...fleet.table, entity: fleet.table.entity.slice(0, rows), atMs: fleet.table.atMs.slice(0, rows) };
  expect(scoreFleet(await trained, { ...early, events, tables: { gpu: table } })).toEqual(before);
});

test('a failure of late raises the risk of a GPU without features', async () => {
  const [calm, shaken] = [gpu('calm'), gpu('shaken')];
  const events = [{ entity: shaken, atMs: atMs - dayMs, kind: 'xid_79', weight: 1 }];
  const { risks } = scoreFleet(await trained, { atMs, entities: [calm, shaken], events });
  expect(risks[1]?.probability['24h']).toBeGreaterThan(risks[0]?.probability['24h'] ?? 1);
});

test('a node fails with its host or one of its GPUs, and what is logged of it is its host alone', async () => {
  const host = node('gpu-0');
  const entities = [...fleet.entities, host];
  const { risks, said } = scoreFleet(await trained, now({ entities }));
  const gpus = said.filter(({ entity }) => entity.node === 'gpu-0' && entity.kind === 'gpu');
  const alone = said.at(-1)?.probability['7d'] ?? 0;
  expect(gpus).toHaveLength(8);
  expect(risks.at(-1)?.probability['7d']).toBeCloseTo(
    nodeProbability(
      alone,
      gpus.map(({ probability }) => probability['7d']),
    ),
    12,
  );
  expect(alone).toBeLessThan(risks.at(-1)?.probability['7d'] ?? 0);
  expect(risks.slice(0, -1)).toEqual(said.slice(0, -1));
});

test('GPUs of another cluster are not those of the node', async () => {
  const host = { ...node('gpu-0'), cluster: 'other' };
  const { risks, said } = scoreFleet(await trained, now({ entities: [...fleet.entities, host] }));
  expect(risks.at(-1)).toEqual(said.at(-1));
});

test('rules stand beside probabilities', async () => {
  const [first] = fleet.entities;
  if (first === undefined) throw new Error('no GPU');
  const facts = new Map([[keyOfEntity(first), { entity: first, atMs, xids: [{ code: 79, atMs: atMs - hourMs }] }]]);
  const [risk, other] = scoreFleet(await trained, now({ facts })).risks;
  expect(risk?.rules.map(({ rule }) => rule)).toEqual(['xid_79']);
  expect(other?.rules).toEqual([]);
  expect(risk?.probability).toEqual(scoreFleet(await trained, now()).risks[0]?.probability);
});

test('corrections are added to log-odds of the layer that answers', async () => {
  const plain = scoreFleet(await trained, now({ entities: [...fleet.entities, gpu('stranger')] }));
  const corrected = scoreFleet(
    await trained,
    now({
      entities: [...fleet.entities, gpu('stranger')],
      corrections: { rate: Math.log(2), learned: { '7d': Math.log(3) } },
    }),
  );
  const odds = (p = 0): number => p / (1 - p);
  const [before, after] = [plain.said, corrected.said];
  expect(odds(after[0]?.probability['7d']) / odds(before[0]?.probability['7d'])).toBeCloseTo(3, 6);
  expect(odds(after.at(-1)?.probability['7d']) / odds(before.at(-1)?.probability['7d'])).toBeCloseTo(2, 6);
});

test('a table of other columns is refused', async () => {
  const other = { ...fleet.table, schema: { version: 1, names: ['temperature', 'warnings'] } };
  const models = await trained;
  expect(() => scoreFleet(models, now({ tables: { gpu: other } }))).toThrow(
    /its column 1 is errors, and that is warnings now/,
  );
});

test('the first row tells of a deviation from the workload where the table has it', async () => {
  const names = ['temperature', 'errors', 'errors_vs_workload'];
  const wide = { ...fleet.table, schema: { version: 1, names }, values: widened(fleet.table, 0.25) };
  const models = await trainModels(inputOf({ ...fleet, table: wide }), { train: trainFast });
  const { risks } = scoreFleet(models, now({ tables: { gpu: wide } }));
  const reason = risks[0]?.reasons['7d'].find(({ feature }) => feature === 'errors');
  expect(reason?.peerMedian).toBeCloseTo((reason?.value ?? 0) - 0.25, 5);
});

function widened({ values }: FeatureTable, difference: number): Float32Array {
  const wide = new Float32Array((values.length / 2) * 3);
  for (let row = 0; row < values.length / 2; row++)
    wide.set([values[2 * row] ?? 0, values[2 * row + 1] ?? 0, difference], 3 * row);
  return wide;
}

/** The newest row of the first GPU with so many errors. */
function withErrors(errors: number): FeatureTable {
  const values = Float32Array.from(fleet.table.values);
  values[(fleet.table.atMs.length - fleet.entities.length) * 2 + 1] = errors;
  return { ...fleet.table, values };
}

function errorsNow({ values }: FeatureTable): number[] {
  const first = fleet.table.atMs.length - fleet.entities.length;
  return fleet.entities.map((_, at) => values[(first + at) * 2 + 1] ?? Number.NaN);
}
