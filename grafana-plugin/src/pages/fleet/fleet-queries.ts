import { perGpu } from '../../../../dashboards/panels/scope.ts';
import { billing } from '../../../../metrics/billing.ts';
import { cmdb } from '../../../../metrics/cmdb.ts';
import { prometheus } from '../../../../metrics/external.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { prediction } from '../../../../metrics/prediction.ts';
import { type Expr, promql, select } from '../../../../metrics/promql.ts';
import { gpuRecordings } from '../../../../rules/recording/gpu.ts';

const { series } = gpuRecordings;
const onNodes = { cluster: { re: '$cluster' }, node: { re: '$node' } } as const;

const known = select(series['node:gpu:count'], onNodes);
const up = select(series['node:gpu_up:sum'], onNodes);
const busy = select(series['node:gpu_utilization_ratio:avg'], onNodes);
const hottestOfNode = select(series['node:gpu_temperature_celsius:max'], onNodes);
const power = select(series['node:gpu_power_watts:sum'], onNodes);
const firing = select(prometheus.ALERTS, { alertstate: 'firing', severity: { not: 'none' } });
const pods = promql`max by (cluster, node, uuid, namespace, pod) (${select(gpu.gpu_pod_info, { ...onNodes, pod: { not: '' } })})`;
const weekly = promql`max by (node, uuid) (${select(prediction.prediction_failure_probability, { ...onNodes, horizon: '7d', uuid: { not: '' } })})`;
const allocatable = select(gpu.gpu_allocatable_devices, onNodes);
const allocated = select(gpu.gpu_allocated_devices, onNodes);

/** Of the whole fleet, out of what is recorded for each node. */
export const figureQueries = {
  known: promql`sum(${known})`,
  up: promql`sum(${up})`,
  busy: promql`sum(${busy} * on (cluster, node) ${known}) / sum(${known})`,
  power: promql`sum(${power})`,
  allocatable: promql`sum(max by (cluster, node, resource) (${allocatable}))`,
  allocated: promql`sum(max by (cluster, node, resource) (${allocated}))`,
  alerts: promql`count by (severity) (${firing})`,
  risk: promql`topk(1, ${weekly})`,
  base: promql`max(${select(prediction.prediction_failure_base_probability, { kind: 'gpu', horizon: '7d' })})`,
  cost: promql`sum by (currency) (max by (cluster, tenant, resource, currency) (increase(${billing.billing_cost_total}[1d])))`,
};

const temperature = perGpu(select(gpu.gpu_temperature_celsius, onNodes));
const hottest = promql`topk(10, ${temperature})`;

/** The hottest GPUs with what belongs to them: place, holder, risk. */
export const hottestQueries = {
  hottest,
  limit: promql`${perGpu(select(gpu.gpu_slowdown_temperature_celsius, onNodes))} and on (cluster, node, uuid) ${hottest}`,
  pods: promql`${pods} and on (cluster, node, uuid) ${hottest}`,
  tenants: promql`max by (name, tenant) (${select(cmdb.cmdb_ci_info, { class: 'application', tenant: { not: '' } })} and on (node) ${hottest})`,
  racks: promql`max by (node, rack) (${rackOfNodes()} and on (node) ${hottest})`,
  risk: promql`${weekly} and on (uuid) ${hottest}`,
};

/** One row for each node, however many GPUs there are. */
export const mapQueries = {
  known: promql`max by (cluster, node) (${known})`,
  up: promql`max by (cluster, node) (${up})`,
  temperature: promql`max by (cluster, node) (${hottestOfNode})`,
  busy: promql`max by (cluster, node) (${busy})`,
  power: promql`max by (cluster, node) (${power})`,
  alerts: promql`count by (node, severity) (${select(prometheus.ALERTS, { node: { not: '' }, alertstate: 'firing', severity: { re: 'critical|warning' } })})`,
  racks: promql`max by (node, rack) (${rackOfNodes()})`,
};

/** By relabelling where that is done, and by the inventory. */
function rackOfNodes(): Expr {
  const labelled = select(gpu.gpu_devices, { ...onNodes, rack: { not: '' } });
  return promql`(${labelled} or ${select(cmdb.cmdb_ci_info, { class: 'server', rack: { not: '' }, node: { not: '' } })})`;
}
