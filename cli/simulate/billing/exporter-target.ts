import type { AllocatedTime, Allocation } from '../../../exporters/gpu/attribution/attribution.ts';
import { allocationId, partId } from '../../../exporters/gpu/attribution/keys.ts';
import { exporterDevices } from './exporter-devices.ts';
import type { Month, MonthNode } from './month.ts';
import { observeAllocations } from './observed-allocations.ts';
import { headsOf, type MakeHead, type ScrapeTarget, type SeriesHead } from './series.ts';

interface Settings {
  /** How often the kubelet is asked. */
  readonly observeSeconds: number;
  readonly replicas: readonly string[];
}

/** The GPU exporter of a node, whose account of allocations is the one that ships. */
export function exporterTarget(month: Month, node: MonthNode, { observeSeconds, replicas }: Settings): ScrapeTarget {
  const instance = `${node.name}:9400`;
  const job = 'fleetlens-gpu';
  const head = headsOf({ cluster: month.cluster, node: node.name, rack: node.rack, job, instance }, replicas);
  const startHead = head('process_start_time_seconds', {});
  const emitDevices = exporterDevices(month, node, head);
  const observed = observeAllocations(month, node, observeSeconds);
  const timeHeads = createTimeHeads(head);
  const podHeads = createPodHeads(head);
  return {
    job,
    instance,
    up: head('up', {}),
    scrape: (atMs, emit) => {
      const life = node.exporters.find(({ span }) => span.startMs <= atMs && atMs < span.endMs);
      observed.until(atMs);
      if (life === undefined) return false;
      emit(startHead, life.span.startMs / 1000);
      emitDevices(atMs, emit);
      for (const time of observed.times()) {
        const [seconds, shareSeconds] = timeHeads(time);
        emit(seconds, time.seconds);
        emit(shareSeconds, time.shareSeconds);
      }
      for (const allocation of observed.allocations()) emit(podHeads(allocation), 1);
      return true;
    },
  };
}

function createTimeHeads(head: MakeHead): (time: AllocatedTime) => readonly [SeriesHead, SeriesHead] {
  const made = new Map<string, readonly [SeriesHead, SeriesHead]>();
  return ({ device, holder, profile = '' }) => {
    const id = `${allocationId({ device, holder, profile })} ${device.index}`;
    const found = made.get(id);
    if (found !== undefined) return found;
    const labels = { ...whoLabels({ device, holder }), profile };
    const pair = [
      head('gpu_allocated_seconds_total', labels),
      head('gpu_allocated_share_seconds_total', labels),
    ] as const;
    made.set(id, pair);
    return pair;
  };
}

function createPodHeads(head: MakeHead): (allocation: Allocation) => SeriesHead {
  const made = new Map<string, SeriesHead>();
  return ({ device, holder }) => {
    const id = `${partId(device, holder)} ${device.index}`;
    const found = made.get(id) ?? head('gpu_pod_info', whoLabels({ device, holder }));
    made.set(id, found);
    return found;
  };
}

function whoLabels({ device, holder }: Pick<Allocation, 'device' | 'holder'>): Readonly<Record<string, string>> {
  return {
    gpu_id: String(device.index),
    uuid: device.uuid,
    gpu_instance_id: device.gpuInstanceId === undefined ? '' : String(device.gpuInstanceId),
    ...(holder.kind === 'pod' ? { namespace: holder.namespace, pod: holder.pod, container: holder.container } : {}),
  };
}
