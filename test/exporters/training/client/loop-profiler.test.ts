import { createLoopProfiler } from '../../../../exporters/training/client/loop-profiler.ts';

/** A clock and a memory that go on only when told. */
function startProfiler() {
  let [seconds, bytes] = [0, 0];
  const profiler = createLoopProfiler({ now: () => seconds, memory: () => bytes });
  const pass = (tookSeconds: number, tookBytes = 0): void => {
    seconds += tookSeconds;
    bytes += tookBytes;
  };
  return { profiler, pass };
}

test('each phase is told with count, mean, extremes, quantiles and what it did to the memory', () => {
  const { profiler, pass } = startProfiler();
  for (let step = 1; step <= 100; step++) {
    profiler.phase('data_loading', () => pass(0.5, 1000));
    profiler.phase('model_forward', () => pass(step, step === 100 ? 4096 : 0));
  }
  const [dataLoading, forward] = profiler.report();
  expect(dataLoading).toEqual({
    phase: 'data_loading',
    count: 100,
    totalSeconds: 50,
    meanSeconds: 0.5,
    minSeconds: 0.5,
    maxSeconds: 0.5,
    p50Seconds: 0.5,
    p95Seconds: 0.5,
    p99Seconds: 0.5,
    meanMemoryDeltaBytes: 1000,
    maxMemoryDeltaBytes: 1000,
  });
  expect(forward).toMatchObject({ count: 100, meanSeconds: 50.5, minSeconds: 1, maxSeconds: 100 });
  expect(forward).toMatchObject({ p50Seconds: 50, p95Seconds: 95, p99Seconds: 99 });
  expect(forward).toMatchObject({ meanMemoryDeltaBytes: 40.96, maxMemoryDeltaBytes: 4096 });
});

test('a phase gives what its function gives, and is measured when the promise is settled', async () => {
  const { profiler, pass } = startProfiler();
  let finish: (value: string) => void = () => undefined;
  const promise = profiler.phase(
    'forward',
    () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      }),
  );
  pass(3);
  expect(profiler.report()).toEqual([]);
  finish('loss');
  expect(await promise).toBe('loss');
  expect(profiler.report()[0]).toMatchObject({ count: 1, totalSeconds: 3 });
  expect(profiler.phase('forward', () => 7)).toBe(7);
});

test('a phase that fails is measured, and fails for its caller as before', async () => {
  const { profiler, pass } = startProfiler();
  const fail = (): never => {
    pass(1);
    throw new Error('out of memory');
  };
  expect(() => profiler.phase('forward', fail)).toThrow('out of memory');
  await expect(profiler.phase('forward', async () => fail())).rejects.toThrow('out of memory');
  expect(profiler.report()[0]).toMatchObject({ count: 2, totalSeconds: 2 });
});

test('start and stop, once', () => {
  const { profiler, pass } = startProfiler();
  const stop = profiler.start('backward_pass');
  pass(2);
  stop();
  pass(2);
  stop();
  expect(profiler.report()[0]).toMatchObject({ count: 1, totalSeconds: 2 });
});

test('a wrapped function takes and gives what it did', () => {
  const { profiler, pass } = startProfiler();
  const add = profiler.wrap('forward', (left: number, right: number) => {
    pass(1);
    return left + right;
  });
  expect(add(1, 2) + add(3, 4)).toBe(10);
  expect(profiler.report()[0]).toMatchObject({ count: 2 });
});

test('what came since the last time is drained once', () => {
  const { profiler, pass } = startProfiler();
  profiler.phase('forward', () => pass(1, 5));
  profiler.phase('forward', () => pass(2, 6));
  expect(profiler.drain()).toEqual([{ phase: 'forward', seconds: [1, 2], memory_delta_bytes: 6 }]);
  expect(profiler.drain()).toEqual([]);
  for (let step = 0; step < 5000; step++) profiler.phase('forward', () => pass(1));
  expect(profiler.drain()[0]?.seconds).toHaveLength(1000);
  expect(profiler.report()[0]?.count).toBe(5002);
});

test('a clock that goes back gives no negative duration', () => {
  const { profiler, pass } = startProfiler();
  profiler.phase('forward', () => pass(-1));
  expect(profiler.report()[0]?.totalSeconds).toBe(0);
});

test('names without end are measured together', () => {
  const { profiler } = startProfiler();
  for (let step = 0; step < 1000; step++) profiler.phase(`step ${step}`, () => undefined);
  const report = profiler.report();
  expect(report).toHaveLength(65);
  expect(report.at(-1)).toMatchObject({ phase: 'other', count: 936 });
});

test('without memory there is none in the report', () => {
  const profiler = createLoopProfiler({ memory: false });
  profiler.phase('forward', () => undefined);
  expect(profiler.report()[0]?.meanMemoryDeltaBytes).toBeUndefined();
  expect(profiler.drain()[0]).not.toHaveProperty('memory_delta_bytes');
});

test('by default clock and memory are those of the process', () => {
  const profiler = createLoopProfiler();
  const kept: Buffer[] = [];
  profiler.phase('forward', () => {
    kept.push(Buffer.alloc(64 * 2 ** 20));
    const until = performance.now() + 5;
    while (performance.now() < until);
  });
  const [{ totalSeconds = 0, maxMemoryDeltaBytes = 0 } = {}] = profiler.report();
  expect(totalSeconds).toBeGreaterThanOrEqual(0.005);
  expect(maxMemoryDeltaBytes).toBeGreaterThan(60 * 2 ** 20);
});

test('the table is for people', () => {
  const { profiler, pass } = startProfiler();
  for (const took of [0.0123, 0.0145, 1.5]) profiler.phase('model_forward', () => pass(took, 3 * 2 ** 20));
  profiler.phase('data_loading', () => pass(0.00005, -2000));
  expect(profiler.table()).toBe(
    [
      'phase          count    total    share     mean      min      p50      p95      p99      max     memory  max memory',
      'model_forward      3   1.53 s  100.0 %   509 ms  12.3 ms  14.5 ms   1.50 s   1.50 s   1.50 s  +3.00 MiB   +3.00 MiB',
      'data_loading       1  50.0 µs    0.0 %  50.0 µs  50.0 µs  50.0 µs  50.0 µs  50.0 µs  50.0 µs  -1.95 KiB   -1.95 KiB',
      '',
    ].join('\n'),
  );
});
