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
