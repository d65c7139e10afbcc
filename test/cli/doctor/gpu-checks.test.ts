import { judgeActivity } from '../../../cli/doctor/checks/gpus/activity.ts';
import { judgeClocks } from '../../../cli/doctor/checks/gpus/clocks.ts';
import { judgeCount } from '../../../cli/doctor/checks/gpus/count.ts';
import { judgeEcc } from '../../../cli/doctor/checks/gpus/ecc.ts';
import { judgeMig } from '../../../cli/doctor/checks/gpus/mig.ts';
import { judgePersistence } from '../../../cli/doctor/checks/gpus/persistence.ts';
import { judgeReadingTime } from '../../../cli/doctor/checks/gpus/reading-time.ts';
import { judgeReadings } from '../../../cli/doctor/checks/gpus/readings.ts';
import { judgeRecovery } from '../../../cli/doctor/checks/gpus/recovery.ts';
import { judgeMemoryRepair } from '../../../cli/doctor/checks/gpus/rows.ts';
import type { Finding } from '../../../cli/doctor/finding.ts';
import type { GpuReading } from '../../../exporters/gpu/reading.ts';
import { exam, gpu } from './machine.ts';

const three = [gpu(0), gpu(1), gpu(2)];
const model = 'NVIDIA H100 80GB HBM3';

/** Without the remedy, which must be there where something is wrong and nowhere else. */
function seen({ status, found, remedy }: Finding): readonly [string, string] {
  expect(remedy !== undefined).toBe(status === 'warning' || status === 'failure');
  return [status, found];
}

/** Three GPUs, of which the second is different. */
function withOne(differences: Partial<GpuReading>): readonly GpuReading[] {
  return [gpu(0), gpu(1, differences), gpu(2)];
}

test('all GPUs answer', () => {
  expect(seen(judgeCount(exam(three), 0))).toEqual(['ok', `3 of 3 (${model})`]);
  expect(seen(judgeCount(exam(three), 3))).toEqual(['ok', `3 of 3 (${model})`]);
});

test('GPUs that do not answer are named with the reason, be it that they are lost, hang or crash', () => {
  const failures = [gpu(0), gpu(1, { failure: 'gpu_is_lost' }), gpu(2, { failure: 'gpu_is_lost' })];
  const hung = { kind: 'hung', gpu: 3, how: 'did not answer within 20 s' } as const;
  expect(seen(judgeCount(exam(failures, { gpuCount: 4, faults: [hung] }), 0))).toEqual([
    'failure',
    `1 of 4 (${model}); GPU 1, 2: gpu_is_lost; GPU 3: did not answer within 20 s`,
  ]);
});

test('fewer GPUs than expected, or none, are a failure', () => {
  expect(seen(judgeCount(exam(three), 8))).toEqual(['failure', `3 of 8 (${model}); --gpu.expected is 8`]);
  expect(seen(judgeCount(exam([]), 0))).toEqual(['failure', 'the driver lists none']);
});

test('readings that fail are named, with the rights as the remedy where those are missing', () => {
  expect(judgeReadings(three).status).toBe('ok');
  expect(seen(judgeReadings(withOne({ errors: { ecc: 'unknown', power: 'timeout' } })))).toEqual([
    'warning',
    'some fail: GPU 1: power timeout, ecc unknown',
  ]);
  expect(judgeReadings(withOne({ errors: { ecc: 'no_permission' } })).remedy).toContain('as root');
});

test('readings that no GPU has are no fault', () => {
  const [status, found] = seen(judgeReadings(three));
  expect(status).toBe('ok');
  expect(found).toMatch(/^6 of 20 kinds of readings; these GPUs have no utilization, /);
});

test('ECC that is off, or is to change, is a warning', () => {
  expect(seen(judgeEcc(three))).toEqual(['ok', 'on']);
  const off = { modes: { ecc: false, eccPending: false } };
  expect(seen(judgeEcc(withOne(off)))).toEqual(['warning', 'off on GPU 1, so memory errors are not seen']);
  const changing = { modes: { ecc: true, eccPending: false } };
  expect(seen(judgeEcc(withOne(changing)))).toEqual(['warning', 'a change waits for a reset on GPU 1']);
  expect(judgeEcc([gpu(0, { modes: {} })]).status).toBe('not_applicable');
});

test('persistence mode that is off is a warning', () => {
  expect(seen(judgePersistence(three))).toEqual(['ok', 'on']);
  const [status, found] = seen(judgePersistence(withOne({ modes: { persistence: false } })));
  expect([status, found.slice(0, 12)]).toEqual(['warning', 'off on GPU 1']);
  expect(judgePersistence([gpu(0, { modes: {} })]).status).toBe('not_applicable');
});

test('a row that could not be remapped is a failure, one that waits is a warning', () => {
  expect(judgeMemoryRepair(three).status).toBe('ok');
  const failed = { rows: { pending: true, failure: true } };
  expect(seen(judgeMemoryRepair(withOne(failed)))).toEqual(['failure', 'a row could not be remapped on GPU 1']);
  expect(seen(judgeMemoryRepair(withOne({ rows: { pending: true } })))).toEqual([
    'warning',
    'waits for a reset on GPU 1',
  ]);
  const old = { rows: undefined, pages: { pending: true } };
  expect(judgeMemoryRepair([gpu(0, old)]).status).toBe('warning');
  expect(judgeMemoryRepair([gpu(0, { rows: undefined })]).status).toBe('not_applicable');
});

test('a reset that the driver asks for is a failure, one that can wait for running work is a warning', () => {
  expect(judgeRecovery(three).status).toBe('ok');
  expect(seen(judgeRecovery(withOne({ recovery: { action: 'gpu_reset' } })))).toEqual([
    'failure',
    'the driver asks for one: GPU 1: gpu_reset',
  ]);
  expect(judgeRecovery(withOne({ recovery: { action: 'drain_and_reset' } })).status).toBe('warning');
  expect(judgeRecovery([gpu(0, { recovery: undefined })]).status).toBe('not_applicable');
});

test('MIG is told with its instances; a pending change and an empty GPU are warnings', () => {
  const instance = { gpuInstanceId: 1, computeInstanceId: 0, uuid: 'MIG-1' };
  expect(seen(judgeMig(three))).toEqual(['ok', 'off']);
  expect(seen(judgeMig(withOne({ mig: { enabled: true, instances: [instance] } })))).toEqual([
    'ok',
    'on; GPU 1: 1 instance',
  ]);
  expect(seen(judgeMig(withOne({ mig: { enabled: true, instances: [] } })))).toEqual([
    'warning',
    'on, but no instances are seen on GPU 1',
  ]);
  expect(seen(judgeMig(withOne({ mig: { enabled: false, pendingEnabled: true, instances: [] } })))).toEqual([
    'warning',
    'a change of the mode waits for a reset on GPU 1',
  ]);
  expect(judgeMig([gpu(0, { mig: undefined })]).status).toBe('not_applicable');
});

test('heat and power brakes are warnings, a power cap is not', () => {
  expect(seen(judgeClocks(three))).toEqual(['ok', 'none now']);
  const hot = { clocks: { activeReasons: ['sw_power_cap', 'hw_thermal', 'hw_slowdown'] } } as const;
  expect(seen(judgeClocks(withOne(hot)))).toEqual([
    'warning',
    'clocks are held down now; GPU 1: hw_slowdown, hw_thermal',
  ]);
  expect(judgeClocks([gpu(0, { clocks: {} })]).status).toBe('not_applicable');
});

test('activity is measured on Hopper and newer, of the whole GPU or of its instances', () => {
  const mig = {
    enabled: true,
    instances: [{ gpuInstanceId: 1, computeInstanceId: 0, uuid: 'M', activity: { smRatio: 0 } }],
  };
  expect(seen(judgeActivity(three))).toEqual(['ok', 'measured']);
  expect(seen(judgeActivity([gpu(0, { activity: undefined, mig })]))).toEqual(['ok', 'measured']);
  expect(seen(judgeActivity(withOne({ activity: undefined })))).toEqual(['ok', 'measured on GPU 0, 2']);
  expect(judgeActivity([gpu(0, { activity: undefined })]).status).toBe('not_applicable');
  expect(seen(judgeActivity(withOne({ errors: { activity: 'in_use' } })))).toEqual(['warning', 'fails; GPU 1: in_use']);
});

test('the time of a reading is told with its slowest part, and is a warning near the time of a hang', () => {
  const costs = { ecc: { calls: 8, seconds: 0.3 }, fan: { calls: 2, seconds: 0.1 } };
  const found = '400.0 ms for 10 driver calls; most for ecc, 300.0 ms';
  expect(seen(judgeReadingTime(costs, 2))).toEqual(['ok', found]);
  expect(seen(judgeReadingTime(costs, 0.5))).toEqual(['warning', `${found}; --gpu.timeout is 0.5 s`]);
  expect(seen(judgeReadingTime({}, 2))).toEqual(['ok', '0.0 ms for 0 driver calls']);
});
