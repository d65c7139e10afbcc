import type { Span } from '../../../exporters/billing/span.ts';
import { simulatedUuid } from '../../../exporters/gpu/sources/simulated/simulated-uuid.ts';
import { gpuEnergy } from './energy.ts';
import type { Month, MonthGpu, MonthNode } from './month.ts';
import { migSpan } from './month-slots.ts';
import type { Emit, MakeHead, SeriesHead } from './series.ts';
import { spanAt } from './spans.ts';

const driver = '580.65.06';

/** Emits what the exporter shows of the GPUs of its node. Times ascend. */
export function exporterDevices(month: Month, node: MonthNode, head: MakeHead): (atMs: number, emit: Emit) => void {
  const gpus = month.gpus.filter(({ installed }) => installed.some((place) => place.node === node.name));
  const emitters = gpus.map((gpu) => deviceEmitter(month, node, gpu, head));
  const ofResource = headsByKey(head);
  return (atMs, emit) => {
    for (const each of emitters) each(atMs, emit);
    for (const [resource, count] of allocatable(node, gpus, atMs)) {
      emit(ofResource(resource, 'gpu_allocatable_devices', { resource }), count);
    }
  };
}

type Labels = Readonly<Record<string, string>>;

/** Makes a head once for each key. */
function headsByKey(head: MakeHead): (key: string, name: string, labels: Labels) => SeriesHead {
  const made = new Map<string, SeriesHead>();
  return (key, name, labels) => {
    const found = made.get(key) ?? head(name, labels);
    made.set(key, found);
    return found;
  };
}

function deviceEmitter(
  month: Month,
  node: MonthNode,
  gpu: MonthGpu,
  head: MakeHead,
): (atMs: number, emit: Emit) => void {
  const energy = gpuEnergy(month, gpu);
  const headOf = headsByKey(head);
  return (atMs, emit) => {
    const millijoules = energy.counterAt(atMs);
    const index = indexAt(node, gpu, atMs);
    if (index === undefined) return;
    const isLost = spanAt(gpu.lost, atMs) !== undefined;
    const device = { gpu_id: String(index), uuid: gpu.uuid };
    const facts = { ...device, model: gpu.model, serial: gpu.serial, driver };
    emit(headOf(`info ${index}`, 'gpu_info', facts), 1);
    emit(headOf(`up ${index}`, 'gpu_up', device), isLost ? 0 : 1);
    if (isLost) return;
    if (millijoules !== undefined)
      emit(headOf(`energy ${index}`, 'gpu_energy_joules_total', device), millijoules / 1000);
    for (const { gpuInstanceId, profile } of gpu.instances.filter(({ span }) => isIn(span, atMs))) {
      const labels = { ...device, ...migLabels(month, gpu, gpuInstanceId, profile) };
      emit(headOf(`mig ${index} ${gpuInstanceId} ${profile}`, 'gpu_mig_info', labels), 1);
    }
  };
}

function isIn(span: Span, atMs: number): boolean {
  return spanAt([span], atMs) !== undefined;
}

/** Its number on the node; undefined while it is not there. */
function indexAt({ name }: MonthNode, { installed }: MonthGpu, atMs: number): number | undefined {
  return installed.find(({ node, span }) => node === name && isIn(span, atMs))?.index;
}

/** What the kubelet has to give, as the device plugin advertises it. */
function allocatable(node: MonthNode, gpus: readonly MonthGpu[], atMs: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const gpu of gpus) {
    if (indexAt(node, gpu, atMs) === undefined || spanAt(gpu.lost, atMs) !== undefined) continue;
    for (const resource of resourcesOf(gpu, atMs)) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }
  return counts;
}

/** One for each part that a pod can have. */
function resourcesOf(gpu: MonthGpu, atMs: number): readonly string[] {
  if (spanAt(migSpan(gpu), atMs) !== undefined) {
    const there = gpu.instances.filter(({ span }) => isIn(span, atMs));
    return there.map(({ profile }) => `nvidia.com/mig-${profile}`);
  }
  return Array.from({ length: gpu.replicas ?? 1 }, () =>
    gpu.replicas === undefined ? 'nvidia.com/gpu' : 'nvidia.com/gpu.shared',
  );
}

function migLabels({ key }: Month, { uuid }: MonthGpu, gpuInstanceId: string, profile: string): Labels {
  const number = Number.parseInt(uuid.slice(4, 12), 16);
  const migUuid = `MIG-${simulatedUuid(key.seed, number, Number(gpuInstanceId), profile.length)}`;
  return { gpu_instance_id: gpuInstanceId, compute_instance_id: '0', mig_uuid: migUuid, profile };
}
