import { cmdb } from './cmdb.ts';
import type { Kind, Metric } from './define.ts';
import { processes, prometheus } from './external.ts';
import { gpu } from './gpu.ts';
import { inference } from './inference.ts';

/** What billing reads of our exporters and of Prometheus itself. Recorded once a minute it is enough to bill from, for stores that keep years. */
export const longTermSeries: readonly Metric<string, Exclude<Kind, 'histogram'>>[] = [
  prometheus.up,
  processes.process_start_time_seconds,
  gpu.gpu_up,
  gpu.gpu_info,
  gpu.gpu_allocated_seconds_total,
  gpu.gpu_allocated_share_seconds_total,
  gpu.gpu_mig_info,
  gpu.gpu_pod_info,
  gpu.gpu_job_info,
  gpu.gpu_pod_label_info,
  gpu.gpu_energy_joules_total,
  inference.inference_tokens_input_total,
  inference.inference_tokens_generated_total,
  inference.inference_requests_total,
  cmdb.cmdb_ci_info,
];

/** Recorded under the labels of the target, with the last value that was scraped. */
export function longTermName(name: string): string {
  return `target:${name}:last1m`;
}
