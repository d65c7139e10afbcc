import type { Owner } from '../attribution/attribution.ts';
import { type GpuCollector, instanceLabels } from './gpu-collector.ts';

/** Memory and computing time of GPUs divided among those who caused them, and how well that works. */
export const attributed: GpuCollector = {
  name: 'attributed',
  collect: ({ attribution }, { emit }) => {
    if (attribution === undefined) return;
    for (const { device, seconds } of attribution.deviceSmSeconds) {
      emit('gpu_sm_seconds_total', instanceLabels(device, device.gpuInstanceId), seconds);
    }
    for (const { device, owner, memoryBytes, smSeconds } of attribution.shares) {
      const labels = { ...instanceLabels(device, device.gpuInstanceId), ...ownerLabels(owner) };
      emit('gpu_attributed_sm_seconds_total', labels, smSeconds);
      emit('gpu_attributed_memory_bytes', labels, memoryBytes);
    }
    for (const { device, owner, count } of attribution.processCounts) {
      emit('gpu_processes', { ...instanceLabels(device, device.gpuInstanceId), owner }, count);
    }
    for (const [source, isUp] of Object.entries(attribution.sources)) {
      emit('gpu_attribution_source_up', { source }, isUp ? 1 : 0);
    }
    for (const [reason, count] of Object.entries(attribution.dropped)) {
      emit('gpu_attribution_dropped_total', { reason }, count);
    }
  },
};

const nobody = { namespace: '', pod: '', container: '', job_id: '', process: '' };

function ownerLabels(owner: Owner) {
  switch (owner.kind) {
    case 'pod': {
      const { namespace, pod, container } = owner;
      return { ...nobody, owner: 'pod', namespace, pod, container };
    }
    case 'job':
      return { ...nobody, owner: 'job', job_id: owner.jobId };
    case 'process':
      return { ...nobody, owner: 'process', process: owner.name };
    case 'unattributed':
      return { ...nobody, owner: 'unattributed' };
  }
}
