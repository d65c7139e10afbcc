import { billing } from '../metrics/billing.ts';
import { cmdb } from '../metrics/cmdb.ts';
import { nodeExporter, prometheus } from '../metrics/external.ts';
import { fleetlens } from '../metrics/fleetlens.ts';
import { gpu } from '../metrics/gpu.ts';
import { inference } from '../metrics/inference.ts';
import { prediction } from '../metrics/prediction.ts';
import { select } from '../metrics/promql.ts';
import { training } from '../metrics/training.ts';
import type { Variable } from './board.ts';
import { onClusters, onGpus, onModels, onNodes } from './panels/scope.ts';
import { recordedBySlos } from './panels/slo-series.ts';

/** Down to one GPU; the state of the driver is there even on nodes whose GPUs are all gone. */
export const clusterNodeGpu: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with a GPU exporter.',
    values: { of: select(gpu.gpu_driver_state, {}), label: 'cluster' },
  },
  {
    name: 'node',
    label: 'Node',
    description: 'Nodes of the chosen clusters.',
    values: { of: select(gpu.gpu_driver_state, onClusters), label: 'node' },
  },
  {
    name: 'gpu',
    label: 'GPU',
    description: 'Index of the GPU on its node, as nvidia-smi counts.',
    values: { of: select(gpu.gpu_up, onNodes), label: 'gpu_id' },
  },
];

/** The same, and one node for what shows each GPU. */
export const clusterNodeGpuInDetail: readonly Variable[] = [
  ...clusterNodeGpu,
  {
    name: 'shown_node',
    label: 'Node in detail',
    description: 'The node whose GPUs are shown one by one: one of those chosen before.',
    values: { of: select(gpu.gpu_driver_state, onNodes), label: 'node' },
    single: true,
  },
];

/** To exactly one GPU: by its place, or by its UUID alone where a link knows no more. */
export const oneGpu: readonly Variable[] = [
  ...clusterNodeGpu,
  {
    name: 'uuid',
    label: 'UUID',
    description: 'The GPU that the board is about: one of those chosen before.',
    values: { of: select(gpu.gpu_up, onGpus), label: 'uuid' },
    single: true,
  },
];

/** Down to one run; runs that have ended are still found in the time range that is shown. */
export const clusterRun: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with a training exporter that sees runs.',
    values: { of: select(training.training_run_info, {}), label: 'cluster' },
  },
  {
    name: 'run',
    label: 'Run',
    description: 'Training runs of the chosen clusters.',
    values: { of: select(training.training_run_info, onClusters), label: 'run' },
  },
];

const served = inference.inference_active_connections;

/** Down to one tenant; every kind of server tells how many requests it works on. */
export const clusterModelTenant: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters that serve models.',
    values: { of: select(served, {}), label: 'cluster' },
  },
  {
    name: 'engine_kind',
    label: 'Seen at',
    description:
      'What serves the models, or saw the requests: proxy is the metering proxy, service a service that measures itself. A request that goes through the proxy to an engine is seen at both.',
    values: { of: select(served, onClusters), label: 'engine_kind' },
  },
  {
    name: 'model_name',
    label: 'Model',
    description: 'Models of the chosen clusters.',
    values: { of: select(served, { ...onClusters, engine_kind: onModels.engine_kind }), label: 'model_name' },
  },
  {
    name: 'tenant',
    label: 'Tenant',
    description: 'Tenants of the proxy. Chosen tenants narrow the panels about tenants alone: engines know none.',
    values: { of: select(inference.inference_requests_total, { ...onModels, tenant: { not: '' } }), label: 'tenant' },
  },
];

/** Down to one server of the inventory, by place. */
export const clusterSiteRackNode: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters of items in the inventory.',
    values: { of: select(cmdb.cmdb_ci_info, {}), label: 'cluster' },
  },
  {
    name: 'site',
    label: 'Site',
    description: 'Sites of the chosen clusters.',
    values: { of: select(cmdb.cmdb_ci_info, onClusters), label: 'site' },
  },
  {
    name: 'rack',
    label: 'Rack',
    description: 'Racks of the chosen sites.',
    values: { of: select(cmdb.cmdb_ci_info, { ...onClusters, site: { re: '$site' } }), label: 'rack' },
  },
  {
    name: 'node',
    label: 'Node',
    description: 'Nodes in the chosen racks.',
    values: {
      of: select(cmdb.cmdb_ci_info, { ...onClusters, site: { re: '$site' }, rack: { re: '$rack' }, class: 'server' }),
      label: 'node',
    },
  },
];

const promised = recordedBySlos('slo:objective_ratio:constant');

/** Down to one objective, ours or one of a user. */
export const clusterSlo: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with objectives.',
    values: { of: select(promised, {}), label: 'cluster' },
  },
  {
    name: 'slo',
    label: 'Objective',
    description: 'Objectives of the chosen clusters. Those of the metering proxy are on the board LLM serving.',
    values: { of: select(promised, onClusters), label: 'slo' },
  },
];

/** Whose costs, and where they arose. */
export const clusterTenant: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description:
      'Clusters that are metered. Chosen clusters narrow use and metering; a bill, its budget and its forecast are of all clusters.',
    values: { of: select(billing.billing_gpu_seconds_total, {}), label: 'cluster' },
  },
  {
    name: 'tenant',
    label: 'Tenant',
    description: 'Tenants that are billed; unattributed is what belongs to nobody.',
    values: { of: select(billing.billing_period_elapsed_ratio, {}), label: 'tenant' },
  },
];

/** Down to one node whose devices have a probability to fail. */
export const clusterNodeAtRisk: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters of which the prediction service tells.',
    values: { of: select(prediction.prediction_failure_probability, {}), label: 'cluster' },
  },
  {
    name: 'node',
    label: 'Node',
    description: 'Nodes of the chosen clusters. Figures of evaluation are of the whole fleet.',
    values: { of: select(prediction.prediction_failure_probability, onClusters), label: 'node' },
  },
];

/** Down to one machine, with GPUs or without. */
export const clusterNode: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with a node_exporter.',
    values: { of: select(nodeExporter.node_uname_info, {}), label: 'cluster' },
  },
  {
    name: 'node',
    label: 'Node',
    description:
      'Machines of the chosen clusters. Chosen ones narrow what is of a machine; quotas, queues and volumes are of a cluster.',
    values: { of: select(nodeExporter.node_uname_info, onClusters), label: 'node' },
  },
];

/** What has an alert: all labels but the first are set by its rule. */
export const clusterAlert: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with alerts. Alerts about what is not there may have none.',
    values: { of: select(prometheus.ALERTS, {}), label: 'cluster' },
  },
  {
    name: 'severity',
    label: 'Severity',
    description: 'critical is told at once, warning in working hours, info is for boards.',
    values: { of: select(prometheus.ALERTS, { ...onClusters, severity: { not: 'none' } }), label: 'severity' },
  },
  {
    name: 'team',
    label: 'Team',
    description: 'Who is on call for the rule.',
    values: { of: select(prometheus.ALERTS, onClusters), label: 'team' },
  },
  {
    name: 'alertname',
    label: 'Alert',
    description: 'Names of alerts in the time range shown.',
    values: {
      of: select(prometheus.ALERTS, { ...onClusters, severity: { re: '$severity' }, team: { re: '$team' } }),
      label: 'alertname',
    },
  },
];

/** Down to the scrape job of one kind of daemon. */
export const clusterJob: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with daemons of FleetLens. Daemons for several clusters may have none.',
    values: { of: select(fleetlens.fleetlens_build_info, {}), label: 'cluster' },
  },
  {
    name: 'job',
    label: 'Daemon',
    description: 'Scrape jobs of the daemons, such as fleetlens-gpu. Engines that serve models are none of them.',
    values: { of: select(fleetlens.fleetlens_build_info, onClusters), label: 'job' },
    all: 'fleetlens-[a-z]+',
  },
];
