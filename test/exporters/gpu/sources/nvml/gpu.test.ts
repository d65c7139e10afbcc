import { tiers } from '../../../../../exporters/gpu/reading.ts';
import { createCostMeter } from '../../../../../exporters/gpu/sources/nvml/cost-meter.ts';
import { createGpu } from '../../../../../exporters/gpu/sources/nvml/gpu.ts';
import type { FakeLine } from '../../../../support/fake-nvml.ts';
import { closeFakeSessions, openFakeSession, removeFakeState } from './fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

/** GPU 0 alone, in a library that a session initialised. */
function openFakeGpu(lines: readonly FakeLine[]) {
  const { library, setState, calls } = openFakeSession(['count=1', ...lines]);
  const gpu = createGpu(
    { meter: createCostMeter(library, () => 0), refused: new Set(), monotonic: () => 0, now: () => 0 },
    0,
  );
  return { gpu, calls, setState: (next: readonly FakeLine[]) => setState(['count=1', ...next]) };
}

describe('a GPU at rest', () => {
  test('keeps its handle and is not called', () => {
    const { gpu, calls } = openFakeGpu([]);
    gpu.read(tiers);
    const { handle } = gpu;
    const before = new Map(calls);
    gpu.rest();
    expect(gpu.handle).toBe(handle);
    expect(calls).toEqual(before);
    gpu.drop();
  });

  test('is read in full after it, so that nothing from before is shown', () => {
    const { gpu, setState } = openFakeGpu(['gpu.0.recovery_action=2', 'gpu.0.process=10:1000']);
    gpu.read(tiers);
    setState(['gpu.0.rows_pending=1']);
    expect(gpu.read(['fast'])).toMatchObject({
      recovery: { action: 'node_reboot' },
      processes: { list: [{ pid: 10 }] },
    });
    gpu.rest();
    expect(gpu.read(['fast'])).toMatchObject({
      recovery: { action: 'none' },
      rows: { pending: true },
      processes: { list: [] },
    });
    gpu.drop();
  });

  test('shows no error from before', () => {
    const { gpu, setState } = openFakeGpu(['gpu.0.error.nvmlDeviceGetFanSpeed=999']);
    expect(gpu.read(tiers).errors).toEqual({ fan: 'unknown' });
    setState([]);
    gpu.rest();
    expect(gpu.read(['fast']).errors).toEqual({});
    gpu.drop();
  });

  test('may be one that was never opened', () => {
    const { gpu } = openFakeGpu([]);
    gpu.rest();
    expect(gpu.handle).toBeUndefined();
    expect(gpu.read(['fast']).recovery).toEqual({ action: 'none' });
    gpu.drop();
  });
});

describe('a change of the MIG mode while running', () => {
  const inMigMode = ['gpu.0.mig=1', 'unsupported=utilization', 'unsupported=engines'] as const;

  test('brings what the GPU did not support in the mode before, in the same reading', () => {
    const { gpu, setState } = openFakeGpu(inMigMode);
    expect(gpu.read(tiers)).toMatchObject({ utilization: undefined, engines: undefined, mig: { enabled: true } });
    const { uuid, handle } = gpu;
    setState([]);
    const reading = gpu.read(['fast']);
    expect(reading).toMatchObject({ utilization: { gpuRatio: 0.9 }, engines: { encoderRatio: 0 }, errors: {} });
    expect(reading).toMatchObject({ uuid, mig: { enabled: false }, recovery: { action: 'none' } });
    expect(gpu.handle).toBe(handle);
    gpu.drop();
  });

  test('takes away what it does not support in the mode after', () => {
    const { gpu, setState } = openFakeGpu([]);
    gpu.read(tiers);
    setState(inMigMode);
    expect(gpu.read(['fast'])).toMatchObject({ utilization: undefined, engines: undefined, errors: {} });
    gpu.drop();
  });

  test('frees the samples that were taken before it', () => {
    const { gpu, setState, calls } = openFakeGpu([]);
    gpu.read(tiers);
    setState(inMigMode);
    gpu.read(['fast']);
    gpu.drop();
    expect(calls.get('nvmlGpmSampleAlloc')).toBe(2);
    expect(calls.get('nvmlGpmSampleFree')).toBe(2);
  });

  test('is seen across a reading in which the mode could not be told, which is no change itself', () => {
    const { gpu, setState, calls } = openFakeGpu(inMigMode);
    gpu.read(tiers);
    setState([...inMigMode, 'error.nvmlDeviceGetMigMode=999']);
    gpu.read(['fast']);
    setState(inMigMode);
    gpu.read(['fast']);
    expect(calls.get('nvmlDeviceGetUtilizationRates')).toBe(1);
    setState([]);
    expect(gpu.read(['fast']).utilization?.gpuRatio).toBe(0.9);
    gpu.drop();
  });
});
