import { gpu } from '../../metrics/gpu.ts';
import { duration, promql, select, series } from '../../metrics/promql.ts';
import { type Alert, defineAlerts, type Example } from '../alert.ts';
import { exampleGpu, exampleGpuTarget, exampleTarget } from '../examples.ts';
import { whichGpu, whoHoldsGpu } from '../gpu-texts.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu, perNode, recent } from '../vectors.ts';

const used = perGpu(recent(gpu.gpu_memory_used_bytes));
const total = perGpu(recent(gpu.gpu_memory_total_bytes));

const hour = duration('1h');
const left = perGpu(
  promql`predict_linear(${gpu.gpu_memory_free_bytes}[${hour}], ${thresholds.gpuMemoryLeakHorizonSeconds})`,
);
const growth = perGpu(promql`3600 * deriv(${gpu.gpu_memory_used_bytes}[${hour}])`);
/** Lowest and highest use within ten minutes, so that a step counts once and growth at every look. */
const lowest = perGpu(promql`min_over_time(${gpu.gpu_memory_used_bytes}[10m])`);
const lowestBetween = perGpu(promql`min_over_time(${gpu.gpu_memory_used_bytes}[10m] offset 25m)`);
const highestBetween = perGpu(promql`max_over_time(${gpu.gpu_memory_used_bytes}[10m] offset 25m)`);
const highestBefore = perGpu(promql`max_over_time(${gpu.gpu_memory_used_bytes}[10m] offset 50m)`);

const allocated = perGpu(promql`last_over_time(${gpu.gpu_pod_info}[5m]) or last_over_time(${gpu.gpu_job_info}[5m])`);
/** Nodes on which it is known who has which GPU; elsewhere every GPU would look as if nobody had it. */
const attributed = perNode(
  recent(select(gpu.gpu_attribution_source_up, { source: { re: 'pod_resources|pod_list|job_files' } })),
);

const second = { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-second' } as const;
const elsewhere = { ...exampleGpuTarget, node: 'n2', instance: 'n2:9400', uuid: 'GPU-elsewhere' } as const;

/** Used and free memory of one of three GPUs, in bytes, each number with # before it. */
type ShownMemory = (what: 'used' | 'free', values: string, number?: 0 | 1 | 2) => Example['series'][number];

/** The examples of a leak on the series of any exporter. */
export function leakExamples(shown: ShownMemory) {
  return {
    fires: {
      when: 'A board gains 570 MB an hour and has less left than that takes in four hours',
      series: [shown('used', '#40e9+#9.5e6x150'), shown('free', '#3.33e9-#9.5e6x150')],
      at: '150m',
      alerts: [exampleGpu],
    },
    quiet: {
      when: 'A step of an allocator on one board, growth on a second that lasts for five hours, slower growth on a third',
      series: [
        shown('used', '#40e9x120 #70e9x45'),
        shown('free', '#40e9x120 #10e9x45'),
        shown('used', '#20e9+#10e6x165', 1),
        shown('free', '#4.2e9-#10e6x165', 1),
        shown('used', '#40e9+#8.5e6x165', 2),
        shown('free', '#2e9-#8.5e6x165', 2),
      ],
      at: '165m',
    },
    edges: [
      {
        when: 'Growth that ended half an hour ago',
        series: [shown('used', '#40e9+#40e6x120 #44.8e9x30'), shown('free', '#5e9-#40e6x120 #0.2e9x30')],
        at: '150m',
      },
      {
        when: 'Growth that began 48 minutes ago',
        series: [shown('used', '#40e9x102 #40e9+#200e6x48'), shown('free', '#9.8e9x102 #9.8e9-#200e6x48')],
        at: '150m',
      },
      {
        when: 'Growth on a board that has nothing free all the time',
        series: [shown('used', '#40e9+#9.5e6x150'), shown('free', '0x150')],
        at: '150m',
      },
    ],
  } as const satisfies Pick<Alert, 'fires' | 'quiet' | 'edges'>;
}

export default defineAlerts({
  theme: 'gpu-memory',
  alerts: [
    {
      name: 'GpuMemoryNearlyFull',
      expr: promql`${used} / (${total} > 0) > ${thresholds.gpuMemoryNearlyFullRatio}`,
      thresholds: ['gpuMemoryNearlyFullRatio'],
      for: '5m',
      keepFiringFor: '10m',
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
    {
      name: 'GpuMemoryLeak',
      expr: promql`${growth} > ${thresholds.gpuMemoryLeakBytesPerHour}
and on (cluster, node, gpu_id, uuid)
${left} < 0
and on (cluster, node, gpu_id, uuid)
${lowest} > ${highestBetween}
and on (cluster, node, gpu_id, uuid)
${lowestBetween} > ${highestBefore}`,
      thresholds: ['gpuMemoryLeakBytesPerHour', 'gpuMemoryLeakHorizonSeconds'],
      for: '30m',
      severity: 'warning',
      action: 'restart_app',
      domain: 'gpu',
      team: 'workload',
      summary: 'The memory in use on a GPU grows steadily and is about to run out.',
      description: `The memory in use on ${whichGpu} grows by {{ $value | humanize1024 }}B an hour. Save a checkpoint, then look for what the program keeps.`,
      runbook: {
        meaning:
          'A job that keeps tensors, graphs or cached requests ends with an out-of-memory error within hours. A cache that is allowed to grow looks the same until it is full.',
        firstLook: [
          whoHoldsGpu,
          'Since when: the board of the fleet, or `gpu_memory_used_bytes{uuid="<uuid>"}` over a day.',
          'PyTorch: `torch.cuda.memory_summary()` tells cached from allocated; `torch.cuda.memory._dump_snapshot()` tells what holds it.',
        ],
        remedy: [
          'Save a checkpoint and start the job again before it fails.',
          'Usual causes: losses that are summed up with their graph (use `.item()`), lists of tensors, batches of growing length.',
          'A server whose cache may grow so far: nothing, or limit it.',
        ],
      },
      ...leakExamples((what, values, number = 0) => [
        series(
          what === 'used' ? gpu.gpu_memory_used_bytes : gpu.gpu_memory_free_bytes,
          [exampleGpuTarget, second, elsewhere][number] ?? exampleGpuTarget,
        ),
        values.replaceAll('#', ''),
      ]),
    },
    {
      name: 'GpuOrphanedMemory',
      expr: promql`${used} / (${total} > 0) > ${thresholds.gpuOrphanedMemoryRatio}
unless on (cluster, node, gpu_id, uuid)
${allocated}
and on (cluster, node)
${attributed} == 1`,
      thresholds: ['gpuOrphanedMemoryRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'gpu',
      team: 'sre',
      summary: 'Memory of a GPU is in use although no job and no pod has the GPU.',
      description: `{{ $value | humanizePercentage }} of the memory of ${whichGpu} is in use, and no job or pod has it. Find the process that was left behind.`,
      runbook: {
        meaning:
          'A process of a job that has ended still holds memory, or somebody works past the scheduler. The next job on the GPU finds less memory than it counts on and fails.',
        firstLook: [
          whoHoldsGpu,
          'Processes that nvidia-smi does not show: `fuser -v /dev/nvidia<gpu_id>`; a zombie that waits for its parent holds on too.',
        ],
        remedy: [
          'End the process: `kill <pid>`, after a minute `kill -9 <pid>`.',
          'No process holds it: reset the GPU with `nvidia-smi --gpu-reset -i <gpu_id>` while nothing runs on it.',
          'It happens again: let the epilog of the batch system end all processes of a job.',
          'A daemon that is meant to be there, such as MPS: raise gpuOrphanedMemoryRatio.',
        ],
      },
      fires: {
        when: 'A job has ended 20 minutes ago and 1.8 of 80 GB are still in use; nodes are watched for jobs',
        series: [
          [series(gpu.gpu_memory_used_bytes, exampleGpuTarget), '1.8e9x40'],
          [series(gpu.gpu_memory_total_bytes, exampleGpuTarget), '80e9x40'],
          [series(gpu.gpu_job_info, { ...exampleGpuTarget, gpu_instance_id: '', job_id: '4711', user_id: '' }), '1x8'],
          [series(gpu.gpu_attribution_source_up, { ...exampleTarget, source: 'job_files' }), '1x40'],
        ],
        at: '35m',
        alerts: [exampleGpu],
      },
      quiet: {
        when: 'A pod has the GPU; on a second one the driver alone uses some memory; a third is on a node without a scheduler, whose namesake in another cluster has one',
        series: [
          [series(gpu.gpu_attribution_source_up, { ...exampleTarget, source: 'pod_resources' }), '1x40'],
          [series(gpu.gpu_memory_used_bytes, exampleGpuTarget), '20e9x40'],
          [series(gpu.gpu_memory_total_bytes, exampleGpuTarget), '80e9x40'],
          [
            series(gpu.gpu_pod_info, {
              ...exampleGpuTarget,
              gpu_instance_id: '',
              namespace: 'a',
              pod: 'b',
              container: 'c',
            }),
            '1x40',
          ],
          [series(gpu.gpu_memory_used_bytes, second), '1.6e9x40'],
          [series(gpu.gpu_memory_total_bytes, second), '80e9x40'],
          [series(gpu.gpu_memory_used_bytes, elsewhere), '20e9x40'],
          [series(gpu.gpu_memory_total_bytes, elsewhere), '80e9x40'],
          [
            series(gpu.gpu_attribution_source_up, { ...exampleTarget, cluster: 'c2', node: 'n2', source: 'job_files' }),
            '1x40',
          ],
        ],
        at: '35m',
      },
    },
  ],
});
