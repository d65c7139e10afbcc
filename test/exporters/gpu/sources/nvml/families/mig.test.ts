import type { FakeLine } from '../../../../../support/fake-nvml.ts';
import { closeFakeSessions, type FakeOptions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const fast = { tiers: ['fast'], skip: [] } as const;
const mode: readonly FakeLine[] = ['count=1', 'gpu.0.mig=1'];
const seven = Array.from({ length: 7 }, (_, slot) => `gpu.0.mig.${slot}=${slot + 7}:0:1g.10gb` as const);

/** A session with a GPU in MIG mode that reads a second later each time. */
function openMig(lines: readonly FakeLine[], options: FakeOptions = {}) {
  let seconds = 1000;
  const opened = openFakeSession([...mode, ...lines], { ...options, monotonic: () => seconds });
  return {
    ...opened,
    setState: (next: readonly FakeLine[]) => opened.setState([...mode, ...next]),
    read() {
      seconds += 1;
      return opened.session.collect(fast).gpus[0];
    },
  };
}

test('a GPU that is not in MIG mode has the mode and no instances, and is asked nothing more', () => {
  const { session, calls } = openFakeSession(['count=1', 'gpu.0.mig_pending=1']);
  expect(session.collect().gpus[0]?.mig).toEqual({ enabled: false, pendingEnabled: true, instances: [] });
  expect(calls.has('nvmlDeviceGetMaxMigDeviceCount')).toBe(false);
});

test.each([
  ['a GPU', ['unsupported=mig'], []],
  ['a library', [], ['MIG']],
] as const)('%s without MIG has no such family, which is no error', (_what, lines, without) => {
  const { session } = openFakeSession(['count=1', ...lines], { without });
  expect(session.collect().gpus[0]).toMatchObject({ mig: undefined, errors: {} });
});

test('seven instances have memory, and from the second reading on activity of their own', () => {
  const { read } = openMig([...seven, 'gpu.0.gpm_instance.9.2=12.5', 'gpu.0.gpm_instance.8.2=0']);
  const first = read();
  expect(first?.mig?.instances.map(({ activity }) => activity)).toEqual(Array(7).fill(undefined));
  const gpu = read();
  expect(gpu?.errors).toEqual({});
  expect(gpu?.mig).toMatchObject({ enabled: true, pendingEnabled: true });
  expect(gpu?.mig?.instances.map(({ gpuInstanceId }) => gpuInstanceId)).toEqual([7, 8, 9, 10, 11, 12, 13]);
  expect(gpu?.mig?.instances[2]).toEqual({
    gpuInstanceId: 9,
    computeInstanceId: 0,
    uuid: 'MIG-f1ee0000-fa4e-4e57-8000-000009000000',
    profile: '1g.10gb',
    memory: {
      totalBytes: 10_200_547_328,
      reservedBytes: 16_777_216,
      usedBytes: 10 * 104_857_600,
      freeBytes: 10_200_547_328 - 16_777_216 - 10 * 104_857_600,
    },
    activity: {
      graphicsRatio: 0.905,
      smRatio: 0.125,
      smOccupancyRatio: 0.45,
      tensorRatio: 0.6,
      dramRatio: 0.35,
      fp64Ratio: 0.01,
      fp32Ratio: 0.2,
      fp16Ratio: 0.05,
    },
  });
  expect(gpu?.mig?.instances[1]?.activity?.smRatio).toBe(0);
});

test('the GPU as a whole is read as without MIG', () => {
  const { read } = openMig(seven);
  const gpu = read();
  expect(gpu?.memory?.totalBytes).toBe(85_520_809_984);
  expect(gpu?.thermal?.coreCelsius).toBe(55);
  expect(gpu?.power?.watts).toBe(612.345);
});

test('instances are found in slots with gaps between them', () => {
  const { read } = openMig(['gpu.0.mig.1=1:0:3g.40gb', 'gpu.0.mig.4=5:0:1g.10gb']);
  expect(read()?.mig?.instances.map(({ gpuInstanceId, profile }) => [gpuInstanceId, profile])).toEqual([
    [1, '3g.40gb'],
    [5, '1g.10gb'],
  ]);
  expect(read()?.errors).toEqual({});
});

test('compute instances of one GPU instance share its activity, which is measured once', () => {
  const { read, calls } = openMig(['gpu.0.mig.0=1:0:1c.2g.20gb', 'gpu.0.mig.1=1:1:1c.2g.20gb']);
  read();
  const instances = read()?.mig?.instances ?? [];
  expect(instances.map(({ computeInstanceId, profile }) => [computeInstanceId, profile])).toEqual([
    [0, '1c.2g.20gb'],
    [1, '1c.2g.20gb'],
  ]);
  expect(instances.map(({ activity }) => activity?.smRatio)).toEqual([0.8025, 0.8025]);
  expect(calls.get('nvmlGpmMigSampleGet')).toBe(2);
});

test.each(['1g.10gb', '3g.40gb', '7g.80gb', '1c.3g.40gb'] as const)(
  'where the name does not tell it, the profile %s follows from the slices',
  (profile) => {
    const { read } = openMig(['mig_names=off', `gpu.0.mig.0=1:0:${profile}`]);
    expect(read()?.mig?.instances[0]?.profile).toBe(profile);
  },
);

test('where neither name nor slices are told there is no profile, which is no error', () => {
  const { read } = openMig(['mig_names=off', 'unsupported=nvmlDeviceGetAttributes_v2', 'gpu.0.mig.0=1:0:1g.10gb']);
  expect(read()).toMatchObject({ errors: {}, mig: { instances: [{ gpuInstanceId: 1, profile: undefined }] } });
});

describe('a reconfiguration while running', () => {
  test('shows the instances that there are now', () => {
    const { read, setState } = openMig(seven);
    read();
    read();
    setState(['gpu.0.mig.0=1:0:3g.40gb']);
    expect(read()?.mig?.instances.map(({ profile }) => profile)).toEqual(['3g.40gb']);
    setState([]);
    expect(read()).toMatchObject({ errors: {}, mig: { enabled: true, instances: [] } });
  });

  test.each([
    ['another UUID', 'gpu.0.mig.0=7:0:1g.10gb:MIG-new'],
    ['another profile', 'gpu.0.mig.0=7:0:1g.20gb:MIG-old'],
    ['another compute instance', 'gpu.0.mig.0=7:1:1g.10gb:MIG-old'],
  ] as const)('measures nothing across it for an instance with %s, and goes on for the others', (_what, line) => {
    const other = 'gpu.0.mig.1=8:0:1g.10gb';
    const { read, setState, calls } = openMig(['gpu.0.mig.0=7:0:1g.10gb:MIG-old', other]);
    const ratios = () => read()?.mig?.instances.map(({ activity }) => activity?.smRatio);
    read();
    expect(ratios()).toEqual([0.8025, 0.8025]);
    setState([line, other]);
    expect(ratios()).toEqual([undefined, 0.8025]);
    expect(ratios()).toEqual([0.8025, 0.8025]);
    expect(calls.get('nvmlGpmSampleFree')).toBe(2);
  });

  test('frees the samples of instances that are gone', () => {
    const { read, setState, calls } = openMig(seven);
    read();
    read();
    setState([]);
    read();
    // Two of the GPU itself stay.
    expect(calls.get('nvmlGpmSampleAlloc')).toBe(16);
    expect(calls.get('nvmlGpmSampleFree')).toBe(14);
  });

  test('an instance that is gone before it could be told who it is is not shown, which is no error', () => {
    const { read, setState } = openMig(seven, {
      intercept: (symbol) => symbol === 'nvmlDeviceGetGpuInstanceId' && setState(seven.slice(1)),
    });
    const gpu = read();
    expect(gpu?.mig?.instances.map(({ gpuInstanceId }) => gpuInstanceId)).toEqual([8, 9, 10, 11, 12, 13]);
    expect(gpu).toMatchObject({ errors: {} });
    expect(gpu).not.toHaveProperty('failure');
  });

  test.each(['nvmlGpmMigSampleGet', 'nvmlGpmMetricsGet'])('an instance may go before %s', (before) => {
    const { read, setState } = openMig(seven, {
      intercept: (symbol) => symbol === before && setState(seven.slice(1)),
    });
    read();
    expect(read()).toMatchObject({ errors: {}, mig: { enabled: true } });
    expect(read()?.mig?.instances).toHaveLength(6);
  });

  test('leaving MIG mode leaves no instances and the GPU as it is', () => {
    const { read, setState } = openMig(seven);
    read();
    setState([...seven, 'gpu.0.mig=0']);
    const gpu = read();
    expect(gpu).toMatchObject({ errors: {}, mig: { enabled: false, instances: [] } });
    expect(gpu?.memory?.totalBytes).toBe(85_520_809_984);
  });
});

describe('one instance that fails', () => {
  test('is left out if it does not say who it is, and is named as an error', () => {
    const { read } = openMig([...seven, 'gpu.0.mig.2.error.nvmlDeviceGetUUID=999']);
    const gpu = read();
    expect(gpu?.mig?.instances.map(({ gpuInstanceId }) => gpuInstanceId)).toEqual([7, 8, 10, 11, 12, 13]);
    expect(gpu).toMatchObject({ errors: { mig: 'unknown' } });
    expect(gpu).not.toHaveProperty('failure');
  });

  test('keeps what else is known of it', () => {
    const { read } = openMig([...seven, 'gpu.0.mig.2.error.nvmlDeviceGetMemoryInfo_v2=17']);
    const gpu = read();
    expect(gpu?.errors).toEqual({ mig: 'operating_system' });
    expect(gpu?.mig?.instances.map(({ memory }) => memory !== undefined)).toEqual([
      true,
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  test.each([15, 16, 28])('does not fail the GPU with the code %i that is for GPUs', (code) => {
    const { read } = openMig([...seven, `gpu.0.mig.2.error.nvmlDeviceGetMemoryInfo_v2=${code}`]);
    const gpu = read();
    expect(gpu?.failure).toBeUndefined();
    expect(gpu?.mig?.instances).toHaveLength(7);
  });

  test('costs the others nothing if it cannot be sampled', () => {
    let samples = 0;
    const { read, setState } = openMig(seven, {
      intercept(symbol) {
        if (symbol !== 'nvmlGpmMigSampleGet') return;
        samples += 1;
        setState(samples === 10 ? [...seven, 'gpu.0.error.nvmlGpmMigSampleGet=10'] : seven);
      },
    });
    read();
    const gpu = read();
    expect(gpu?.errors).toEqual({ mig: 'timeout' });
    expect(gpu?.mig?.instances.map(({ activity }) => activity?.smRatio)).toEqual([
      0.8025,
      0.8025,
      undefined,
      0.8025,
      0.8025,
      0.8025,
      0.8025,
    ]);
  });
});

test('a GPU that is lost while its instances are read is failed, and the next one is read', () => {
  let isLost = false;
  const { session, setState } = openFakeSession(['count=2', 'all.mig=1', ...seven], {
    intercept: (symbol) => symbol === 'nvmlDeviceGetGpuInstanceId' && isLost && setState(['count=2', 'gpu.0=lost']),
  });
  session.collect();
  isLost = true;
  const { gpus } = session.collect(fast);
  expect(gpus.map(({ failure }) => failure)).toEqual(['gpu_is_lost', undefined]);
});

test('without permission to see instances the mode is shown and the error named', () => {
  const { read } = openMig([...seven, 'error.nvmlDeviceGetMigDeviceHandleByIndex=4']);
  expect(read()).toMatchObject({ errors: { mig: 'no_permission' }, mig: { enabled: true, instances: [] } });
});

test('GPUs before Hopper have instances without activity', () => {
  const { read, calls } = openMig([...seven, 'unsupported=gpm']);
  read();
  const gpu = read();
  expect(gpu?.mig?.instances.map(({ activity }) => activity)).toEqual(Array(7).fill(undefined));
  expect(gpu?.errors).toEqual({});
  expect(calls.has('nvmlGpmSampleAlloc')).toBe(false);
});

test('what instances do not support is asked for once', () => {
  const { read, calls } = openMig([
    ...seven,
    'unsupported=nvmlDeviceGetMemoryInfo_v2',
    'unsupported=nvmlDeviceGetMemoryInfo',
  ]);
  read();
  read();
  expect(read()?.errors).toEqual({});
  // Once by the GPU itself for its memory.
  expect(calls.get('nvmlDeviceGetMemoryInfo_v2')).toBe(1 + 7);
});
