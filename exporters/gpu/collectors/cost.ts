import type { GpuCollector } from './gpu-collector.ts';

/** What reading the GPUs costs, so that nobody has to guess which call is slow on their driver. */
export const cost: GpuCollector = {
  name: 'cost',
  collect: ({ costs }, { emit }) => {
    for (const [family, { calls, seconds }] of Object.entries(costs)) {
      emit('gpu_read_seconds_total', { family }, seconds);
      emit('gpu_read_calls_total', { family }, calls);
    }
  },
};
