import { type GpuCollector, instanceLabels } from './gpu-collector.ts';

/** Which jobs of a batch system have GPUs, for joins. */
export const jobs: GpuCollector = {
  name: 'jobs',
  collect: ({ attribution }, { emit }) => {
    for (const { device, holder } of attribution?.allocations ?? []) {
      if (holder.kind !== 'job') continue;
      const { jobId, userId = '' } = holder;
      emit('gpu_job_info', { ...instanceLabels(device, device.gpuInstanceId), job_id: jobId, user_id: userId }, 1);
    }
  },
};
