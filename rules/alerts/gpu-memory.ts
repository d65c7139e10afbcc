import { gpu } from '../../metrics/gpu.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu, exampleGpuTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, recent } from '../vectors.ts';

const used = perGpu(recent(gpu.gpu_memory_used_bytes));
const total = perGpu(recent(gpu.gpu_memory_total_bytes));

export default defineAlerts({
  theme: 'gpu-memory',
  alerts: [
    {
      name: 'GpuMemoryNearlyFull',
      expr: promql`${used} / (${total} > 0) > ${thresholds.gpuMemoryNearlyFullRatio}`,
      thresholds: ['gpuMemoryNearlyFullRatio'],
      for: '5m',
      severity: 'info',
      action: 'none',
      domain: 'gpu',
      team: 'workload',
      summary: 'The memory of a GPU is nearly full, which is normal in training and serving.',
      description:
        'GPU {{ $labels.gpu_id }} ({{ $labels.uuid }}) on {{ $labels.node }} in {{ $labels.cluster }} uses {{ $value | humanizePercentage }} of its memory. If a job there runs out of memory, list the processes on the GPU first.',
      runbook: {
        meaning:
          'Frameworks and LLM servers take most of the memory on purpose, so this is a note for people who look into an out-of-memory error, not a fault. It matters when memory creeps up, or when two jobs share the GPU by mistake.',
        firstLook: [
          'Who holds it: `nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv -i <gpu_id>`.',
          'Does it grow: `deriv(gpu_memory_used_bytes{uuid="<uuid>"}[1h])`.',
        ],
        remedy: [
          'Left over from a job that has ended: find the process with `fuser -v /dev/nvidia*` and end it.',
          'It grows: look for tensors kept in a list; in PyTorch `torch.cuda.memory_summary()` tells cached from allocated.',
          'An LLM server: lower its share of memory (`--gpu-memory-utilization`) or its longest context.',
          'Otherwise nothing; route severity info to a place that does not wake people.',
        ],
      },
      fires: {
        when: '74 of 80 GB are in use for six minutes',
        series: [
          [series(gpu.gpu_memory_used_bytes, exampleGpuTarget), '10e9 74e9x10'],
          [series(gpu.gpu_memory_total_bytes, exampleGpuTarget), '80e9x11'],
        ],
        at: '7m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'Exactly nine tenths are in use',
        series: [
          [series(gpu.gpu_memory_used_bytes, exampleGpuTarget), '72e9x12'],
          [series(gpu.gpu_memory_total_bytes, exampleGpuTarget), '80e9x12'],
        ],
        at: '11m',
      },
    },
  ],
});
