import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeLine } from '../../../../../support/fake-nvml.ts';
import { closeFakeSessions, type FakeOptions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const fast = { tiers: ['fast'], skip: [] } as const;

/** A session with one GPU that reads after as many seconds as it is told. */
function openWithClock(lines: readonly FakeLine[], options: FakeOptions = {}) {
  let seconds = 1000;
  const session = openFakeSession(['count=1', ...lines], { ...options, monotonic: () => seconds });
  return {
    ...session,
    setState: (next: readonly FakeLine[]) => session.setState(['count=1', ...next]),
    readAfter(step: number) {
      seconds += step;
      return session.session.collect(fast).gpus[0];
    },
  };
}

test('ratios and bytes per second are those between two readings, so the first reading has none', () => {
  const { readAfter } = openWithClock([]);
  expect(readAfter(0)?.activity).toBeUndefined();
  expect(readAfter(1)?.activity).toEqual({
    graphicsRatio: 0.905,
    smRatio: 0.8025,
    smOccupancyRatio: 0.45,
    tensorRatio: 0.6,
    integerRatio: 0.1,
    dramRatio: 0.35,
    fp64Ratio: 0.01,
    fp32Ratio: 0.2,
    fp16Ratio: 0.05,
    pcieTransmitBytesPerSecond: 104_857_600,
    pcieReceiveBytesPerSecond: 52_428_800,
    nvlinkTransmitBytesPerSecond: 2_097_152_000,
    nvlinkReceiveBytesPerSecond: 1_992_294_400,
  });
});

test('two samples serve for ever, and each reading takes one', () => {
  const { readAfter, calls } = openWithClock([]);
  for (let reading = 0; reading < 10; reading += 1) readAfter(1);
  expect(calls.get('nvmlGpmSampleAlloc')).toBe(2);
  expect(calls.get('nvmlGpmSampleGet')).toBe(10);
  expect(calls.get('nvmlGpmMetricsGet')).toBe(9);
});

test('a reading less than 100 ms after the one before takes no sample and shows what was measured last', () => {
  const { readAfter, setState, calls } = openWithClock([]);
  readAfter(1);
  readAfter(1);
  setState(['gpu.0.gpm.2=10']);
  expect(readAfter(0.05)?.activity?.smRatio).toBe(0.8025);
  expect(calls.get('nvmlGpmSampleGet')).toBe(2);
  expect(readAfter(0.06)?.activity?.smRatio).toBe(0.1);
});

test('nothing is said of a time longer than 10 minutes', () => {
  const { readAfter } = openWithClock([]);
  readAfter(1);
  expect(readAfter(601)?.activity).toBeUndefined();
  expect(readAfter(599)?.activity?.smRatio).toBe(0.8025);
});

test('a measured 0 is 0, and a small overshoot is 1', () => {
  const { readAfter } = openWithClock(['gpu.0.gpm.2=0', 'gpu.0.gpm.5=100.7']);
  readAfter(1);
  expect(readAfter(1)?.activity).toMatchObject({ smRatio: 0, tensorRatio: 1 });
});

test.each(['nan', 'inf', '-1', '-inf', '150', '1e300'])('a ratio of %s is left out, and so is such a rate', (value) => {
  const { readAfter } = openWithClock([`gpu.0.gpm.2=${value}`, `gpu.0.gpm.20=${value === '150' ? '1e30' : value}`]);
  readAfter(1);
  const gpu = readAfter(1);
  expect(gpu?.activity).toMatchObject({ smRatio: undefined, pcieTransmitBytesPerSecond: undefined, tensorRatio: 0.6 });
  expect(gpu?.errors).toEqual({});
});

test.each([3, 2, 13])('a metric that answers %i is absent, is no error, and is not asked for again', (code) => {
  const asked: number[] = [];
  const { readAfter } = openWithClock([`gpu.0.gpm_error.11=${code}`], {
    intercept(symbol, _announced, [struct]) {
      if (symbol === 'nvmlGpmMetricsGet' && typeof struct === 'object') asked.push(struct.readUInt32LE(4));
    },
  });
  readAfter(1);
  expect(readAfter(1)?.activity).not.toHaveProperty('fp64Ratio');
  const gpu = readAfter(1);
  expect(gpu?.activity).toMatchObject({ smRatio: 0.8025 });
  expect(gpu?.activity).not.toHaveProperty('fp64Ratio');
  expect(gpu?.errors).toEqual({});
  expect(asked).toEqual([13, 12]);
});

test('a metric that the driver did not write is left out, and is asked for again', () => {
  const { readAfter, setState } = openWithClock(['gpu.0.gpm.2=untouched']);
  readAfter(1);
  const gpu = readAfter(1);
  expect(gpu).toMatchObject({ errors: {}, activity: { tensorRatio: 0.6 } });
  expect(gpu?.activity).not.toHaveProperty('smRatio');
  setState([]);
  expect(readAfter(1)?.activity?.smRatio).toBe(0.8025);
});

test('a metric that fails for once is an error, and is asked for again', () => {
  const { readAfter, setState } = openWithClock(['gpu.0.gpm_error.2=999']);
  readAfter(1);
  const failing = readAfter(1);
  expect(failing?.errors).toEqual({ activity: 'unknown' });
  expect(failing?.activity?.tensorRatio).toBe(0.6);
  setState([]);
  expect(readAfter(1)).toMatchObject({ errors: {}, activity: { smRatio: 0.8025 } });
});

test('a call that fails for once is an error, and the next reading goes on from the last sample', () => {
  const { readAfter, setState } = openWithClock([]);
  readAfter(1);
  setState(['gpu.0.error.nvmlGpmSampleGet=10']);
  expect(readAfter(1)).toMatchObject({ errors: { activity: 'timeout' }, activity: undefined });
  setState([]);
  expect(readAfter(1)).toMatchObject({ errors: {}, activity: { smRatio: 0.8025 } });
});

test.each(['gpu.0.gpm=0', 'unsupported=nvmlGpmQueryDeviceSupport', 'error.nvmlGpmQueryDeviceSupport=25'] as const)(
  'with %s nothing of GPM is asked again',
  (line) => {
    const { readAfter, calls } = openWithClock([line]);
    for (let reading = 0; reading < 3; reading += 1) {
      expect(readAfter(1)).toMatchObject({ errors: {}, activity: undefined });
    }
    expect([...calls.keys()].filter((symbol) => symbol.startsWith('nvmlGpm'))).toEqual(['nvmlGpmQueryDeviceSupport']);
    expect(calls.get('nvmlGpmQueryDeviceSupport')).toBe(1);
  },
);

test('a GPU that takes no sample of itself is not asked again, and its samples are freed', () => {
  const { readAfter, calls } = openWithClock(['unsupported=nvmlGpmSampleGet']);
  readAfter(1);
  expect(readAfter(1)).toMatchObject({ errors: {}, activity: undefined });
  expect(calls.get('nvmlGpmSampleGet')).toBe(1);
  expect(calls.get('nvmlGpmSampleFree')).toBe(calls.get('nvmlGpmSampleAlloc'));
});

test('a library without GPM has no activity, which is no error', () => {
  const { readAfter } = openWithClock([], { without: ['GPM'] });
  readAfter(1);
  expect(readAfter(1)).toMatchObject({ errors: {}, activity: undefined });
});

test('nothing is measured across a change of the MIG mode, and what one mode lacks is asked for in the other', () => {
  const { readAfter, setState, calls } = openWithClock(['gpu.0.mig=1', 'unsupported=nvmlGpmSampleGet']);
  readAfter(1);
  readAfter(1);
  expect(calls.get('nvmlGpmSampleGet')).toBe(1);
  setState([]);
  expect(readAfter(1)?.activity).toBeUndefined();
  expect(readAfter(1)?.activity?.smRatio).toBe(0.8025);
  const freed = calls.get('nvmlGpmSampleFree') ?? 0;
  setState(['gpu.0.mig=1']);
  expect(readAfter(1)?.activity).toBeUndefined();
  expect(calls.get('nvmlGpmSampleFree')).toBe(freed + 2);
});

test('a GPU that was away starts again with two samples', () => {
  const { readAfter, setState, calls } = openWithClock([]);
  readAfter(1);
  readAfter(1);
  setState(['gpu.0=lost']);
  readAfter(1);
  expect(calls.get('nvmlGpmSampleFree')).toBe(2);
  setState([]);
  expect(readAfter(1)?.activity).toBeUndefined();
  expect(readAfter(1)?.activity?.smRatio).toBe(0.8025);
});

test('no sample is open when NVML is shut down', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-nvml-'));
  const log = join(folder, 'log');
  const { session, readAfter, calls } = openWithClock([
    `shutdown_log=${log}`,
    'gpu.0.mig=1',
    'gpu.0.mig.0=1:0:1g.10gb',
  ]);
  readAfter(1);
  readAfter(1);
  session.close();
  expect(calls.get('nvmlGpmSampleAlloc')).toBe(4);
  expect(readFileSync(log, 'utf8')).toBe('shutdown with 0 event sets and 0 GPM samples open\n');
  rmSync(folder, { recursive: true });
});
