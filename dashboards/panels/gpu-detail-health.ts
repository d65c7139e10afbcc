import { gpu } from '../../metrics/gpu.ts';
import { prediction } from '../../metrics/prediction.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { noneIsGood, onGpu } from './scope.ts';

const noReading = 'No reading';
const noService = 'No prediction service';
const lastXid = promql`max by (xid) (${select(gpu.gpu_xid_last_timestamp_seconds, onGpu)})`;
const reported = promql`max by (xid) (increase(${select(gpu.gpu_xid_errors_total, onGpu)}[$__range])) and on (xid) ${lastXid}`;
const action = select(gpu.gpu_recovery_action, { ...onGpu, action: { not: 'none' } });

function within(horizon: string): Expr {
  return promql`max(${select(prediction.prediction_failure_probability, { ...onGpu, horizon })})`;
}

/** Whether one GPU is sound, and whether it will stay so. */
export const gpuDetailHealthPanels = definePanels('gpu-detail-health', {
  xids: {
    visual: 'table',
    metric: gpu.gpu_xid_last_timestamp_seconds,
    title: 'Which XID errors did it report?',
    description:
      'Codes that the driver has reported for this GPU since the exporter started, what they mean, and what they call for.',
    keys: [
      ['xid', 'XID'],
      ['class', 'Class'],
      ['action', 'Action'],
    ],
    columns: [
      {
        heading: 'Last seen, ago',
        unit: 'seconds',
        expr: promql`(time() - ${lastXid}) * on (xid) group_left (class, action) max by (xid, class, action) (${gpu.gpu_xid_info})`,
      },
      { heading: 'In the time shown', unit: 'count', expr: reported },
    ],
    sortBy: ['Last seen, ago', 'smallest'],
    noValue: 'None',
  },
  recovery: {
    visual: 'table',
    metric: gpu.gpu_recovery_action,
    title: 'What does the driver ask for?',
    keys: [
      ['action', 'Action'],
      ['node', 'Node'],
    ],
    columns: [{ heading: 'GPUs', unit: 'count', expr: promql`max by (action, node) (${action}) == 1` }],
    noValue: 'Nothing',
  },
  ecc: {
    visual: 'timeseries',
    metric: gpu.gpu_ecc_errors_total,
    title: 'When did its memory have errors?',
    unit: 'count',
    queries: [
      {
        expr: promql`max by (severity) (increase(${select(gpu.gpu_ecc_errors_total, { ...onGpu, lifetime: 'volatile' })}[$__rate_interval]))`,
        legend: '{{severity}}',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'No ECC',
  },
  banks: {
    visual: 'bars',
    metric: gpu.gpu_row_remap_banks,
    title: 'How many spare rows are left?',
    description: gpu.gpu_row_remap_banks.help,
    unit: 'count',
    queries: [
      { expr: promql`max by (availability) (${select(gpu.gpu_row_remap_banks, onGpu)})`, legend: '{{availability}}' },
    ],
    noValue: noReading,
  },
  remapPending: {
    visual: 'stat',
    metric: gpu.gpu_row_remap_pending,
    title: 'Remap pending',
    unit: 'count',
    queries: [{ expr: promql`max(${select(gpu.gpu_row_remap_pending, onGpu)})`, legend: 'waits' }],
    levels: { base: 'ok', steps: [[1, 'warning']] },
    noValue: noReading,
  },
  remapFailure: {
    visual: 'stat',
    metric: gpu.gpu_row_remap_failure,
    title: 'Remap failed',
    unit: 'count',
    queries: [{ expr: promql`max(${select(gpu.gpu_row_remap_failure, onGpu)})`, legend: 'failed' }],
    levels: noneIsGood,
    noValue: noReading,
  },
  remapped: {
    visual: 'stat',
    metric: gpu.gpu_remapped_rows_total,
    title: 'Rows remapped',
    description:
      'How many rows were remapped? Memory rows that were remapped within the last thirty days, by kind of error.',
    unit: 'count',
    queries: [
      {
        expr: promql`max by (kind) (round(increase(${select(gpu.gpu_remapped_rows_total, onGpu)}[30d])))`,
        legend: '{{kind}}',
      },
    ],
    noValue: noReading,
  },
  eccMode: {
    visual: 'stat',
    metric: gpu.gpu_ecc_enabled,
    title: 'ECC on',
    unit: 'count',
    queries: [{ expr: promql`max(${select(gpu.gpu_ecc_enabled, onGpu)})`, legend: 'on' }],
    levels: { base: 'warning', steps: [[1, 'ok']] },
    noValue: 'No ECC',
  },
  probability: {
    visual: 'stat',
    metric: prediction.prediction_failure_probability,
    title: 'Probability of failure',
    unit: 'ratio',
    queries: [
      { expr: within('24h'), legend: 'within a day' },
      { expr: within('7d'), legend: 'within a week' },
      { expr: within('30d'), legend: 'within a month' },
    ],
    decimals: 2,
    noValue: noService,
  },
  probabilities: {
    visual: 'timeseries',
    metric: prediction.prediction_failure_probability,
    title: 'How does its risk change, against others?',
    description: 'Probability to fail within a week, beside the median of all GPUs and the rate of the average GPU.',
    unit: 'ratio',
    queries: [
      { expr: within('7d'), legend: 'this GPU' },
      {
        expr: promql`max(${select(prediction.prediction_failure_median_probability, { kind: 'gpu', horizon: '7d' })})`,
        legend: 'median',
      },
      {
        expr: promql`max(${select(prediction.prediction_failure_base_probability, { kind: 'gpu', horizon: '7d' })})`,
        legend: 'average GPU',
      },
    ],
    noValue: noService,
  },
  rules: {
    visual: 'table',
    metric: prediction.prediction_rule_hit,
    title: 'Which rules of failure prediction are met?',
    keys: [
      ['severity', 'Severity'],
      ['rule', 'Rule'],
      ['uuid', 'UUID'],
    ],
    columns: [
      {
        heading: 'Met',
        unit: 'count',
        expr: promql`max by (severity, rule, uuid) (${select(prediction.prediction_rule_hit, onGpu)})`,
      },
    ],
    leadsTo: {
      uid: 'fleetlens-failure-risk',
      title: 'Failure risk',
      variables: [{ name: 'node', label: 'node' }],
    },
    noValue: 'None',
  },
  anomalies: {
    visual: 'timeseries',
    metric: prediction.prediction_anomaly_score,
    title: 'What is unusual about it?',
    description:
      'Scores of anomalies, the 16 highest; above 1 is unusual. They begin after hours, when there is a past to compare with.',
    unit: 'none',
    queries: [
      {
        expr: promql`topk(16, max by (signal, detector) (${select(prediction.prediction_anomaly_score, onGpu)}))`,
        legend: '{{signal}} · {{detector}}',
      },
    ],
    noValue: 'Not enough of the past yet',
  },
});
