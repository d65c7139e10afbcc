import type { GpuProcess } from '../../../../../../exporters/gpu/reading.ts';
import type { FakeLine } from '../../../../../support/fake-nvml.ts';
import { closeFakeSessions, type FakeOptions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const mib = 1_048_576;
const start = 1_700_000_000;

/** A session with one GPU whose processes are read 10 seconds later each time. */
function openProcesses(lines: readonly FakeLine[], options: FakeOptions = {}) {
  let seconds = start;
  const opened = openFakeSession(['count=1', ...lines], { now: () => seconds, ...options });
  return {
    ...opened,
    setState: (next: readonly FakeLine[]) => opened.setState(['count=1', ...next]),
    read() {
      seconds += 10;
      return opened.session.collect({ tiers: ['processes'], skip: [] }).gpus[0];
    },
  };
}

/** Time of a sample that was taken some seconds after the start, as the driver tells it. */
function micros(seconds: number): number {
  return (start + seconds) * 1e6;
}

function pidsOf(list: readonly GpuProcess[] | undefined): readonly number[] | undefined {
  return list?.map(({ pid }) => pid);
}

test('an idle GPU has an empty list', () => {
  expect(openProcesses([]).read()).toMatchObject({ errors: {}, processes: { list: [], smMeasured: true } });
});

test('processes that compute, that use MPS and that draw are listed with their memory', () => {
  const { read } = openProcesses([
    'gpu.0.process=4242:1073741824',
    'gpu.0.process=4243:2048:-1:-:mps',
    'gpu.0.process=4244:unknown:-1:-:graphics',
  ]);
  expect(read()?.processes?.list).toEqual([
    { pid: 4242, usedMemoryBytes: 2 ** 30 },
    { pid: 4243, usedMemoryBytes: 2048 },
    { pid: 4244, usedMemoryBytes: undefined },
  ]);
});

test('a process that is in several lists is listed once, with the memory of the list that tells it', () => {
  const { read } = openProcesses([
    'gpu.0.process=4242:unknown',
    'gpu.0.process=4242:5000:-1:-:graphics',
    'gpu.0.process=4242:4000:-1:-:mps',
  ]);
  expect(read()?.processes?.list).toEqual([{ pid: 4242, usedMemoryBytes: 5000 }]);
});

test('the fast tier asks for no processes, and shows those that were listed last', () => {
  const { session, calls, setState } = openFakeSession(['count=1', 'gpu.0.process_count=2']);
  session.collect();
  const before = new Map(calls);
  setState(['count=1']);
  const [gpu] = session.collect({ tiers: ['fast'], skip: [] }).gpus;
  expect(pidsOf(gpu?.processes?.list)).toEqual([1000, 1001]);
  const asked = [...calls.keys()].filter((symbol) => calls.get(symbol) !== before.get(symbol));
  expect(asked.filter((symbol) => symbol.includes('Process'))).toEqual([]);
  expect(asked).toContain('nvmlDeviceGetUtilizationRates');
});

describe('long lists', () => {
  test('are read whole, and from then on in one call', () => {
    const { read, calls } = openProcesses(['gpu.0.process_count=100']);
    expect(pidsOf(read()?.processes?.list)).toEqual(Array.from({ length: 100 }, (_, index) => 1000 + index));
    const before = calls.get('nvmlDeviceGetComputeRunningProcesses_v3') ?? 0;
    expect(read()?.processes?.list).toHaveLength(100);
    expect(calls.get('nvmlDeviceGetComputeRunningProcesses_v3')).toBe(before + 1);
  });

  test('may grow between two calls', () => {
    const growing = [100, 300, 700];
    const { read, setState } = openProcesses(['gpu.0.process_count=20'], {
      intercept(symbol) {
        const next = symbol === 'nvmlDeviceGetComputeRunningProcesses_v3' ? growing.shift() : undefined;
        if (next !== undefined) setState([`gpu.0.process_count=${next}`]);
      },
    });
    const gpu = read();
    expect(gpu?.processes?.list).toHaveLength(700);
    expect(gpu?.errors).toEqual({});
  });

  test('are given up when they grow without end', () => {
    let count = 20;
    const { read, setState, calls } = openProcesses(['gpu.0.process_count=20'], {
      intercept(symbol) {
        if (!symbol.startsWith('nvmlDeviceGetComputeRunning')) return;
        count = count * 2 + 6;
        setState([`gpu.0.process_count=${count}`]);
      },
    });
    expect(read()).toMatchObject({ errors: { processes: 'insufficient_size' }, processes: undefined });
    expect(calls.get('nvmlDeviceGetComputeRunningProcesses_v3')).toBe(5);
  });

  test('are bounded', () => {
    const { read, setState } = openProcesses(['gpu.0.process_count=4096']);
    expect(read()?.processes?.list).toHaveLength(4096);
    setState(['gpu.0.process_count=4097']);
    expect(read()).toMatchObject({ errors: { processes: 'insufficient_size' }, processes: undefined });
  });
});

describe('older libraries', () => {
  const three: readonly FakeLine[] = ['gpu.0.process_count=3'];
  const expected = [
    { pid: 1000, usedMemoryBytes: mib },
    { pid: 1001, usedMemoryBytes: 2 * mib },
    { pid: 1002, usedMemoryBytes: 3 * mib },
  ];

  test.each([
    ['the second', ['PROCESSES_V3'], '_v2'],
    ['the first', ['PROCESSES_V3', 'PROCESSES_V2'], ''],
  ] as const)('answer by %s version of the functions', (_which, without, suffix) => {
    const { read, calls } = openProcesses(three, { without });
    expect(read()).toMatchObject({ errors: {}, processes: { list: expected } });
    read();
    expect(calls.get('nvmlDeviceGetComputeRunningProcesses_v3')).toBe(1);
    expect(calls.get(`nvmlDeviceGetComputeRunningProcesses${suffix}`)).toBe(2);
  });

  test('with long entries are known by what else they have', () => {
    const { read, calls } = openProcesses([...three, 'process_struct=32'], { without: ['PROCESS_DETAILS'] });
    expect(read()?.processes?.list).toEqual(expected);
    read();
    expect(calls.get('nvmlDeviceGetConfComputeMemSizeInfo')).toBe(1);
  });

  test('with long entries but without confidential computing are known by their entries', () => {
    const { read } = openProcesses([...three, 'process_struct=32'], { without: ['PROCESS_DETAILS', 'CONF_COMPUTE'] });
    expect(read()?.processes?.list).toEqual(expected);
    expect(read()?.processes?.list).toMatchObject(expected);
  });

  test('that seem to have long entries and do not are known by their entries', () => {
    const { read } = openProcesses(three, { without: ['PROCESS_DETAILS'] });
    expect(read()?.processes?.list).toEqual(expected);
    expect(read()?.processes?.list).toMatchObject(expected);
  });
});

test('a process without a process id is left out', () => {
  const { read } = openProcesses(['gpu.0.process=0:100', 'gpu.0.process=4242:100', 'gpu.0.process=99999999:100']);
  expect(pidsOf(read()?.processes?.list)).toEqual([4242]);
});

test('without the list of what computes there is no list', () => {
  const { read } = openProcesses(['gpu.0.process_count=3', 'error.nvmlDeviceGetComputeRunningProcesses_v3=999']);
  expect(read()).toMatchObject({ errors: { processes: 'unknown' }, processes: undefined });
});

test('without another list there is the rest, and the error is named', () => {
  const { read } = openProcesses(['gpu.0.process_count=3', 'error.nvmlDeviceGetGraphicsRunningProcesses_v3=999']);
  const gpu = read();
  expect(gpu?.errors).toEqual({ processes: 'unknown' });
  expect(pidsOf(gpu?.processes?.list)).toEqual([1000, 1001, 1002]);
});

test('a GPU that lists no processes has no such family and is not asked again', () => {
  const { read, calls } = openProcesses(['unsupported=processes']);
  read();
  expect(read()).toMatchObject({ errors: {}, processes: undefined });
  expect(calls.get('nvmlDeviceGetComputeRunningProcesses_v3')).toBe(1);
});

describe('the time for which processes computed', () => {
  const running: readonly FakeLine[] = ['gpu.0.process=1:100', 'gpu.0.process=2:100'];
  const ratiosOf = (list: readonly GpuProcess[] | undefined) => list?.map(({ smRatio }) => smRatio);

  test('is not known at the first reading, whatever happened before', () => {
    const { read } = openProcesses([...running, `gpu.0.sample=1:${micros(-100)}:80`]);
    const gpu = read();
    expect(ratiosOf(gpu?.processes?.list)).toEqual([undefined, undefined]);
    expect(gpu?.processes?.smMeasured).toBe(true);
  });

  test('is that since the reading before; who has no sample did not compute', () => {
    const old = `gpu.0.sample=1:${micros(5)}:80` as const;
    const { read, setState } = openProcesses([...running, old]);
    read();
    setState([...running, old, `gpu.0.sample=2:${micros(15)}:30`]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0, 0.3]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0, 0]);
  });

  test('is 0 for all while the GPU is idle', () => {
    const { read } = openProcesses(running);
    read();
    const gpu = read();
    expect(gpu).toMatchObject({ errors: {}, processes: { smMeasured: true } });
    expect(ratiosOf(gpu?.processes?.list)).toEqual([0, 0]);
  });

  test('is measured from the second reading on if nobody computed before the first', () => {
    const { read, setState } = openProcesses(running);
    read();
    setState([...running, `gpu.0.sample=1:${micros(12)}:55`]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0.55, 0]);
  });

  test('is the mean of several samples', () => {
    const { read, setState } = openProcesses(running);
    read();
    const samples = [20, 40, 90].map((percent, second) => `gpu.0.sample=1:${micros(12 + second)}:${percent}` as const);
    setState([...running, ...samples]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0.5, 0]);
  });

  test('ignores percentages that cannot be', () => {
    const { read, setState } = openProcesses(running);
    read();
    setState([
      ...running,
      `gpu.0.sample=1:${micros(12)}:4294967295`,
      `gpu.0.sample=2:${micros(12)}:101`,
      `gpu.0.sample=2:${micros(13)}:100`,
    ]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([undefined, 1]);
  });

  test('ignores samples from the future and from before the last reading', () => {
    const { read, setState } = openProcesses([...running, `gpu.0.sample=1:${micros(9)}:10`]);
    read();
    setState([
      ...running,
      'old_samples=yes',
      `gpu.0.sample=1:${micros(8)}:99`,
      `gpu.0.sample=1:${micros(12)}:20`,
      `gpu.0.sample=2:${micros(9000)}:99`,
    ]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0.2, 0]);
    setState([...running, `gpu.0.sample=2:${micros(29)}:60`]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0, 0.6]);
  });

  test('starts again when the clock was set back', () => {
    let seconds = start;
    const sample = (at: number, percent: number) => `gpu.0.sample=1:${at * 1e6}:${percent}` as const;
    const { read, setState } = openProcesses([...running, sample(start, 10)], { now: () => seconds });
    read();
    seconds = start - 3600;
    setState([...running, sample(seconds, 20)]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([undefined, undefined]);
    seconds += 10;
    setState([...running, sample(seconds, 30)]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0.3, 0]);
  });

  test('is read in whole however many samples there are', () => {
    const { read, setState } = openProcesses(['gpu.0.process_count=40']);
    read();
    const samples = Array.from(
      { length: 40 },
      (_, index) => `gpu.0.sample=${1000 + index}:${micros(15)}:${index}` as const,
    );
    setState(['gpu.0.process_count=40', ...samples]);
    expect(ratiosOf(read()?.processes?.list)).toEqual(Array.from({ length: 40 }, (_, index) => index / 100));
  });

  test.each([
    ['unsupported=process_utilization', []],
    ['count=1', ['PROCESS_UTILIZATION']],
  ] as const)('is not measured with %s, and is not asked for again', (line, without) => {
    const { read, calls } = openProcesses([...running, line], { without });
    read();
    const gpu = read();
    expect(gpu).toMatchObject({ errors: {}, processes: { smMeasured: false } });
    expect(ratiosOf(gpu?.processes?.list)).toEqual([undefined, undefined]);
    expect(calls.get('nvmlDeviceGetProcessUtilization')).toBe(1);
  });

  test.each([
    [4, 'no_permission', false],
    [999, 'unknown', true],
  ] as const)('that fails with code %i is an error and leaves the list', (code, error, smMeasured) => {
    const { read, setState } = openProcesses(running);
    read();
    setState([...running, `error.nvmlDeviceGetProcessUtilization=${code}`]);
    const gpu = read();
    expect(gpu).toMatchObject({ errors: { processes: error }, processes: { smMeasured } });
    expect(ratiosOf(gpu?.processes?.list)).toEqual([undefined, undefined]);
    setState([...running, `gpu.0.sample=1:${micros(25)}:50`]);
    expect(ratiosOf(read()?.processes?.list)).toEqual([0.5, 0]);
  });
});

describe('in MIG mode', () => {
  const mig: readonly FakeLine[] = [
    'gpu.0.mig=1',
    'gpu.0.mig.0=1:0:3g.40gb',
    'gpu.0.mig.1=2:0:3g.40gb',
    'gpu.0.process=10:100:50:1:compute',
    'gpu.0.process=11:200:50:2:compute',
    'gpu.0.process=10:300:50:2:compute',
  ];
  const expected = [
    { pid: 10, gpuInstanceId: 1, usedMemoryBytes: 100 },
    { pid: 11, gpuInstanceId: 2, usedMemoryBytes: 200 },
    { pid: 10, gpuInstanceId: 2, usedMemoryBytes: 300 },
  ];
  const byInstance = (list: readonly GpuProcess[] = []) =>
    list.toSorted((a, b) => (a.gpuInstanceId ?? 0) - (b.gpuInstanceId ?? 0) || b.pid - a.pid);

  test('processes have their instance, and the driver is not asked how long they computed', () => {
    const { read, calls } = openProcesses(mig);
    read();
    expect(read()).toMatchObject({ errors: {}, processes: { list: expected, smMeasured: false } });
    expect(calls.has('nvmlDeviceGetProcessUtilization')).toBe(false);
    expect(calls.get('nvmlDeviceGetComputeRunningProcesses_v3')).toBe(2);
  });

  test.each([
    ['the list of the GPU does not tell the instance', ['process_instances=off'], []],
    ['lists do not tell instances at all', [], ['PROCESSES_V3', 'PROCESSES_V2']],
    ['the list of the GPU needs privileges', ['gpu.0.error.nvmlDeviceGetComputeRunningProcesses_v3=4'], []],
  ] as const)('each instance is asked where %s', (_why, lines, without) => {
    const { read } = openProcesses([...mig, ...lines], { without });
    const gpu = read();
    expect(byInstance(gpu?.processes?.list)).toEqual(expected);
    expect(gpu?.errors).toEqual({});
  });

  test('a process that no instance lists is kept without one', () => {
    const lines: readonly FakeLine[] = ['process_instances=off', 'gpu.0.process=77:5'];
    const { read } = openProcesses([...mig, ...lines]);
    expect(byInstance(read()?.processes?.list)).toEqual([{ pid: 77, usedMemoryBytes: 5 }, ...expected]);
  });

  test('an instance that is destroyed meanwhile is no error, whatever its handle answers', () => {
    for (const code of [2, 6, 15]) {
      const { read } = openProcesses([
        ...mig,
        'process_instances=off',
        `gpu.0.mig.0.error.nvmlDeviceGetComputeRunningProcesses_v3=${code}`,
      ]);
      const gpu = read();
      expect(gpu?.errors).toEqual({});
      expect(gpu).not.toHaveProperty('failure');
      expect(gpu?.processes?.list).toHaveLength(2);
    }
  });

  test('an instance that does not answer costs only its own processes', () => {
    const { read } = openProcesses([
      ...mig,
      'process_instances=off',
      'gpu.0.mig.0.error.nvmlDeviceGetComputeRunningProcesses_v3=999',
    ]);
    const gpu = read();
    expect(gpu?.errors).toEqual({ processes: 'unknown' });
    expect(byInstance(gpu?.processes?.list).map(({ pid, gpuInstanceId }) => [pid, gpuInstanceId])).toEqual([
      [11, 2],
      [10, 2],
    ]);
  });

  test('time is measured again after it, from the second reading on', () => {
    const off: readonly FakeLine[] = ['gpu.0.process=10:100', `gpu.0.sample=10:${micros(5)}:80`];
    const { read, setState } = openProcesses(off);
    read();
    setState(mig);
    read();
    setState([...off, `gpu.0.sample=10:${micros(25)}:40`]);
    expect(read()?.processes).toMatchObject({ smMeasured: true, list: [{ smRatio: undefined }] });
    setState([...off, `gpu.0.sample=10:${micros(35)}:20`]);
    expect(read()?.processes).toMatchObject({ list: [{ smRatio: 0.2 }] });
  });
});
