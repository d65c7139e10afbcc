import type { Clock } from '../../../../kit/clock.ts';
import type { ContainerDevices, PodFacts, ProcessHome } from '../../attribution/attribution.ts';
import { createAttributionBook } from '../../attribution/book.ts';
import type { Attribution } from '../../node-snapshot.ts';
import { uuidOf } from './gpu-model.ts';
import {
  pidOf,
  replicasOfSharedGpu,
  type SimulatedPod,
  type SimulatedPodsKey,
  sharedGpuOf,
  simulatedPods,
} from './simulated-pods.ts';

export interface SimulatedAttributionSettings extends SimulatedPodsKey {
  /** Labels of pods that may be shown. */
  readonly podLabels: readonly string[];
  readonly retentionSeconds: number;
}

const resource = { whole: 'nvidia.com/gpu', shared: 'nvidia.com/gpu.shared' } as const;
const sources = { pod_resources: true, pod_list: true, processes: true } as const;

/**
 * Who has the GPUs of a simulated node: made-up answers of the kubelet, of the pod list and of cgroups go into the same book as real ones.
 * They are there with every reading, so that a fleet needs no timers for them and every node collects its samples once.
 */
export function createSimulatedAttribution(
  settings: SimulatedAttributionSettings,
  { clock }: { readonly clock: Clock },
): Attribution {
  const pods = simulatedPods(settings);
  const containers = pods.map((pod) => devicesOf(settings, pod));
  const facts = pods.map((pod) => factsOf(pod, settings.podLabels));
  const homes = new Map(pods.flatMap(homesOf));
  const book = createAttributionBook({ retentionSeconds: settings.retentionSeconds, processNames: false });
  book.setAllocatable(allocatableOf(settings));

  return {
    start: () => {},
    observe: (reading) => {
      const now = clock.monotonic();
      book.readGpus(reading, now);
      book.listPods({ pods: facts, bad: 0 }, now);
      book.listContainers({ containers, bad: 0 }, now);
      if (reading !== undefined) book.divide(book.snapshot(reading), homes, now);
    },
    state: () => ({ ...book.state(clock.monotonic()), sources, allocatedTimes: book.times.times() }),
    stop: async () => {},
  };
}

function devicesOf({ seed, node }: SimulatedPodsKey, pod: SimulatedPod): ContainerDevices {
  const { namespace, name, container, gpus, replica } = pod;
  const uuids = gpus.map((gpu) => uuidOf({ seed, node, gpu }));
  const devices =
    replica === undefined
      ? { resource: resource.whole, deviceIds: uuids }
      : { resource: resource.shared, deviceIds: uuids.map((uuid) => `${uuid}::${replica}`) };
  return { namespace, pod: name, container, ...devices };
}

function factsOf({ namespace, name, uid, container, containerId, labels }: SimulatedPod, allowed: readonly string[]) {
  const facts: PodFacts = {
    namespace,
    pod: name,
    uid,
    containers: new Map([[containerId, container]]),
    labels: Object.fromEntries(Object.entries(labels).filter(([label]) => allowed.includes(label))),
    isFinished: false,
  };
  return facts;
}

function homesOf(pod: SimulatedPod): readonly (readonly [number, ProcessHome])[] {
  const home = { kind: 'pod', podUid: pod.uid, containerId: pod.containerId } as const;
  return pod.gpus.map((gpu) => [pidOf(pod, gpu), home]);
}

function allocatableOf(key: SimulatedPodsKey): ReadonlyMap<string, number> {
  if (sharedGpuOf(key) === undefined) return new Map([[resource.whole, key.gpus]]);
  return new Map([
    [resource.whole, key.gpus - 1],
    [resource.shared, replicasOfSharedGpu],
  ]);
}
