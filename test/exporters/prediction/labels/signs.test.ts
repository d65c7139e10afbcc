import { type Absence, lostSigns } from '../../../../exporters/prediction/labels/lost-signs.ts';
import { remapSigns } from '../../../../exporters/prediction/labels/remap-signs.ts';
import { stateSigns } from '../../../../exporters/prediction/labels/state-signs.ts';
import { xidRiskEvents, xidSigns } from '../../../../exporters/prediction/labels/xid-signs.ts';
import { dayMs, gpu, hourMs, startMs } from '../fleet.ts';

const entity = gpu('a');
const nowMs = startMs + 30 * dayMs;
const minuteMs = 60_000;

describe('XIDs', () => {
  const codes = [79, 13, 31, 43, 45, 48, 95].map((code, index) => ({ entity, code, atMs: startMs + index }));

  test('only those that take a GPU out of service are signs', () => {
    const { signs, problems } = xidSigns(codes, nowMs);
    expect(signs.map(({ kind }) => kind)).toEqual(['xid_79', 'xid_95']);
    expect(signs[0]).toEqual({ entity, startMs, endMs: undefined, kind: 'xid_79', source: 'xid' });
    expect(problems).toEqual([]);
  });

  test('those that raise the risk are events of less weight than an incident', () => {
    const events = xidRiskEvents(codes, nowMs);
    expect(events.map(({ kind }) => kind)).toEqual(['xid_48']);
    expect(events[0]?.weight).toBeGreaterThan(0);
    expect(events[0]?.weight).toBeLessThan(1);
  });

  test('a clock that is little ahead counts as now, one that is further ahead or says 1970 is refused', () => {
    const at = (atMs: number) => xidSigns([{ entity, code: 79, atMs }], nowMs);
    expect(at(nowMs + 5 * minuteMs).signs[0]?.startMs).toBe(nowMs);
    expect(at(nowMs + 5 * minuteMs + 1)).toEqual({
      signs: [],
      problems: [
        'XID 79 of gpu/prod/GPU-a is of 2026-01-31T00:05:00.001Z, which is in the future by more than 5 minutes; set the clock that stamps it; it is left out',
      ],
    });
    expect(at(1000).problems[0]).toContain('before 2010');
    expect(at(Number.NaN).problems[0]).toContain('has no time');
    expect(at(1e308).signs).toEqual([]);
    expect(xidRiskEvents([{ entity, code: 48, atMs: nowMs + dayMs }], nowMs)).toEqual([]);
  });
});

describe('GPUs that are lost', () => {
  const absence = (more: Partial<Absence>): Absence => ({
    entity,
    fromMs: startMs,
    untilMs: startMs + hourMs,
    how: 'vanished',
    ...more,
  });

  test('a vanished one is a sign from ten minutes on, one that the driver calls lost at once', () => {
    expect(lostSigns([absence({})], nowMs).signs).toEqual([
      { entity, startMs, endMs: startMs + hourMs, kind: 'vanished', source: 'gpu_lost' },
    ]);
    expect(lostSigns([absence({ untilMs: startMs + 10 * minuteMs - 1 })], nowMs).signs).toEqual([]);
    const short = absence({ untilMs: startMs + 1, how: 'off_the_bus' });
    expect(lostSigns([short], nowMs).signs[0]?.kind).toBe('off_the_bus');
  });

  test('one that is still gone is not over', () => {
    expect(lostSigns([absence({ untilMs: undefined })], nowMs).signs[0]?.endMs).toBe(Number.POSITIVE_INFINITY);
    expect(lostSigns([absence({ untilMs: undefined })], startMs + minuteMs).signs).toEqual([]);
  });

  test('reversed time is refused', () => {
    const { signs, problems } = lostSigns([absence({ untilMs: startMs - 1 })], nowMs);
    expect(signs).toEqual([]);
    expect(problems).toEqual(['the absence of gpu/prod/GPU-a ends before it begins; it is left out']);
  });
});

test('row remapping has failed from the first sample that says so to one that does not, in any order and with doubles', () => {
  const at = (hours: number, hasFailed: boolean) => ({ entity, atMs: startMs + hours * hourMs, hasFailed });
  const samples = [
    at(4, true),
    at(1, false),
    at(2, true),
    at(2, false),
    at(3, true),
    at(5, false),
    at(7, true),
    at(6, false),
  ];
  const { signs } = remapSigns(samples, nowMs);
  expect(signs.map((sign) => [sign.startMs - startMs, (sign.endMs ?? 0) - startMs])).toEqual([
    [2 * hourMs, 5 * hourMs],
    [7 * hourMs, Number.POSITIVE_INFINITY],
  ]);
  expect(remapSigns([at(1, false)], nowMs).signs).toEqual([]);
  expect(remapSigns([at(24 * 40, true)], nowMs).problems[0]).toContain('row remapping of gpu/prod/GPU-a');
});

test('of samples of one moment, the one that says it has failed counts, whichever comes first', () => {
  const at = (hours: number, hasFailed: boolean) => ({ entity, atMs: startMs + hours * hourMs, hasFailed });
  for (const both of [
    [at(2, true), at(2, false)],
    [at(2, false), at(2, true)],
  ]) {
    const { signs } = remapSigns([at(1, true), ...both, at(3, false)], nowMs);
    expect(signs.map((sign) => [sign.startMs, sign.endMs])).toEqual([[startMs + hourMs, startMs + 3 * hourMs]]);
  }
});

describe('states', () => {
  const change = (day: number, state: string) => ({ entity, atMs: startMs + day * dayMs, state });

  test('from failed to in service is one sign, whatever lies between', () => {
    const changes = [change(4, 'maintenance'), change(1, 'failed'), change(2, 'rma'), change(6, 'in_service')];
    const { signs, outOfService } = stateSigns(changes, nowMs);
    expect(signs).toEqual([
      { entity, startMs: startMs + dayMs, endMs: startMs + 6 * dayMs, kind: 'state_failed', source: 'cmdb' },
    ]);
    expect(outOfService).toEqual([{ entity, fromMs: startMs + dayMs, untilMs: startMs + 6 * dayMs }]);
  });

  test('maintenance is no failure, but out of service', () => {
    const { signs, outOfService } = stateSigns([change(1, 'maintenance')], nowMs);
    expect(signs).toEqual([]);
    expect(outOfService).toEqual([{ entity, fromMs: startMs + dayMs, untilMs: undefined }]);
  });

  test('maintenance that finds a failure: out of service from its beginning, failed from then on, and not over', () => {
    const { signs, outOfService } = stateSigns([change(1, 'maintenance'), change(2, 'repair')], nowMs);
    expect(signs.map((sign) => [sign.kind, sign.startMs, sign.endMs])).toEqual([
      ['state_repair', startMs + 2 * dayMs, Number.POSITIVE_INFINITY],
    ]);
    expect(outOfService[0]?.fromMs).toBe(startMs + dayMs);
  });

  test('of two states at one moment the later in the list counts', () => {
    expect(stateSigns([change(1, 'failed'), change(1, 'in_service')], nowMs).signs).toEqual([]);
    expect(stateSigns([change(1, 'in_service'), change(1, 'failed')], nowMs).signs).toHaveLength(1);
  });

  test('a change in the future is refused', () => {
    const { problems } = stateSigns([change(40, 'failed')], nowMs);
    expect(problems[0]).toContain('the state failed of gpu/prod/GPU-a is of 2026-02-10');
  });
});
