import type { Emit } from '../../../kit/exposition/samples.ts';
import type { gpu } from '../../../metrics/gpu.ts';
import type { Activity, Memory, MigInstance } from '../reading.ts';
import { familyCollector } from './gpu-collector.ts';

export const mig = familyCollector('mig', ({ enabled, pendingEnabled, instances }, device, emit) => {
  emit('gpu_mig_enabled', device, enabled ? 1 : 0);
  emit('gpu_mig_pending_enabled', device, pendingEnabled === undefined ? undefined : Number(pendingEnabled));
  for (const instance of instances) {
    const labels = { ...device, gpu_instance_id: String(instance.gpuInstanceId) };
    const { computeInstanceId, uuid, profile = '' } = instance;
    emit('gpu_mig_info', { ...labels, compute_instance_id: String(computeInstanceId), mig_uuid: uuid, profile }, 1);
  }
  for (const [id, { memory, activity }] of byGpuInstance(instances)) {
    const labels = { ...device, gpu_instance_id: String(id) };
    if (memory !== undefined) emitMemory(memory, labels, emit);
    if (activity !== undefined) emitActivity(activity, labels, emit);
  }
});

interface OfGpuInstance {
  readonly memory: Memory | undefined;
  readonly activity: Activity | undefined;
}

/** Compute instances of one GPU instance share its memory and activity; what one of them does not tell the next may. */
function byGpuInstance(instances: readonly MigInstance[]): ReadonlyMap<number, OfGpuInstance> {
  const found = new Map<number, OfGpuInstance>();
  for (const { gpuInstanceId, memory, activity } of instances) {
    const before = found.get(gpuInstanceId);
    found.set(gpuInstanceId, { memory: before?.memory ?? memory, activity: before?.activity ?? activity });
  }
  return found;
}

type InstanceLabels = Readonly<Record<'gpu_id' | 'uuid' | 'gpu_instance_id', string>>;

function emitMemory(memory: Memory, labels: InstanceLabels, emit: Emit<typeof gpu>): void {
  emit('gpu_mig_memory_total_bytes', labels, memory.totalBytes);
  emit('gpu_mig_memory_used_bytes', labels, memory.usedBytes);
  emit('gpu_mig_memory_free_bytes', labels, memory.freeBytes);
}

function emitActivity(activity: Activity, labels: InstanceLabels, emit: Emit<typeof gpu>): void {
  emit('gpu_mig_graphics_active_ratio', labels, activity.graphicsRatio);
  emit('gpu_mig_sm_active_ratio', labels, activity.smRatio);
  emit('gpu_mig_sm_occupancy_ratio', labels, activity.smOccupancyRatio);
  emit('gpu_mig_tensor_active_ratio', labels, activity.tensorRatio);
  emit('gpu_mig_dram_active_ratio', labels, activity.dramRatio);
  emit('gpu_mig_fp64_active_ratio', labels, activity.fp64Ratio);
  emit('gpu_mig_fp32_active_ratio', labels, activity.fp32Ratio);
  emit('gpu_mig_fp16_active_ratio', labels, activity.fp16Ratio);
}
