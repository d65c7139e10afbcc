import type { ProcessHome } from '../../../../exporters/gpu/attribution/attribution.ts';
import { createAttributionBook, maxProcesses } from '../../../../exporters/gpu/attribution/book.ts';
import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { gpuReading, nodeReading } from '../../../support/node-state.ts';

function book() {
  return createAttributionBook({ retentionSeconds: 3600, processNames: false });
}

function container(deviceId: string) {
  const one = { namespace: 'ml', pod: 'a', container: 'main', resource: 'nvidia.com/gpu', deviceIds: [deviceId] };
  return { containers: [one], bad: 0 };
}

const gpu0 = gpuReading({ index: 0, uuid: 'GPU-0' });
const gpu1 = gpuReading({ index: 1, uuid: 'GPU-1' });

function devices(attribution: ReturnType<typeof book>, now: number) {
  return attribution.state(now).allocations.map(({ device }) => device);
}

test('before the first reading nothing is resolved, nothing is dropped and nothing ends', () => {
  const attribution = book();
  const saved = { device: gpu0, holder: { kind: 'pod', namespace: 'ml', pod: 'a', container: 'main' } } as const;
  const entries = [{ ...saved, seconds: 100, shareSeconds: 100, replicas: 1 }];
  const observed = [{ kind: 'pods', observedSecondsAgo: 0, countedSecondsAgo: 0 }] as const;
  attribution.times.restore({ observed, entries }, 10, 0);
  attribution.listContainers(container('GPU-0'), 5);
  expect(attribution.state(5)).toMatchObject({ allocations: [], dropped: { unknown_device: 0 } });
  attribution.readGpus(nodeReading([gpu0]), 6);
  attribution.listContainers(container('GPU-0'), 10);
  expect(attribution.times.times()[0]?.seconds).toBe(120);
});

test('a GPU that is no longer in the reading is still allocated', () => {
  const attribution = book();
  attribution.readGpus(nodeReading([gpu0, gpu1]), 0);
  attribution.readGpus(nodeReading([gpu0]), 5);
  attribution.listContainers(container('GPU-1'), 5);
  expect(devices(attribution, 5)).toEqual([{ index: 1, uuid: 'GPU-1' }]);
});

test('another GPU that took the index of one takes its place', () => {
  const attribution = book();
  attribution.readGpus(nodeReading([gpu0]), 0);
  attribution.readGpus(nodeReading([gpuReading({ index: 0, uuid: 'GPU-new' })]), 5);
  attribution.listContainers(container('0'), 5);
  expect(devices(attribution, 5)).toEqual([{ index: 0, uuid: 'GPU-new' }]);
});

test('a GPU that is lost is still allocated once another took its index, and the index is of the one that is here', () => {
  const attribution = book();
  const first = [0, 1, 2].map((index) => gpuReading({ index, uuid: `GPU-${index}`, identity: { minor: index } }));
  attribution.readGpus(nodeReading(first), 0);
  const moved = gpuReading({ index: 1, uuid: 'GPU-2', identity: { minor: 2 } });
  attribution.readGpus(nodeReading([gpu0, moved]), 5);
  for (const id of ['GPU-1', 'nvidia1']) {
    attribution.listContainers(container(id), 5);
    expect(devices(attribution, 5)).toEqual([{ index: 1, uuid: 'GPU-1' }]);
  }
  for (const id of ['1', 'nvidia2']) {
    attribution.listContainers(container(id), 5);
    expect(devices(attribution, 5)).toEqual([{ index: 1, uuid: 'GPU-2' }]);
  }
  attribution.listJobs({ jobs: [{ gpuIndex: 1, jobId: '12' }], bad: 0 }, 5);
  expect(devices(attribution, 5)).toContainEqual({ index: 1, uuid: 'GPU-2' });
  expect(attribution.state(5).dropped.unknown_device).toBe(0);
});

test('instances and minor numbers that were not read this time are as they were', () => {
  const attribution = book();
  const instances = [{ gpuInstanceId: 4, computeInstanceId: 0, uuid: 'MIG-4' }];
  const full: GpuReading = { ...gpu0, identity: { minor: 7 }, mig: { enabled: true, instances } };
  attribution.readGpus(nodeReading([full]), 0);
  attribution.readGpus(nodeReading([gpu0]), 5);
  attribution.listContainers(container('MIG-4'), 5);
  expect(devices(attribution, 5)).toEqual([{ index: 0, uuid: 'GPU-0', gpuInstanceId: 4 }]);
  attribution.listContainers(container('nvidia7'), 10);
  expect(devices(attribution, 10)).toEqual([{ index: 0, uuid: 'GPU-0' }]);
});

test('a node full of processes is cut off, and told', () => {
  const attribution = book();
  const list = Array.from({ length: maxProcesses + 3 }, (_, pid) => ({ pid }));
  const reading = nodeReading([{ ...gpu0, processes: { list, smMeasured: true } }]);
  attribution.readGpus(reading, 0);
  expect(attribution.snapshot(reading).pids).toHaveLength(maxProcesses);
  expect(attribution.state(0).dropped.too_many_processes).toBe(3);
});

test('10,000 pods that share eight GPUs are all there', () => {
  const attribution = book();
  const eight = Array.from({ length: 8 }, (_, index) => gpuReading({ index, uuid: `GPU-${index}` }));
  attribution.readGpus(nodeReading(eight), 0);
  const containers = Array.from({ length: 10_001 }, (_, index) => ({
    namespace: 'ml',
    pod: `pod-${index}`,
    container: 'main',
    resource: 'nvidia.com/gpu.shared',
    deviceIds: [`GPU-${index % 8}::${index}`],
  }));
  attribution.listContainers({ containers, bad: 0 }, 0);
  attribution.listContainers({ containers, bad: 0 }, 5);
  expect(attribution.times.times()).toHaveLength(10_000);
  expect(attribution.state(5).dropped.too_many_pods).toBe(2);
});

describe('a job on two GPUs that is known by its processes', () => {
  const job = { kind: 'job', jobId: '12', userId: '1000' } as const;
  const homes = new Map([
    [1, job],
    [2, job],
  ]);

  function on({ index, uuid }: GpuReading, pids: readonly number[]): GpuReading {
    const list = pids.map((pid) => ({ pid, smRatio: 1 }));
    const utilization = { gpuRatio: 1, memoryControllerRatio: 0 };
    return { ...gpuReading({ index, uuid }), utilization, processes: { list, smMeasured: true } };
  }

  const first = on(gpu0, [1]);
  const second = on(gpu1, [2]);

  /** What is known after looks 15 s apart, from second 0 on. */
  function afterLooks(looks: readonly (readonly GpuReading[])[], seen: ReadonlyMap<number, ProcessHome> = homes) {
    const attribution = book();
    for (const [look, gpus] of looks.entries()) {
      const reading = nodeReading(gpus);
      attribution.readGpus(reading, look * 15);
      attribution.divide(attribution.snapshot(reading), look === 0 ? homes : seen, look * 15);
      attribution.listFoundJobs(true, look * 15);
    }
    const seconds = attribution.times.times().map((time) => [time.device.uuid, time.seconds]);
    return { devices: devices(attribution, (looks.length - 1) * 15), seconds: Object.fromEntries(seconds) };
  }

  function times(count: number, gpus: readonly GpuReading[]) {
    return Array.from({ length: count }, () => gpus);
  }

  test('keeps the one that is left alone for ten minutes', () => {
    const { seconds } = afterLooks([[first, second], ...times(40, [second]), ...times(8, [first, second])]);
    expect(seconds).toEqual({ 'GPU-0': 720, 'GPU-1': 720 });
  });

  test('keeps the one whose processes could not be listed', () => {
    const unlisted = { ...first, processes: undefined };
    const { devices, seconds } = afterLooks([
      [first, second],
      [unlisted, second],
    ]);
    expect(devices).toEqual([
      { index: 0, uuid: 'GPU-0' },
      { index: 1, uuid: 'GPU-1' },
    ]);
    expect(seconds).toEqual({ 'GPU-0': 15, 'GPU-1': 15 });
  });

  test('keeps both while no process at all can be seen', () => {
    expect(afterLooks(times(2, [first, second]), new Map()).devices).toHaveLength(2);
  });

  test('gives up the one that stays away for longer', () => {
    expect(afterLooks([[first, second], ...times(41, [second])]).devices).toHaveLength(2);
    expect(afterLooks([[first, second], ...times(42, [second])]).devices).toEqual([{ index: 1, uuid: 'GPU-1' }]);
  });

  test('gives up the one on which it has no process any more', () => {
    const { devices, seconds } = afterLooks([
      [first, second],
      [on(gpu0, []), second],
    ]);
    expect(devices).toEqual([{ index: 1, uuid: 'GPU-1' }]);
    expect(seconds).toEqual({ 'GPU-0': 7.5, 'GPU-1': 15 });
  });

  test('gives up one with MIG that has no instance any more', () => {
    const empty = { ...on(gpu0, []), mig: { enabled: true, instances: [] } };
    expect(
      afterLooks([
        [first, second],
        [empty, second],
      ]).devices,
    ).toEqual([{ index: 1, uuid: 'GPU-1' }]);
  });
});
