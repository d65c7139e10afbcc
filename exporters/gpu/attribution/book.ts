import type { GpuReading, NodeReading } from '../reading.ts';
import { type AllocatedTimes, type AllocationKind, createAllocatedTimes, maxBeliefSeconds } from './allocated-time.ts';
import {
  allocationsOfContainers,
  allocationsOfJobs,
  countByResource,
  type FoundJob,
  podName,
  type Resolved,
  withoutFinished,
} from './allocations.ts';
import type {
  Allocation,
  AttributionState,
  ContainerDevices,
  DeviceKey,
  DropReason,
  Holder,
  MappedJob,
  Owner,
  PodFacts,
  ProcessHome,
  Share,
} from './attribution.ts';
import { createFoundJobs } from './found-jobs.ts';
import { covers, partId } from './keys.ts';
import { createKnownGpus } from './known-gpus.ts';
import { ownerOf as ownerOfProcess } from './owners.ts';
import { createProcessNames } from './process-names.ts';
import { type DeviceUse, devicesOf, divideMemory, type OwnerOf } from './shares.ts';
import { createSmTime, type Windows } from './sm-time.ts';

/** Of one node; what is beyond is unattributed. */
export const maxProcesses = 4096;

type Answer<Key extends string, T> = { readonly [K in Key]: readonly T[] } & { readonly bad: number };
type Homes = ReadonlyMap<number, ProcessHome>;

/** Devices and windows of one reading of processes, to be divided when their owners are known. */
export interface ProcessSnapshot {
  readonly pids: readonly number[];
  /** UUIDs of the GPUs whose processes could be listed. */
  readonly listed: ReadonlySet<string>;
  readonly uses: readonly DeviceUse[];
  readonly windows: Windows;
}

/**
 * Puts together what the sources say: pure, told by its caller what time it is (`now` is monotonic). An answer of undefined means that
 * the source did not answer.
 */
export interface AttributionBook {
  readonly times: AllocatedTimes;
  readonly readGpus: (reading: NodeReading | undefined, now: number) => void;
  /** The reading that was there before, with GPUs left out that are not to be shown any more. */
  readonly showGpus: (reading: NodeReading) => void;
  /** What is on the GPUs of the reading, with the computing time since the snapshot before. */
  readonly snapshot: (reading: NodeReading) => ProcessSnapshot;
  readonly divide: (snapshot: ProcessSnapshot, homes: Homes, now: number) => void;
  readonly listContainers: (answer: Answer<'containers', ContainerDevices> | undefined, now: number) => void;
  readonly listPods: (answer: Answer<'pods', PodFacts> | undefined, now: number) => void;
  readonly listJobs: (answer: Answer<'jobs', MappedJob> | undefined, now: number) => void;
  /** Without a folder of job files, jobs are those of the processes; false if these could not be read. */
  readonly listFoundJobs: (isAnswered: boolean, now: number) => void;
  readonly setAllocatable: (allocatable: ReadonlyMap<string, number> | undefined) => void;
  readonly state: (now: number) => Omit<AttributionState, 'sources' | 'allocatedTimes'>;
}

interface Settings {
  readonly retentionSeconds: number;
  readonly processNames: boolean;
}

interface Listed<T> {
  readonly items: readonly T[];
  /** When the source answered last. */
  readonly at: number;
  readonly isAnswering: boolean;
}

export function createAttributionBook({ retentionSeconds, processNames }: Settings): AttributionBook {
  const times = createAllocatedTimes({ retentionSeconds });
  const smTime = createSmTime({ retentionSeconds });
  const names = createProcessNames({ isShown: processNames, retentionSeconds });
  const gpus = createKnownGpus();
  const found = createFoundJobs();
  const dropped: Record<DropReason, number> = {
    too_many_pods: 0,
    too_many_processes: 0,
    too_many_jobs: 0,
    unknown_device: 0,
    bad_entry: 0,
  };
  const allocations = new Map<AllocationKind, Listed<Allocation>>();
  let pods: Listed<PodFacts> | undefined;
  let podsByUid: ReadonlyMap<string, PodFacts> = new Map();
  let mappedJobs: readonly MappedJob[] = [];
  let homes: Homes = new Map();
  let uses: readonly DeviceUse[] = [];
  let allocated: ReadonlyMap<string, number> | undefined;
  let allocatable: ReadonlyMap<string, number> | undefined;
  let now = 0;

  function held(): readonly Allocation[] {
    return [...allocations.values()].flatMap((listed) => believed(listed, now));
  }

  function holdersOf(device: DeviceKey): readonly Holder[] {
    return held().flatMap(({ device: outer, holder }) => (covers(outer, device) ? [holder] : []));
  }

  function createOwnerOf(at: number): OwnerOf {
    const known = {
      pods: podsByUid,
      allocations: held(),
      nameOf: (device: DeviceKey, name: string) => names.nameOf(device, name, at),
    };
    return (device, { pid }) => ownerOfProcess(device, homes.get(pid), known);
  }

  function take(kind: AllocationKind, resolved: Resolved | undefined): void {
    const left = times.advance(kind, resolved?.allocations, now);
    dropped[kind === 'pods' ? 'too_many_pods' : 'too_many_jobs'] += left;
    dropped.unknown_device += resolved?.unknown ?? 0;
    const before = allocations.get(kind);
    if (resolved !== undefined) allocations.set(kind, { items: resolved.allocations, at: now, isAnswering: true });
    else if (before !== undefined) allocations.set(kind, { ...before, isAnswering: false });
  }

  function takeJobs(isAnswered: boolean): void {
    // Without GPUs nothing can be resolved, and an answer would end what goes on.
    if (gpus.list().length === 0) return;
    take('jobs', isAnswered ? allocationsOfJobs(mappedJobs, found.list(now), gpus.list()) : undefined);
  }

  return {
    times,
    readGpus: (reading, at) => {
      now = at;
      smTime.read(reading, at);
      if (reading !== undefined) gpus.read(reading);
      uses = usesOf(reading);
    },
    showGpus: (reading) => {
      uses = usesOf(reading);
    },
    snapshot: (reading) => {
      const all = new Set(reading.gpus.flatMap(({ processes }) => processes?.list.map(({ pid }) => pid) ?? []));
      const pids = [...all].slice(0, maxProcesses);
      dropped.too_many_processes += all.size - pids.length;
      return { pids, listed: new Set(withList(reading).map(({ uuid }) => uuid)), uses, windows: smTime.take() };
    },
    divide: (snapshot, foundHomes, at) => {
      now = at;
      homes = foundHomes;
      // Where no process at all can be seen, none is known to be gone.
      const isBlind = snapshot.pids.length > 0 && homes.size === 0;
      found.look(jobsOn(snapshot.uses, homes), isBlind ? new Set() : snapshot.listed, at);
      const division = { ownerOf: createOwnerOf(at), holdersOf };
      const before = names.refused();
      const refused = smTime.divide(snapshot.uses, snapshot.windows, division, at);
      dropped.too_many_processes += names.refused() - before;
      for (const { kind } of refused) dropped[dropReasonOf(kind)]++;
    },
    listContainers: (answer, at) => {
      now = at;
      dropped.bad_entry += answer?.bad ?? 0;
      const known = gpus.list();
      const isTold = pods?.isAnswering === true;
      const containers = answer && withoutFinished(answer.containers, isTold ? (pods?.items ?? []) : []);
      allocated = containers && countByResource(containers);
      if (known.length > 0) take('pods', containers && allocationsOfContainers(containers, known));
    },
    listPods: (answer, at) => {
      now = at;
      dropped.bad_entry += answer?.bad ?? 0;
      if (answer === undefined) {
        if (pods !== undefined) pods = { ...pods, isAnswering: false };
        return;
      }
      pods = { items: answer.pods, at, isAnswering: true };
      podsByUid = new Map(answer.pods.map((pod) => [pod.uid, pod]));
    },
    listJobs: (answer, at) => {
      now = at;
      dropped.bad_entry += answer?.bad ?? 0;
      mappedJobs = answer?.jobs ?? mappedJobs;
      takeJobs(answer !== undefined);
    },
    listFoundJobs: (isAnswered, at) => {
      now = at;
      takeJobs(isAnswered);
    },
    setAllocatable: (counts) => {
      allocatable = counts;
    },
    state: (at) => {
      now = at;
      const ownerOf = createOwnerOf(at);
      const current = held();
      return {
        allocations: current,
        shares: sharesOf(uses, smTime.parts(), ownerOf),
        deviceSmSeconds: smTime.devices(),
        processCounts: countProcesses(uses, ownerOf),
        podLabels: pods === undefined ? [] : labelsOf(believed(pods, at), current),
        resources: resourcesOf(allocatable, allocated),
        dropped: { ...dropped },
      };
    },
  };
}

/** A source that does not answer is believed for some time. */
function believed<T>({ items, at, isAnswering }: Listed<T>, now: number): readonly T[] {
  return isAnswering || now - at <= maxBeliefSeconds ? items : [];
}

function withList(reading: NodeReading | undefined): readonly GpuReading[] {
  return (reading?.gpus ?? []).filter(({ processes }) => processes !== undefined);
}

function usesOf(reading: NodeReading | undefined): readonly DeviceUse[] {
  return withList(reading).flatMap(devicesOf);
}

function dropReasonOf(kind: Owner['kind']): DropReason {
  if (kind === 'pod') return 'too_many_pods';
  return kind === 'job' ? 'too_many_jobs' : 'too_many_processes';
}

function jobsOn(uses: readonly DeviceUse[], homes: Homes): readonly FoundJob[] {
  return uses.flatMap(({ device, processes }) =>
    processes.flatMap(({ pid }) => {
      const home = homes.get(pid);
      return home?.kind === 'job' ? [{ device, jobId: home.jobId, userId: home.userId }] : [];
    }),
  );
}

/** Memory of now, and computing time of all who had some since the exporter started. */
function sharesOf(
  uses: readonly DeviceUse[],
  smParts: readonly { readonly device: DeviceKey; readonly owner: Owner; readonly seconds: number }[],
  ownerOf: OwnerOf,
): readonly Share[] {
  const shares = new Map<string, Share>();
  for (const { device, owner, seconds } of smParts) {
    shares.set(partId(device, owner), { device, owner, smSeconds: seconds });
  }
  for (const use of uses) {
    for (const { owner, amount } of divideMemory(use, ownerOf) ?? []) {
      const id = partId(use.device, owner);
      shares.set(id, { device: use.device, owner, ...shares.get(id), memoryBytes: amount });
    }
  }
  return [...shares.values()];
}

const ownerKinds = ['pod', 'job', 'process', 'unattributed'] as const satisfies readonly Owner['kind'][];

function countProcesses(uses: readonly DeviceUse[], ownerOf: OwnerOf): AttributionState['processCounts'] {
  return uses.flatMap(({ device, processes }) => {
    const kinds = processes.map((process) => ownerOf(device, process).kind);
    return ownerKinds.map((owner) => ({ device, owner, count: kinds.filter((kind) => kind === owner).length }));
  });
}

/** Only of pods that have a GPU. */
function labelsOf(pods: readonly PodFacts[], allocations: readonly Allocation[]): AttributionState['podLabels'] {
  const holders = new Set(allocations.flatMap(({ holder }) => (holder.kind === 'pod' ? [podName(holder)] : [])));
  const labels = pods
    .filter((pod) => !pod.isFinished && holders.has(podName(pod)))
    .flatMap((facts) =>
      Object.entries(facts.labels).map(([label, value]) => ({
        namespace: facts.namespace,
        pod: facts.pod,
        label,
        value,
      })),
    );
  // Two pods of one name must not make one series twice.
  return [...new Map(labels.map((one) => [`${podName(one)}\u0000${one.label}`, one])).values()];
}

function resourcesOf(
  allocatable: ReadonlyMap<string, number> | undefined,
  allocated: ReadonlyMap<string, number> | undefined,
): AttributionState['resources'] {
  if (allocated === undefined) return [];
  const names = [...new Set([...(allocatable?.keys() ?? []), ...allocated.keys()])].sort();
  return names.map((resource) => {
    const count = allocatable?.get(resource);
    return {
      resource,
      ...(count === undefined ? {} : { allocatable: count }),
      allocated: allocated.get(resource) ?? 0,
    };
  });
}
