import type {
  AllocatedTime,
  ContainerDevices,
  MappedJob,
  PodFacts,
  ProcessHome,
} from '../../../../../exporters/gpu/attribution/attribution.ts';
import type {
  JobFiles,
  PodDirectory,
  PodResources,
  ProcessHomes,
} from '../../../../../exporters/gpu/attribution/inputs.ts';
import type { GpuProcess, NodeReading } from '../../../../../exporters/gpu/reading.ts';
import {
  type AttributionInputs,
  type AttributionSettings,
  type AttributionSource,
  createAttribution,
} from '../../../../../exporters/gpu/sources/attribution/attribution-source.ts';
import type { Clock } from '../../../../../kit/clock.ts';
import { createLog } from '../../../../../kit/log.ts';
import { eventually } from '../../../../support/eventually.ts';
import { gpuReading, nodeReading } from '../../../../support/node-state.ts';

/** What stands in for the kubelet, the pods, the processes and the jobs of a node; tests change it as they go. */
export interface FakeCluster {
  containers: readonly ContainerDevices[];
  pods: readonly PodFacts[];
  homes: ReadonlyMap<number, ProcessHome>;
  jobs: readonly MappedJob[];
  isPresent: boolean;
  /** Sources that reject. */
  readonly failing: Set<'kubelet' | 'allocatable' | 'pods' | 'homes' | 'jobs'>;
  /** Sources that never answer. */
  readonly hanging: Set<'kubelet' | 'pods' | 'homes' | 'jobs'>;
  /** How often each was asked. */
  readonly asked: Record<'kubelet' | 'allocatable' | 'pods' | 'homes' | 'jobs', number>;
  /** Seconds that pass with each question to the kubelet. */
  secondsPerList: number;
  seconds: number;
  bad: number;
  isClosed: boolean;
  readonly clock: Clock;
  readonly podResources: PodResources;
  readonly directory: PodDirectory;
  readonly processHomes: ProcessHomes;
  readonly jobFiles: JobFiles;
}

export const startOfTime = 1_700_000_000;

export function fakeCluster(): FakeCluster {
  const cluster: FakeCluster = {
    containers: [],
    pods: [],
    homes: new Map(),
    jobs: [],
    isPresent: true,
    failing: new Set(),
    hanging: new Set(),
    asked: { kubelet: 0, allocatable: 0, pods: 0, homes: 0, jobs: 0 },
    secondsPerList: 0,
    seconds: 0,
    bad: 0,
    isClosed: false,
    clock: { now: () => startOfTime + cluster.seconds, monotonic: () => cluster.seconds },
    podResources: {
      isPresent: async () => cluster.isPresent,
      list: async () => {
        cluster.seconds += cluster.secondsPerList;
        await answer('kubelet');
        return { containers: cluster.containers, bad: cluster.bad };
      },
      allocatable: async () => {
        await answer('allocatable');
        return new Map([['nvidia.com/gpu', 8]]);
      },
      close: () => {
        cluster.isClosed = true;
      },
    },
    directory: {
      read: async () => {
        await answer('pods');
        return { pods: cluster.pods, bad: 0 };
      },
    },
    processHomes: {
      find: async (pids) => {
        await answer('homes');
        return new Map([...cluster.homes].filter(([pid]) => pids.includes(pid)));
      },
    },
    jobFiles: {
      read: async () => {
        await answer('jobs');
        return { jobs: cluster.jobs, bad: 0 };
      },
    },
  };

  async function answer(source: 'kubelet' | 'allocatable' | 'pods' | 'homes' | 'jobs'): Promise<void> {
    cluster.asked[source]++;
    if (cluster.failing.has(source)) throw new Error(`${source} is broken`);
    if (source !== 'allocatable' && cluster.hanging.has(source)) await new Promise(() => undefined);
  }

  return cluster;
}

export interface Running {
  readonly attribution: AttributionSource;
  readonly logs: readonly string[];
  readonly changes: () => number;
  /** Waits until a source was asked so many times more. */
  readonly asked: (source: keyof FakeCluster['asked'], times: number) => Promise<void>;
  readonly seconds: () => Readonly<Record<string, number>>;
}

const running: AttributionSource[] = [];

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((attribution) => attribution.stop()));
}

export function run(
  cluster: FakeCluster,
  inputs: AttributionInputs,
  settings: Partial<AttributionSettings> = {},
): Running {
  const logs: string[] = [];
  let changes = 0;
  const attribution = createAttribution({
    settings: {
      kubernetes: 'auto',
      intervalSeconds: 0.001,
      podDirectoryIntervalSeconds: 0.001,
      retentionSeconds: 3600,
      processNames: false,
      ...settings,
    },
    inputs,
    clock: cluster.clock,
    log: createLog({ level: 'info', format: 'json', daemon: 'gpu', write: (line) => void logs.push(line) }),
  });
  running.push(attribution);
  attribution.observe(gpus());
  attribution.start(() => {
    changes++;
  });
  return {
    attribution,
    logs,
    changes: () => changes,
    asked: async (source, times) => {
      const before = cluster.asked[source];
      await eventually(`${times} questions to ${source}`, () => cluster.asked[source] >= before + times || undefined);
    },
    seconds: () => secondsByHolder(attribution.state().allocatedTimes),
  };
}

export function secondsByHolder(times: readonly AllocatedTime[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    times.map(({ holder, seconds }) => [holder.kind === 'pod' ? holder.pod : holder.jobId, seconds]),
  );
}

let collections = 0;

/** Another collection with each call: two GPUs that compute half of the time, with processes on the first. */
export function gpus(list: readonly GpuProcess[] = []): NodeReading {
  const memory = { totalBytes: 1000, usedBytes: 600, freeBytes: 400 };
  const utilization = { gpuRatio: 0.5, memoryControllerRatio: 0 };
  return {
    ...nodeReading([
      gpuReading({ index: 0, uuid: 'GPU-0', memory, utilization, processes: { list, smMeasured: true } }),
      gpuReading({ index: 1, uuid: 'GPU-1', memory, utilization, processes: { list: [], smMeasured: true } }),
    ]),
    takenAtSeconds: startOfTime + collections++,
    tiers: ['fast', 'processes'],
  };
}

export function containerWith(pod: string, deviceIds: readonly string[] = ['GPU-0']): ContainerDevices {
  return { namespace: 'ml', pod, container: 'main', resource: 'nvidia.com/gpu', deviceIds };
}

export function podFacts(pod: string, changes: Partial<PodFacts> = {}): PodFacts {
  const containers = new Map([[`id-${pod}`, 'main']]);
  return { namespace: 'ml', pod, uid: `uid-${pod}`, containers, labels: {}, isFinished: false, ...changes };
}
