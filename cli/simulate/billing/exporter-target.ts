import { type AllocatedTimes, createAllocatedTimes } from '../../../exporters/gpu/attribution/allocated-time.ts';
import type { AllocatedTime, Allocation } from '../../../exporters/gpu/attribution/attribution.ts';
import { allocationId } from '../../../exporters/gpu/attribution/keys.ts';
import { simulatedUuid } from '../../../exporters/gpu/sources/simulated/simulated-uuid.ts';
import { gpuEnergy } from './energy.ts';
import type { Month, MonthGpu, MonthNode, MonthPod } from './month.ts';
import { migSpan } from './month-slots.ts';
import { headsOf, type ScrapeTarget, type SeriesHead } from './series.ts';
import { spanAt } from './spans.ts';

interface Settings {
  /** How often the kubelet is asked. */
  readonly observeSeconds: number;
  readonly replicas: readonly string[];
}

const retentionSeconds = 3600;
const driver = '580.65.06';

/** The GPU exporter of a node, whose clock of allocations is the one that ships. */
export function exporterTarget(month: Month, node: MonthNode, { observeSeconds, replicas }: Settings): ScrapeTarget {
  const instance = `${node.name}:9400`;
  const head = headsOf(
    { cluster: month.cluster, node: node.name, rack: node.rack, job: 'fleetlens-gpu', instance },
    replicas,
  );
  const gpus = month.gpus.filter(({ installed }) => installed.some((place) => place.node === node.name));
  const shown = gpus.map((gpu) => ({ gpu, energy: gpuEnergy(month, gpu), heads: new Map<string, SeriesHead>() }));
  const startHead = head('process_start_time_seconds', {});
  const observed = observeAllocations(month, node, observeSeconds);
  const timeHeads = new Map<string, readonly [SeriesHead, SeriesHead]>();
  const allocatableHeads = new Map<string, SeriesHead>();

  function headIn(heads: Map<string, SeriesHead>, key: string, make: () => SeriesHead): SeriesHead {
    const found = heads.get(key) ?? make();
    heads.set(key, found);
    return found;
  }

  function headsOfTime({ device, holder, profile = '' }: AllocatedTime): readonly [SeriesHead, SeriesHead] {
    const id = `${allocationId({ device, holder, profile })} ${device.index}`;
    const found = timeHeads.get(id);
    if (found !== undefined) return found;
    const labels = {
      ...deviceLabels(device.index, device.uuid),
      gpu_instance_id: device.gpuInstanceId === undefined ? '' : String(device.gpuInstanceId),
      profile,
      ...(holder.kind === 'pod' ? { namespace: holder.namespace, pod: holder.pod, container: holder.container } : {}),
    };
    const made = [
      head('gpu_allocated_seconds_total', labels),
      head('gpu_allocated_share_seconds_total', labels),
    ] as const;
    timeHeads.set(id, made);
    return made;
  }

  return {
    job: 'fleetlens-gpu',
    instance,
    up: head('up', {}),
    scrape: (atMs, emit) => {
      const life = spanAtOf(node, atMs);
      observed.until(atMs);
      if (life === undefined) return false;
      emit(startHead, life.span.startMs / 1000);
      for (const { gpu, energy, heads } of shown) {
        const place = gpu.installed.find(({ node: name, span }) => name === node.name && isIn(span, atMs));
        const joules = energy.counterAt(atMs);
        if (place === undefined) continue;
        const device = deviceLabels(place.index, gpu.uuid);
        const at = (name: string, labels: Readonly<Record<string, string>> = {}, key = name): SeriesHead =>
          headIn(heads, `${key} ${place.index}`, () => head(name, { ...device, ...labels }));
        const isLost = spanAt(gpu.lost, atMs) !== undefined;
        emit(at('gpu_info', { model: gpu.model, serial: gpu.serial, driver }), 1);
        emit(at('gpu_up'), isLost ? 0 : 1);
        if (joules !== undefined) emit(at('gpu_energy_joules_total'), joules / 1000);
        if (isLost) continue;
        for (const { gpuInstanceId, profile, span } of gpu.instances) {
          if (!isIn(span, atMs)) continue;
          const key = `gpu_mig_info ${gpuInstanceId} ${profile}`;
          emit(at('gpu_mig_info', migLabels(month, gpu, gpuInstanceId, profile), key), 1);
        }
      }
      for (const { resource, count } of allocatable(node, gpus, atMs)) {
        emit(
          headIn(allocatableHeads, resource, () => head('gpu_allocatable_devices', { resource })),
          count,
        );
      }
      for (const time of observed.times()) {
        const [seconds, shareSeconds] = headsOfTime(time);
        emit(seconds, time.seconds);
        emit(shareSeconds, time.shareSeconds);
      }
      return true;
    },
  };
}

/** Asks as the exporter does, at its own times, from its start to its end. */
function observeAllocations({ pods }: Month, node: MonthNode, observeSeconds: number) {
  const own = pods.filter((pod) => pod.node === node.name).toSorted((a, b) => a.span.startMs - b.span.startMs);
  const changes = own.flatMap(({ span }) => [span.startMs, span.endMs]).toSorted((a, b) => a - b);
  const everyMs = observeSeconds * 1000;
  let nextChange = 0;
  let next = 0;
  let active: MonthPod[] = [];
  let life = -1;
  let times: AllocatedTimes | undefined;
  let nextAtMs = Number.NEGATIVE_INFINITY;

  function allocationsAt(atMs: number): readonly Allocation[] {
    for (let pod = own[next]; pod !== undefined && pod.span.startMs <= atMs; pod = own[++next]) active.push(pod);
    active = active.filter(({ span }) => atMs < span.endMs);
    return active.flatMap(allocationsOf);
  }

  /** The exporter of the next life begins, with what the one before has saved or without. */
  function begin(): void {
    const before = node.exporters[life++];
    const now = node.exporters[life];
    if (now === undefined) return;
    const startSeconds = now.span.startMs / 1000;
    const endSeconds = (before?.span.endMs ?? 0) / 1000;
    const saved = now.isRestored ? times?.save(endSeconds) : undefined;
    times = createAllocatedTimes({ retentionSeconds });
    if (saved !== undefined) times.restore(saved, startSeconds - endSeconds, startSeconds);
    nextAtMs = now.span.startMs + 500;
  }

  /** Of the times at which nothing has changed since the last one, only the last is needed: what is counted adds up. */
  function observeUntil(limitMs: number): void {
    while (nextAtMs <= limitMs) {
      const before = nextChange;
      while ((changes[nextChange] ?? Number.POSITIVE_INFINITY) <= nextAtMs) nextChange++;
      const quietMs =
        nextChange > before ? nextAtMs : Math.min(limitMs, (changes[nextChange] ?? Number.POSITIVE_INFINITY) - 1);
      const skipped = Math.max(0, Math.floor((quietMs - nextAtMs) / everyMs));
      const tickMs = nextAtMs + skipped * everyMs;
      times?.advance('pods', allocationsAt(tickMs), tickMs / 1000);
      nextAtMs = tickMs + everyMs;
    }
  }

  return {
    until: (atMs: number): void => {
      while (life < node.exporters.length) {
        const { endMs } = node.exporters[life]?.span ?? { endMs: Number.NEGATIVE_INFINITY };
        observeUntil(Math.min(endMs - 1, atMs));
        const following = node.exporters[life + 1];
        if (following === undefined || following.span.startMs > atMs) return;
        begin();
      }
    },
    times: (): readonly AllocatedTime[] => times?.times() ?? [],
  };
}

function allocationsOf({ namespace, name, container, slots }: MonthPod): readonly Allocation[] {
  return slots.map(({ index, uuid, gpuInstanceId, profile }) => ({
    device: { index, uuid, ...(gpuInstanceId === '' ? {} : { gpuInstanceId: Number(gpuInstanceId) }) },
    holder: { kind: 'pod', namespace, pod: name, container },
    ...(profile === '' ? {} : { profile }),
    replicas: 1,
  }));
}

/** What the kubelet has to give, as the device plugin advertises it. */
function allocatable({ name }: MonthNode, gpus: readonly MonthGpu[], atMs: number) {
  const counts = new Map<string, number>();
  const add = (resource: string, count: number): void => void counts.set(resource, (counts.get(resource) ?? 0) + count);
  for (const gpu of gpus) {
    if (!gpu.installed.some((place) => place.node === name && isIn(place.span, atMs))) continue;
    if (spanAt(gpu.lost, atMs) !== undefined) continue;
    if (spanAt(migSpan(gpu), atMs) === undefined) {
      add(gpu.replicas === undefined ? 'nvidia.com/gpu' : 'nvidia.com/gpu.shared', gpu.replicas ?? 1);
      continue;
    }
    for (const { profile, span } of gpu.instances) if (isIn(span, atMs)) add(`nvidia.com/mig-${profile}`, 1);
  }
  return [...counts].map(([resource, count]) => ({ resource, count }));
}

function spanAtOf({ exporters }: MonthNode, atMs: number) {
  return exporters.find(({ span }) => isIn(span, atMs));
}

function deviceLabels(index: number, uuid: string) {
  return { gpu_id: String(index), uuid };
}

function migLabels({ key }: Month, { uuid }: MonthGpu, gpuInstanceId: string, profile: string) {
  const number = Number.parseInt(uuid.slice(4, 12), 16);
  const migUuid = `MIG-${simulatedUuid(key.seed, number, Number(gpuInstanceId), profile.length)}`;
  return { gpu_instance_id: gpuInstanceId, compute_instance_id: '0', mig_uuid: migUuid, profile };
}

function isIn({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }, atMs: number): boolean {
  return startMs <= atMs && atMs < endMs;
}
