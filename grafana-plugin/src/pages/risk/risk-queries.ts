import { cmdb } from '../../../../metrics/cmdb.ts';
import { prometheus } from '../../../../metrics/external.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { prediction } from '../../../../metrics/prediction.ts';
import { type Expr, promql, select } from '../../../../metrics/promql.ts';

const onClusters = { cluster: { re: '$cluster' } } as const;
const ofGpus = { ...onClusters, uuid: { not: '' } } as const;
const aboutGpus = { kind: { re: 'gpu|all' } } as const;

/**
 * What the panel of failure risk reads. Each keeps `__name__`, by which the panel knows the series. Nodes are chosen in the panel, so that ranks are
 * those of the fleet.
 */
const now: Readonly<Record<string, Expr>> = {
  probability: promql`max by (__name__, cluster, node, uuid, horizon) (${select(prediction.prediction_failure_probability, ofGpus)})`,
  alertRank: promql`max by (__name__, cluster, node, uuid) (${select(prediction.prediction_failure_alert_rank, ofGpus)})`,
  rules: promql`max by (__name__, cluster, node, uuid, rule, severity) (${select(prediction.prediction_rule_hit, ofGpus)})`,
  layers: promql`count by (__name__, horizon, layer) (${select(prediction.prediction_failure_layer_info, ofGpus)})`,
  base: promql`max by (__name__, kind, horizon) (${select(prediction.prediction_failure_base_probability, { kind: 'gpu' })})`,
  incidents: promql`max by (__name__, kind) (${select(prediction.prediction_incidents, { kind: 'gpu' })})`,
  lastRun: promql`max by (__name__) (${prediction.prediction_last_run_timestamp_seconds})`,
  modelsMade: promql`max by (__name__) (${prediction.prediction_model_trained_timestamp_seconds})`,
  statements: promql`max by (__name__, source, kind, horizon) (${select(prediction.prediction_evaluation_rows, aboutGpus)})`,
  failedRatio: promql`max by (__name__, source, kind, horizon) (${select(prediction.prediction_evaluation_failed_ratio, aboutGpus)})`,
  precision: promql`max by (__name__, source, kind, horizon) (${select(prediction.prediction_evaluation_precision_ratio, aboutGpus)})`,
  recall: promql`max by (__name__, source, kind, horizon) (${select(prediction.prediction_evaluation_incident_recall_ratio, aboutGpus)})`,
  lead: promql`max by (__name__, source, kind, horizon) (${select(prediction.prediction_evaluation_lead_seconds, aboutGpus)})`,
  gpus: promql`max by (__name__, cluster, node, uuid, gpu_id, model) (${select(gpu.gpu_info, onClusters)})`,
  racks: promql`max by (__name__, cluster, node, rack) (${select(prometheus.up, { ...onClusters, node: { not: '' }, rack: { not: '' } })})`,
  inventory: promql`max by (__name__, cluster, node, rack) (${select(cmdb.cmdb_ci_info, { ...onClusters, class: 'server', rack: { not: '' } })})`,
  pods: promql`max by (__name__, cluster, node, uuid, namespace, pod) (${select(gpu.gpu_pod_info, onClusters)})`,
  jobs: promql`max by (__name__, cluster, node, uuid, job_id) (${select(gpu.gpu_job_info, onClusters)})`,
};

const chosen = { ...onClusters, uuid: '$gpu' } as const;

/** Of the chosen GPU alone, over time. */
const overTime: Readonly<Record<string, Expr>> = {
  history: promql`max by (__name__, cluster, node, uuid, horizon) (${select(prediction.prediction_failure_probability, chosen)})`,
};

export interface PanelQuery {
  readonly refId: string;
  readonly expr: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format: 'table' | 'time_series';
}

export const riskQueries: readonly PanelQuery[] = [
  ...Object.entries(now).map(
    ([refId, { promql: expr }]) => ({ refId, expr, instant: true, range: false, format: 'table' }) as const,
  ),
  ...Object.entries(overTime).map(
    ([refId, { promql: expr }]) => ({ refId, expr, instant: false, range: true, format: 'time_series' }) as const,
  ),
];
