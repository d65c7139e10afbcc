import type { ContainerDevices } from '../../attribution/attribution.ts';
import { maxDeviceIdLength, maxDevicesOfPod, maxNameLength, maxPods } from './limits.ts';
import { createPartCache } from './part-cache.ts';
import { eachField, textOf } from './wire.ts';

/**
 * Messages of the pod resources API, api.proto in k8s.io/kubelet/pkg/apis/podresources/v1. Only what attribution needs is decoded;
 * CPUs, memory and topology are stepped over.
 */

export interface PodResourcesList {
  readonly containers: readonly ContainerDevices[];
  readonly bad: number;
}

type IsWanted = (resource: string) => boolean;

/** Decodes ListPodResourcesResponse; remembers the pods of the answer before. Throws MalformedMessage. */
export function createListDecoder(isWanted: IsWanted): (bytes: Buffer) => PodResourcesList {
  const cache = createPartCache<PodResourcesList>();
  return (bytes) => {
    cache.begin(bytes);
    const decode = (start: number, end: number): PodResourcesList => decodePod(bytes, start, end, isWanted);
    const containers: ContainerDevices[] = [];
    let pods = 0;
    let bad = 0;
    eachField(bytes, 0, bytes.length, (field, start, end) => {
      if (field !== 1) return;
      pods++;
      const pod = pods > maxPods ? oneTooMany : cache.get(start, end, decode);
      bad += pod.bad;
      for (const container of pod.containers) containers.push(container);
    });
    return { containers, bad };
  };
}

const oneTooMany: PodResourcesList = { containers: [], bad: 1 };

/** AllocatableResourcesResponse: number of devices by resource. Throws MalformedMessage. */
export function decodeAllocatable(bytes: Buffer, isWanted: IsWanted): ReadonlyMap<string, number> {
  const finds: Finds = { byResource: new Map(), isWanted, room: Number.POSITIVE_INFINITY, bad: 0 };
  eachField(bytes, 0, bytes.length, (field, start, end) => {
    if (field === 1) findPluginDevices(bytes, start, end, finds);
  });
  return new Map([...finds.byResource].map(([resource, ids]) => [resource, ids.size]));
}

interface Finds {
  /** The kubelet names a device once for each NUMA node that it is near to, so ids are a set. */
  byResource: Map<string, Set<string>>;
  readonly isWanted: IsWanted;
  /** How many devices more are taken. */
  room: number;
  bad: number;
}

interface Holder {
  readonly container: string | undefined;
  readonly byResource: ReadonlyMap<string, ReadonlySet<string>>;
}

/** PodResources. The names of a pod without wanted devices are of no interest, and most pods have none. */
function decodePod(bytes: Buffer, podStart: number, podEnd: number, isWanted: IsWanted): PodResourcesList {
  const finds: Finds = { byResource: new Map(), isWanted, room: maxDevicesOfPod, bad: 0 };
  const holders: Holder[] = [];
  let namespace: string | undefined;
  let pod: string | undefined;
  eachField(bytes, podStart, podEnd, (field, start, end) => {
    if (field === 1) pod = textOf(bytes, start, end, maxNameLength);
    else if (field === 2) namespace = textOf(bytes, start, end, maxNameLength);
    else if (field === 3) holders.push(decodeContainer(bytes, start, end, finds));
  });
  const containers: ContainerDevices[] = [];
  for (const { container, byResource } of holders) {
    if (byResource.size === 0) continue;
    if (namespace === undefined || pod === undefined || container === undefined) finds.bad++;
    else
      for (const [resource, ids] of byResource)
        containers.push({ namespace, pod, container, resource, deviceIds: [...ids] });
  }
  return { containers, bad: finds.bad };
}

/** ContainerResources. */
function decodeContainer(bytes: Buffer, containerStart: number, containerEnd: number, finds: Finds): Holder {
  finds.byResource = new Map();
  let container: string | undefined;
  eachField(bytes, containerStart, containerEnd, (field, start, end) => {
    if (field === 1) container = textOf(bytes, start, end, maxNameLength);
    else if (field === 2) findPluginDevices(bytes, start, end, finds);
    else if (field === 5) findClaimedDevices(bytes, start, end, finds);
  });
  return { container, byResource: finds.byResource };
}

/** ContainerDevices: what a device plugin gave. */
function findPluginDevices(bytes: Buffer, devicesStart: number, devicesEnd: number, finds: Finds): void {
  const ids: (string | undefined)[] = [];
  let resource: string | undefined;
  eachField(bytes, devicesStart, devicesEnd, (field, start, end) => {
    if (field === 1) resource = textOf(bytes, start, end, maxNameLength);
    else if (field === 2) ids.push(textOf(bytes, start, end, maxDeviceIdLength));
  });
  if (resource === undefined) finds.bad++;
  else for (const id of ids) keep(finds, resource, id);
}

/** DynamicResource: what DRA drivers gave for one claim. */
function findClaimedDevices(bytes: Buffer, claimStart: number, claimEnd: number, finds: Finds): void {
  eachField(bytes, claimStart, claimEnd, (field, start, end) => {
    if (field === 4) findClaimedDevice(bytes, start, end, finds);
  });
}

/** ClaimResource. Kubelets older than 1.31 give only CDI names, from which driver and device cannot be told. */
function findClaimedDevice(bytes: Buffer, claimedStart: number, claimedEnd: number, finds: Finds): void {
  let driver: string | undefined;
  let device: string | undefined;
  eachField(bytes, claimedStart, claimedEnd, (field, start, end) => {
    if (field === 2) driver = textOf(bytes, start, end, maxNameLength);
    else if (field === 4) device = textOf(bytes, start, end, maxDeviceIdLength);
  });
  if (driver !== undefined) keep(finds, driver, device);
}

function keep(finds: Finds, resource: string, id: string | undefined): void {
  if (!finds.isWanted(resource)) return;
  if (id === undefined || finds.room <= 0) {
    finds.bad++;
    return;
  }
  finds.room--;
  const ids = finds.byResource.get(resource);
  if (ids === undefined) finds.byResource.set(resource, new Set([id]));
  else ids.add(id);
}
