import type {
  AttributionState,
  ContainerDevices,
  MappedJob,
  PodFacts,
  ProcessHome,
} from '../../../../exporters/gpu/attribution/attribution.ts';
import { createAttributionBook } from '../../../../exporters/gpu/attribution/book.ts';
import { allocation } from '../../../../exporters/gpu/collectors/allocation.ts';
import { attributed } from '../../../../exporters/gpu/collectors/attributed.ts';
import { jobs } from '../../../../exporters/gpu/collectors/jobs.ts';
import { pods } from '../../../../exporters/gpu/collectors/pods.ts';
import type { GpuReading } from '../../../../exporters/gpu/reading.ts';
import { collect } from '../../../support/collect.ts';
import { parseExposition } from '../../../support/exposition.ts';
import { expectGolden } from '../../../support/golden.ts';
import { gpuReading, nodeReading, nodeState } from '../../../support/node-state.ts';

const collectors = [pods, jobs, allocation, attributed];
const gib = 1024 ** 3;

interface Case {
  readonly gpu: GpuReading;
  readonly containers?: readonly ContainerDevices[];
  readonly pods?: readonly PodFacts[];
  readonly jobs?: readonly MappedJob[];
  readonly homes: readonly (readonly [pid: number, home: ProcessHome])[];
}

/** What is known after a minute in which nothing changed, from plain data: no kubelet and no hardware stood behind these figures. */
function stateOf({ gpu, containers = [], pods: facts = [], jobs: mapped, homes }: Case): AttributionState {
  const book = createAttributionBook({ retentionSeconds: 3600, processNames: true });
  const reading = nodeReading([gpu]);
  const found = new Map(homes);
  for (let now = 0; now <= 60; now += 15) {
    book.readGpus(reading, now);
    book.listPods({ pods: facts, bad: 0 }, now);
    book.listContainers({ containers, bad: 0 }, now);
    book.divide(book.snapshot(reading), found, now);
    if (mapped !== undefined) book.listJobs({ jobs: mapped, bad: 0 }, now);
  }
  book.setAllocatable(new Map(containers.map(({ resource }) => [resource, 10])));
  return {
    ...book.state(60),
    sources: { pod_resources: true, pod_list: true, processes: true, ...(mapped && { job_files: false }) },
    allocatedTimes: book.times.times(),
  };
}

function container(pod: string, deviceIds: readonly string[], resource = 'nvidia.com/gpu'): ContainerDevices {
  return { namespace: 'ml', pod, container: 'main', resource, deviceIds };
}

function pod(name: string, labels: Readonly<Record<string, string>> = {}): PodFacts {
  const containers = new Map([[`id-${name}`, 'main']]);
  return { namespace: 'ml', pod: name, uid: `uid-${name}`, containers, labels, isFinished: false };
}

function inPod(name: string): ProcessHome {
  return { kind: 'pod', podUid: `uid-${name}`, containerId: `id-${name}` };
}

const memory = { totalBytes: 80 * gib, usedBytes: 61 * gib, freeBytes: 19 * gib };
const utilization = { gpuRatio: 0.9, memoryControllerRatio: 0.4 };
const hostile = 'a"b\\c\nd';

const cases: Readonly<Record<string, Case>> = {
  'time-sliced': {
    gpu: gpuReading({
      memory,
      utilization,
      processes: {
        smMeasured: true,
        list: [
          { pid: 1, usedMemoryBytes: 20 * gib, smRatio: 0.5 },
          { pid: 2, usedMemoryBytes: 30 * gib, smRatio: 0.2 },
          { pid: 3, usedMemoryBytes: 10 * gib, smRatio: 0.1 },
        ],
      },
    }),
    containers: ['a', 'b', 'c'].map((name, replica) => container(name, [`GPU-0::${replica}`], 'nvidia.com/gpu.shared')),
    pods: [pod('a', { team: 'vision' }), pod('b', { team: 'speech' }), pod('c')],
    homes: [
      [1, inPod('a')],
      [2, inPod('b')],
      [3, inPod('c')],
    ],
  },
  mig: {
    gpu: gpuReading({
      memory,
      utilization,
      mig: {
        enabled: true,
        instances: [1, 2].map((gpuInstanceId) => ({
          gpuInstanceId,
          computeInstanceId: 0,
          uuid: `MIG-${gpuInstanceId}`,
          profile: '3g.40gb',
          memory: { totalBytes: 40 * gib, usedBytes: gpuInstanceId * 10 * gib, freeBytes: 0 },
          activity: { smRatio: gpuInstanceId / 4 },
        })),
      },
      processes: {
        smMeasured: false,
        list: [
          { pid: 1, gpuInstanceId: 1, usedMemoryBytes: 9 * gib },
          { pid: 2, gpuInstanceId: 2, usedMemoryBytes: 15 * gib },
        ],
      },
    }),
    containers: [container('a', ['MIG-1'], 'nvidia.com/mig-3g.40gb')],
    pods: [pod('a')],
    homes: [[1, inPod('a')]],
  },
  slurm: {
    gpu: gpuReading({
      memory,
      utilization,
      processes: {
        smMeasured: true,
        list: [
          { pid: 1, usedMemoryBytes: 40 * gib, smRatio: 0.9 },
          { pid: 2, usedMemoryBytes: gib, smRatio: 0 },
        ],
      },
    }),
    jobs: [{ gpuIndex: 0, jobId: '4242' }],
    homes: [
      [1, { kind: 'job', jobId: '4242', userId: '1000' }],
      [2, { kind: 'bare', name: 'Xorg' }],
    ],
  },
  'hostile-names': {
    gpu: gpuReading({
      memory,
      utilization,
      processes: {
        smMeasured: true,
        list: Array.from({ length: 60 }, (_, pid) => ({ pid, usedMemoryBytes: gib / 4, smRatio: 0.01 })),
      },
    }),
    jobs: [{ gpuIndex: 0, jobId: hostile }],
    homes: Array.from({ length: 60 }, (_, pid) => [pid, { kind: 'bare', name: `${hostile} ${pid}` }]),
  },
};

describe.each(Object.keys(cases))('%s', (name) => {
  const known = cases[name];
  const attribution = known === undefined ? undefined : stateOf(known);

  test.each(collectors.map((collector) => [collector.name, collector] as const))('%s', async (collectorName, one) => {
    const { text, failures } = await collect(one, nodeState({ attribution }));
    expect(failures).toEqual([]);
    expect(() => parseExposition('text', text)).not.toThrow();
    expectGolden(`gpu/attribution/${name}.${collectorName}.prom`, text);
  });

  test('parts add up to the device', () => {
    for (const { device, seconds } of attribution?.deviceSmSeconds ?? []) {
      const parts = (attribution?.shares ?? []).filter((share) => isSame(share.device, device));
      expect(parts.reduce((sum, { smSeconds = 0 }) => sum + smSeconds, 0)).toBeCloseTo(seconds, 9);
      const used = known?.gpu.mig?.instances.find(
        ({ gpuInstanceId }) => gpuInstanceId === device.gpuInstanceId,
      )?.memory;
      const bytes = (used ?? memory).usedBytes;
      expect(parts.reduce((sum, { memoryBytes = 0 }) => sum + memoryBytes, 0)).toBe(bytes);
    }
    expect(attribution?.deviceSmSeconds.length).toBeGreaterThan(0);
  });
});

function isSame(left: { readonly gpuInstanceId?: number | undefined }, right: typeof left): boolean {
  return left.gpuInstanceId === right.gpuInstanceId;
}

test.each(collectors.map((collector) => [collector.name, collector] as const))(
  '%s shows nothing where nothing tells who has the GPUs',
  async (_, collector) => {
    expect(await collect(collector, nodeState())).toMatchObject({ samples: [], failures: [] });
  },
);

test('counters stay while the driver hangs', async () => {
  const attribution = stateOf(cases['time-sliced'] ?? { gpu: gpuReading(), homes: [] });
  const { samples, failures } = await collect(allocation, nodeState({ driver: 'unresponsive', attribution }));
  expect(failures).toEqual([]);
  expect(samples.filter((line) => line.startsWith('gpu_allocated_seconds_total'))).toHaveLength(3);
});

test('a container that has a device by several resources has one info series', async () => {
  const containers = [container('a', ['GPU-0']), container('a', ['0'], 'nvidia.com/gpu.shared')];
  const attribution = stateOf({ gpu: gpuReading(), containers, homes: [] });
  const twice = { ...attribution, allocations: [...attribution.allocations, ...attribution.allocations] };
  const { samples } = await collect(pods, nodeState({ attribution: twice }));
  expect(samples).toEqual([
    'gpu_pod_info{gpu_id="0",uuid="GPU-0",gpu_instance_id="",namespace="ml",pod="a",container="main"} 1',
  ]);
});
