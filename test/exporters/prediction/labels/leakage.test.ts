import { leakingColumns, refuseLeakingColumns } from '../../../../exporters/prediction/labels/label-signals.ts';
import { labelsOf } from '../../../../exporters/prediction/labels/labels-of.ts';
import { refuseRowLeaks, rowLeaksOf } from '../../../../exporters/prediction/labels/leakage.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { dayMs, gpu, incident, momentsOf, startMs } from '../fleet.ts';

const days = Array.from({ length: 20 }, (_, day) => startMs + day * dayMs);
const moments = momentsOf([gpu('a')], days);
const incidents = [incident(gpu('a'), startMs + 10 * dayMs, { endMs: startMs + 12 * dayMs })];
const base = { moments, incidents, horizon: '7d', nowMs: startMs + 100 * dayMs } as const;
const labels = labelsOf(moments, incidents, '7d', base.nowMs);
const withLabel = (row: number, label: number) => labels.with(row, label);

test('labels of our own definition leak nothing', () => {
  expect(rowLeaksOf({ ...base, labels })).toEqual([]);
  expect(() => refuseRowLeaks({ ...base, labels })).not.toThrow();
});

test.each([
  ['a failed row at the start itself', 10, 1, 'during_incident'],
  ['a quiet row during the incident', 11, 0, 'during_incident'],
  ['a failed row of which the incident is over', 12, 1, 'label_of_past'],
  ['a failed row long before', 2, 1, 'label_of_past'],
])('%s leaks', (_, row, label, kind) => {
  expect(rowLeaksOf({ ...base, labels: withLabel(row, label) })).toEqual([{ row, kind }]);
});

test('a row whose horizon is not over leaks', () => {
  const nowMs = startMs + 26 * dayMs - 1;
  expect(rowLeaksOf({ ...base, labels, nowMs })).toEqual([{ row: 19, kind: 'not_complete' }]);
  expect(rowLeaksOf({ ...base, labels, nowMs: nowMs + 1 })).toEqual([]);
});

test('a row while it is out of service leaks', () => {
  const outOfService = [{ entity: gpu('a'), fromMs: startMs, untilMs: startMs + dayMs }];
  expect(rowLeaksOf({ ...base, labels, outOfService })).toEqual([{ row: 0, kind: 'during_incident' }]);
});

test('a leak is refused with the row, the entity and what to do', () => {
  expect(() => refuseRowLeaks({ ...base, labels: withLabel(10, 1) })).toThrow(
    new ConfigError(
      'row 11 (gpu/prod/GPU-a at 2026-01-11T00:00:00.000Z) lies within an incident or out of service, so its features hold the failure; mark it as unusable; 1 rows leak and cannot be learned from',
    ),
  );
});

describe('columns', () => {
  const remap = { column: 'remap_failure_last', signal: 'gpu_row_remap_failure', lagMs: 0 };

  test('of a signal that defines failures leak unless they end five minutes before', () => {
    expect(leakingColumns([remap])).toEqual([remap]);
    expect(leakingColumns([{ ...remap, lagMs: 5 * 60_000 - 1 }])).toHaveLength(1);
    expect(leakingColumns([{ ...remap, lagMs: 5 * 60_000 }])).toEqual([]);
    expect(leakingColumns([{ column: 'heat', signal: 'gpu_temperature_celsius', lagMs: 0 }])).toEqual([]);
  });

  test('of XIDs leak if one of their codes is a failure', () => {
    const xids = { column: 'xids', signal: 'gpu_xid_errors_total', lagMs: 0 };
    expect(leakingColumns([{ ...xids, xids: [13, 31, 48, 63] }])).toEqual([]);
    expect(leakingColumns([{ ...xids, xids: [48, 79] }])).toHaveLength(1);
    expect(leakingColumns([xids])).toHaveLength(1);
  });

  test('that leak are refused by name', () => {
    expect(() => refuseLeakingColumns([remap])).toThrow(
      'the column remap_failure_last reads gpu_row_remap_failure, which defines failures, until 0 s before its row; end its window at least 300 s before',
    );
    expect(() => refuseLeakingColumns([])).not.toThrow();
  });
});
