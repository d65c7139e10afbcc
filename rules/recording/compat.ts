import { processes, prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { inference } from '../../metrics/inference.ts';
import { targetLabels } from '../../metrics/labels.ts';
import type { Expr } from '../../metrics/promql.ts';
import { bucket, countOf, promql, select, sumOf } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { defineRecordings } from '../recording.ts';
import { proxyJob } from '../serving.ts';

const run = ['run', 'job_id', 'framework', ...targetLabels] as const;
const phase = [...run, 'phase'] as const;
const loading = { phase: 'data_loading' } as const;

/** Of the proxy, and of services that measure themselves: those are the targets that show requests of their own. */
function ofServing(perProcess: Expr): Expr {
  return promql`${perProcess}
and on (cluster, job, instance)
(
  ${select(prometheus.up, { job: proxyJob })}
  or
  ${select(inference.inference_requests_total, { engine_kind: 'service' })}
)`;
}

/**
 * Old names for people whose boards and rules use them; off unless asked for. A name that is still emitted needs no
 * rule here. Every rule keeps all labels of its series, because the old boards name them in legends.
 */
export const compatRecordings = defineRecordings(
  { group: 'compat', optional: true },
  {
    gpu_utilization_percent: {
      help: 'Old name of gpu_utilization_ratio, times 100.',
      unit: 'percent',
      labels: ['gpu_id', 'uuid', ...targetLabels],
      expr: promql`${gpu.gpu_utilization_ratio} * 100`,
    },
    learning_rate: {
      help: 'Old name of training_learning_rate.',
      unit: 'none',
      labels: run,
      expr: promql`${training.training_learning_rate}`,
    },
    batch_processing_seconds_bucket: {
      help: 'Old name of training_step_duration_seconds, its buckets.',
      unit: 'none',
      labels: [...run, 'le'],
      expr: bucket(training.training_step_duration_seconds),
    },
    batch_processing_seconds_sum: {
      help: 'Old name of training_step_duration_seconds, its sum.',
      unit: 'seconds',
      labels: run,
      expr: sumOf(training.training_step_duration_seconds),
    },
    batch_processing_seconds_count: {
      help: 'Old name of training_step_duration_seconds, its count.',
      unit: 'none',
      labels: run,
      expr: countOf(training.training_step_duration_seconds),
    },
    data_loading_seconds_bucket: {
      help: 'Old name of training_phase_duration_seconds for the phase data_loading, its buckets.',
      unit: 'none',
      labels: [...phase, 'le'],
      expr: bucket(training.training_phase_duration_seconds, loading),
    },
    data_loading_seconds_sum: {
      help: 'Old name of training_phase_duration_seconds for the phase data_loading, its sum.',
      unit: 'seconds',
      labels: phase,
      expr: sumOf(training.training_phase_duration_seconds, loading),
    },
    data_loading_seconds_count: {
      help: 'Old name of training_phase_duration_seconds for the phase data_loading, its count.',
      unit: 'none',
      labels: phase,
      expr: countOf(training.training_phase_duration_seconds, loading),
    },
    inference_cpu_usage_percent: {
      help: 'CPU time of the process that serves, in percent of one core.',
      unit: 'percent',
      labels: targetLabels,
      expr: ofServing(promql`100 * rate(${processes.process_cpu_seconds_total}[5m])`),
    },
    inference_memory_usage_bytes: {
      help: 'Memory of the process that serves.',
      unit: 'bytes',
      labels: targetLabels,
      expr: ofServing(promql`${processes.process_resident_memory_bytes}`),
    },
    model_cache_misses_total: {
      help: 'The same name for engines that count what was looked up instead of misses.',
      unit: 'none',
      labels: ['engine_kind', 'model_name', ...targetLabels],
      expr: promql`clamp_min(${inference.model_cache_queries_total} - ${inference.model_cache_hits_total}, 0)`,
    },
  },
);
