import { type Entity, keyOfEntity } from '../../../../exporters/prediction/entity.ts';
import { completeRows } from '../../../../exporters/prediction/evaluation/splits.ts';
import { byHorizon, type Horizon, horizons } from '../../../../exporters/prediction/horizon.ts';
import { labelOf } from '../../../../exporters/prediction/labels/incident.ts';
import { failureHistoryOf } from '../../../../exporters/prediction/pipeline/failure-history.ts';
import { fleetRate, fleetRateScorer } from '../../../../exporters/prediction/pipeline/fleet-rate.ts';
import { labelTable } from '../../../../exporters/prediction/pipeline/label-table.ts';
import { dayMs, startMs } from '../fleet.ts';
import { type MadeFleet, madeFleet } from './made-fleet.ts';

const fleet = madeFleet({ gpus: 40, days: 120, rate: 0.018 });
const cutMs = startMs + 60 * dayMs;
const { table } = fleet;
const asked = Uint32Array.from(table.atMs.keys()).filter((row) => (table.atMs[row] ?? 0) >= cutMs);

function scoresAt({ history }: Pick<MadeFleet, 'history'>, horizon: Horizon = '24h'): Float64Array | undefined {
  const labels = labelTable(table, history);
  const scorer = fleetRateScorer(labels, { table, input: { history } });
  const rows = completeRows(table, labels[horizon], horizon, Number.NEGATIVE_INFINITY, cutMs);
  return scorer.fit({ table, labels: labels[horizon], rows, horizon, cutMs })?.(asked);
}

test.each(horizons)(
  'as many fail within %s as a rate of that time expects, though failures of late have no label of it',
  (horizon) => {
    const labels = labelTable(table, fleet.history)[horizon];
    const scores = scoresAt(fleet, horizon);
    let [expected, observed] = [0, 0];
    for (const [at, row] of asked.entries()) {
      if (labels[row] === labelOf.unusable) continue;
      expected += scores?.[at] ?? 0;
      observed += labels[row] ?? 0;
    }
    expect(observed).toBeGreaterThan(20);
    expect(expected / observed).toBeGreaterThan(0.75);
    expect(expected / observed).toBeLessThan(1.33);
  },
);

test('a rate that was made at a cut knows nothing of what failed after it', () => {
  const before = fleet.history.incidents.filter((each) => each.startMs <= cutMs);
  const xids = before.map(({ entity, startMs: atMs }) => ({ entity, atMs, code: 79 }));
  const known = scoresAt({ history: failureHistoryOf({ xids }, fleet.nowMs) });
  const all = scoresAt(fleet);
  // Until something of its own fails after the cut, an entity has the same past in both.
  const same = [...asked.keys()].filter((at) => {
    const row = asked[at] ?? 0;
    const key = keyOfEntity(table.entities[table.entity[row] ?? 0] as Entity);
    const later = fleet.history.incidents.filter(
      ({ entity, startMs: ms }) => keyOfEntity(entity) === key && ms > cutMs,
    );
    return later.every(({ startMs: ms }) => ms > (table.atMs[row] ?? 0));
  });
  expect(same.length).toBeGreaterThan(300);
  for (const at of same) expect(all?.[at]).toBe(known?.[at]);
});

test('signs of raised risk raise it', () => {
  const [first] = table.entities;
  // So few that nothing can be fitted, and signs count as elsewhere.
  const few = fleet.history.incidents.filter((each) => each.startMs <= cutMs).slice(0, 15);
  const xids = few.map(({ entity, startMs: atMs }) => ({ entity, atMs, code: 79 }));
  const signs = first === undefined ? [] : [{ entity: first, atMs: cutMs - 1, code: 63 }];
  const [plain, raised] = [xids, [...xids, ...signs]].map((each) =>
    scoresAt({ history: failureHistoryOf({ xids: each }, fleet.nowMs) }),
  );
  expect(raised?.[0]).toBeGreaterThan((plain?.[0] ?? 1) * 1.01);
});

test('a product that fails more often has a higher base', () => {
  const bad = new Set(fleet.history.incidents.map(({ entity }) => keyOfEntity(entity)).slice(0, 12));
  const products = new Map(
    table.entities.map((each) => [keyOfEntity(each), bad.has(keyOfEntity(each)) ? 'bad' : 'good']),
  );
  const labels = labelTable(table, fleet.history);
  const { base } = fleetRate({ gpu: { table, labels } }, { history: fleet.history, products });
  expect(base['gpu/bad']).toBeGreaterThan((base['gpu/good'] ?? 1) * 1.1);
});

test('a fleet with many failures is fitted, one with few is not', () => {
  const labels = labelTable(table, fleet.history);
  expect(fleetRate({ gpu: { table, labels } }, { history: fleet.history }).fitted).toEqual(['gpu']);
  const history = failureHistoryOf({}, fleet.nowMs);
  const none = { table, labels: byHorizon((horizon) => labelTable(table, history)[horizon]) };
  expect(fleetRate({ gpu: none }, { history })).toMatchObject({ fitted: [], ownFailures: 0 });
});
