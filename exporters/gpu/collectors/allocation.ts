import type { Holder } from '../attribution/attribution.ts';
import { type GpuCollector, instanceLabels } from './gpu-collector.ts';

/** For how long who had which GPU, and what the kubelet has to give. */
export const allocation: GpuCollector = {
  name: 'allocation',
  collect: ({ attribution }, { emit }) => {
    for (const { device, holder, profile = '', seconds, shareSeconds } of attribution?.allocatedTimes ?? []) {
      const labels = { ...instanceLabels(device, device.gpuInstanceId), profile, ...holderLabels(holder) };
      emit('gpu_allocated_seconds_total', labels, seconds);
      emit('gpu_allocated_share_seconds_total', labels, shareSeconds);
    }
    for (const { resource, allocatable, allocated } of attribution?.resources ?? []) {
      emit('gpu_allocatable_devices', { resource }, allocatable);
      emit('gpu_allocated_devices', { resource }, allocated);
    }
  },
};

function holderLabels(holder: Holder) {
  if (holder.kind === 'job') return { namespace: '', pod: '', container: '', job_id: holder.jobId };
  const { namespace, pod, container } = holder;
  return { namespace, pod, container, job_id: '' };
}
