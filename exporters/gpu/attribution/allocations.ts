import type { Allocation, ContainerDevices, DeviceKey, MappedJob, PodFacts } from './attribution.ts';
import { type KnownGpu, resolveDevice } from './device-ids.ts';
import { partId } from './keys.ts';

export interface Resolved {
  readonly allocations: readonly Allocation[];
  /** Number of devices that are none of the known GPUs. */
  readonly unknown: number;
}

/** Which devices containers have; two ids of one device are two replicas of it. */
export function allocationsOfContainers(containers: readonly ContainerDevices[], gpus: readonly KnownGpu[]): Resolved {
  const byPart = new Map<string, Allocation>();
  let unknown = 0;
  for (const { namespace, pod, container, resource, deviceIds } of containers) {
    for (const id of deviceIds) {
      const device = resolveDevice(id, resource, gpus);
      if (device === undefined) {
        unknown++;
        continue;
      }
      const holder = { kind: 'pod', namespace, pod, container } as const;
      const part = partId(device, holder);
      const replicas = (byPart.get(part)?.replicas ?? 0) + 1;
      byPart.set(part, { device, holder, profile: profileOf(device, gpus), replicas });
    }
  }
  return { allocations: [...byPart.values()], unknown };
}

/** A job that has a process on a device. */
export interface FoundJob {
  readonly device: DeviceKey;
  readonly jobId: string;
  readonly userId?: string | undefined;
}

/**
 * Jobs of the mapping folder, and jobs found by the cgroups of processes on GPUs for which the folder names no job. The folder knows when a
 * job has a GPU on which no process of it runs, but not whose it is; that comes from the processes.
 */
export function allocationsOfJobs(
  mapped: readonly MappedJob[],
  found: readonly FoundJob[],
  gpus: readonly KnownGpu[],
): Resolved {
  const users = new Map(found.flatMap(({ jobId, userId }) => (userId === undefined ? [] : [[jobId, userId] as const])));
  const byPart = new Map<string, Allocation>();
  const add = (device: DeviceKey, jobId: string): void => {
    const holder = { kind: 'job', jobId, userId: users.get(jobId) } as const;
    byPart.set(partId(device, holder), { device, holder, profile: profileOf(device, gpus), replicas: 1 });
  };
  let unknown = 0;
  const decided = new Set<string>();
  for (const { gpuIndex, gpuInstanceId, jobId } of mapped) {
    const device = byIndex(gpuIndex, gpuInstanceId, gpus);
    if (device === undefined) {
      unknown++;
      continue;
    }
    decided.add(device.uuid);
    add(device, jobId);
  }
  for (const { device, jobId } of found) if (!decided.has(device.uuid)) add(device, jobId);
  return { allocations: [...byPart.values()], unknown };
}

function byIndex(index: number, gpuInstanceId: number | undefined, gpus: readonly KnownGpu[]): DeviceKey | undefined {
  const gpu = gpus.find((candidate) => candidate.index === index);
  if (gpu === undefined) return undefined;
  return { index, uuid: gpu.uuid, ...(gpuInstanceId === undefined ? {} : { gpuInstanceId }) };
}

/** Of the GPU instance: the compute instances in it share what it has. */
function profileOf({ uuid, gpuInstanceId }: DeviceKey, gpus: readonly KnownGpu[]): string | undefined {
  if (gpuInstanceId === undefined) return undefined;
  const instances = gpus.find((gpu) => gpu.uuid === uuid)?.mig?.instances ?? [];
  return instances.find((instance) => instance.gpuInstanceId === gpuInstanceId)?.profile?.replace(/^\d+c\./, '');
}

/** Number of device ids that containers have, by resource. */
export function countByResource(containers: readonly ContainerDevices[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { resource, deviceIds } of containers) {
    counts.set(resource, (counts.get(resource) ?? 0) + deviceIds.length);
  }
  return counts;
}

/** The kubelet goes on listing pods whose containers have ended for good; they do not hold their GPUs. */
export function withoutFinished(
  containers: readonly ContainerDevices[],
  pods: readonly PodFacts[],
): readonly ContainerDevices[] {
  const finished = new Set(pods.filter(({ isFinished }) => isFinished).map(podName));
  // A pod of the same name may have taken its place.
  for (const pod of pods) if (!pod.isFinished) finished.delete(podName(pod));
  return finished.size === 0 ? containers : containers.filter((container) => !finished.has(podName(container)));
}

export function podName({ namespace, pod }: { readonly namespace: string; readonly pod: string }): string {
  return `${namespace}/${pod}`;
}
