import { keyOfEntity } from '../../../../exporters/prediction/entity.ts';
import { exposuresOfRows } from '../../../../exporters/prediction/evaluation/scorers/exposures-of-rows.ts';
import { failureHistoryOf } from '../../../../exporters/prediction/pipeline/failure-history.ts';
import { newestRows } from '../../../../exporters/prediction/pipeline/newest-rows.ts';
import { sampleRows, thinRows } from '../../../../exporters/prediction/pipeline/thin-rows.ts';
import { dayMs, gpu, hourMs, momentsOf, node, startMs, tableOf } from '../fleet.ts';

const [a, b] = [gpu('a'), gpu('b')];

function tableEvery(ms: number, many: number) {
  const moments = momentsOf(
    [a, b],
    Array.from({ length: many }, (_, at) => startMs + at * ms),
  );
  return tableOf(moments, { row: (row) => row });
}

test('signs of all sources become incidents, signs of risk and time out of service', () => {
  const nowMs = startMs + 20 * dayMs;
  const history = failureHistoryOf(
    {
      xids: [
        { entity: a, atMs: startMs, code: 79 },
        { entity: a, atMs: startMs + 5 * dayMs, code: 63 },
        { entity: b, atMs: startMs + dayMs, code: 31 },
      ],
      absences: [{ entity: a, fromMs: startMs + hourMs, untilMs: startMs + dayMs, how: 'off_the_bus' }],
      remaps: [{ entity: b, atMs: startMs + 9 * dayMs, hasFailed: true }],
      states: [
        { entity: node('n'), atMs: startMs + 2 * dayMs, state: 'maintenance' },
        { entity: node('n'), atMs: startMs + 3 * dayMs, state: 'in_service' },
      ],
      tickets: {
        signs: [
          { entity: b, startMs: startMs + 9 * dayMs + hourMs, endMs: undefined, kind: 'ticket_rma', source: 'ticket' },
        ],
        problems: ['t.csv:3: entity is unknown'],
      },
    },
    nowMs,
  );
  expect(history.incidents.map(({ entity, kind, sources }) => [entity.uuid, kind, sources])).toEqual([
    ['GPU-a', 'xid_79', ['xid', 'gpu_lost']],
    ['GPU-b', 'row_remap_failure', ['row_remap', 'ticket']],
  ]);
  expect(history.raised.map(({ kind }) => kind)).toEqual(['xid_63']);
  expect(history.events.map(({ kind, weight }) => [kind, weight])).toEqual([
    ['xid_79', 1],
    ['xid_63', 0.3],
    ['row_remap_failure', 1],
  ]);
  expect(history.outOfService).toEqual([
    { entity: node('n'), fromMs: startMs + 2 * dayMs, untilMs: startMs + 3 * dayMs },
  ]);
  expect(history.problems).toEqual(['t.csv:3: entity is unknown']);
});

test('of each entity and day the first row is kept', () => {
  const table = tableEvery(6 * hourMs, 12);
  const thin = thinRows(table, 1000);
  expect([...thin.atMs]).toEqual([0, 0, 1, 1, 2, 2].map((day) => startMs + day * dayMs));
  expect([...thin.values]).toEqual([0, 1, 8, 9, 16, 17]);
  expect([...thin.entity]).toEqual([0, 1, 0, 1, 0, 1]);
});

test('whole days are left out where there are too many rows, and a table that has few stays as it is', () => {
  const table = tableEvery(dayMs, 30);
  expect(thinRows(table, 60)).toBe(table);
  const thin = thinRows(table, 20);
  expect(thin.atMs.length).toBe(20);
  expect(new Set(thin.atMs).size).toBe(10);
});

test('days in service are the same for rows of each day, each third day, and each week', () => {
  const daysOf = (every: number) => {
    const table = tableEvery(every * dayMs, Math.ceil(84 / every));
    return exposuresOfRows({ table, rows: Uint32Array.from(table.atMs.keys()) }, [])[0]?.entityDays;
  };
  expect([daysOf(1), daysOf(3), daysOf(7)]).toEqual([168, 168, 168]);
});

test('some rows are sampled evenly', () => {
  expect([
    ...sampleRows(
      Uint32Array.from({ length: 10 }, (_, at) => at),
      4,
    ),
  ]).toEqual([0, 3, 6, 9]);
});

test('the newest row of each that is asked for counts', () => {
  const table = tableEvery(6 * hourMs, 5);
  const at = startMs + 13 * hourMs;
  const newest = newestRows(table, new Set([keyOfEntity(b)]), at, 2 * hourMs);
  expect([...newest.values]).toEqual([5]);
  expect(newestRows(table, new Set([keyOfEntity(b)]), at, hourMs / 2).atMs).toHaveLength(0);
});
