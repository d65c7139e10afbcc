import { type GpuCollector, instanceLabels } from './gpu-collector.ts';

/** Which containers have GPUs, and the allowed labels of their pods, for joins. */
export const pods: GpuCollector = {
  name: 'pods',
  collect: ({ attribution }, { emit }) => {
    const shown = new Set<string>();
    for (const { device, holder } of attribution?.allocations ?? []) {
      if (holder.kind !== 'pod') continue;
      const { namespace, pod, container } = holder;
      const labels = { ...instanceLabels(device, device.gpuInstanceId), namespace, pod, container };
      const key = JSON.stringify(labels);
      if (!shown.has(key)) emit('gpu_pod_info', labels, 1);
      shown.add(key);
    }
    for (const labels of attribution?.podLabels ?? []) emit('gpu_pod_label_info', labels, 1);
  },
};
