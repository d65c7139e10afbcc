import type { cmdb } from '../../../../metrics/cmdb.ts';
import type { prometheus } from '../../../../metrics/external.ts';
import type { gpu } from '../../../../metrics/gpu.ts';
import type { prediction } from '../../../../metrics/prediction.ts';

type Known = keyof typeof prediction | keyof typeof gpu | keyof typeof cmdb | keyof typeof prometheus;

/** Series that the panel reads. Only the first is needed; each of the others adds something. */
export const SERIES = [
  'prediction_failure_probability',
  'prediction_failure_layer_info',
  'prediction_failure_alert_rank',
  'prediction_rule_hit',
  'prediction_failure_base_probability',
  'prediction_failure_median_probability',
  'prediction_incidents',
  'prediction_last_run_timestamp_seconds',
  'prediction_model_trained_timestamp_seconds',
  'prediction_evaluation_rows',
  'prediction_evaluation_failed_ratio',
  'prediction_evaluation_precision_ratio',
  'prediction_evaluation_incident_recall_ratio',
  'prediction_evaluation_lead_seconds',
  'gpu_info',
  'gpu_pod_info',
  'gpu_job_info',
  'cmdb_ci_info',
  'up',
] as const satisfies readonly Known[];

export type SeriesName = (typeof SERIES)[number];

export const NEEDED: SeriesName = 'prediction_failure_probability';

export function seriesNameOf(text: string | undefined): SeriesName | undefined {
  return SERIES.find((each) => each === text);
}
