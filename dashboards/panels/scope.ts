import { cmdb } from '../../metrics/cmdb.ts';
import type { LabelsOf, Metric } from '../../metrics/define.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import type { training } from '../../metrics/training.ts';
import type { Levels } from '../panel.ts';

/** What the variables at the top of a board choose. */
export const onClusters = { cluster: { re: '$cluster' } } as const;
export const onNodes = { ...onClusters, node: { re: '$node' } } as const;
export const onGpus = { ...onNodes, gpu_id: { re: '$gpu' } } as const;

/** GPUs of one node among those chosen: whatever is chosen, curves of GPUs read no more than its few. */
export const onShownNode = { ...onClusters, node: { re: '$shown_node' }, gpu_id: { re: '$gpu' } } as const;

/** The one GPU of a board about a single one; its UUID says more than its place, which another GPU may take. */
export const onGpu = { uuid: { re: '$uuid' } } as const;

export const onRuns = { ...onClusters, run: { re: '$run' } } as const;

export const onModels = {
  ...onClusters,
  engine_kind: { re: '$engine_kind' },
  model_name: { re: '$model_name' },
} as const;
export const onTenants = { ...onModels, tenant: { re: '$tenant' } } as const;
/** For series that no kind of server tells apart. */
export const onObjectives = { ...onClusters, model_name: { re: '$model_name' } } as const;

/** The scrape job of `fleetlens gpu` in the scrape configurations that come with it. */
export const gpuJob = { ...onNodes, job: 'fleetlens-gpu' } as const;
/** node_exporter, as charts, operators and hand-written configurations call its job. */
export const hostJob = { ...onNodes, job: { re: '(.*/)?node([-_]exporter)?' } } as const;
export const inferenceJob = { ...onClusters, job: 'fleetlens-inference' } as const;
export const trainingJob = { ...onClusters, job: 'fleetlens-training' } as const;

/** One value for each GPU, so that two exporters on one node neither count it twice nor break a comparison. */
export function perGpu(readings: Expr): Expr {
  return promql`max by (cluster, node, gpu_id, uuid) (${readings})`;
}

/** The same for each machine. */
export function perNode(readings: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node) (${readings})`;
}

/** One value for each run, so that exporters that share a file system do not count it twice. */
export function perRun(readings: PlainMetric | Expr): Expr {
  return promql`max by (cluster, run, job_id, framework) (${readings})`;
}

/** A gauge that has one value for each run. */
type RunGauge = Metric<string, 'gauge', LabelsOf<(typeof training)['training_step']>>;

/** The same of the runs that the variables choose. */
export function ofChosenRuns(gauge: RunGauge): Expr {
  return perRun(select(gauge, onRuns));
}

/** A count that says 0 where `presence` is there and nothing was found, and nothing where `presence` is not there either. */
export function orZero(found: Expr, presence: PlainMetric | Expr): Expr {
  return promql`${found} or 0 * count(${presence})`;
}

/** Any at all is bad. */
export const noneIsGood: Levels = { base: 'ok', steps: [[1, 'critical']] };
export const noneIsBetter: Levels = { base: 'ok', steps: [[1, 'warning']] };
/** The alerts' limits for GPUs that do not report their own; a board cannot colour by each GPU's own limit. */
export const heat: Levels = {
  base: 'ok',
  steps: [
    [85, 'warning'],
    [92, 'critical'],
  ],
};
/** The threshold of the alert TrainingStraggler. */
export const straggling: Levels = { base: 'warning', steps: [[0.75, 'ok']] };
export const fullness: Levels = {
  base: 'ok',
  steps: [
    [0.9, 'notice'],
    [0.98, 'warning'],
  ],
};

/** How full a file system or volume is; the second is the threshold of the alerts about them. */
export const diskFullness: Levels = {
  base: 'ok',
  steps: [
    [0.85, 'notice'],
    [0.95, 'warning'],
  ],
};

/** Shares of requests that fail; the second is the threshold of the alert InferenceErrorsHigh. */
export const failing: Levels = {
  base: 'ok',
  steps: [
    [0.01, 'notice'],
    [0.05, 'warning'],
  ],
};
/** The threshold of the alert InferenceKvCacheSaturated. */
export const cacheFullness: Levels = {
  base: 'ok',
  steps: [
    [0.85, 'notice'],
    [0.95, 'warning'],
  ],
};

/** What an empty panel over recorded series says. */
export const noRecording = 'No data. Are the recording rules of FleetLens loaded?';

export const cmdbJob = { job: 'fleetlens-cmdb' } as const;
export const billingJob = { job: 'fleetlens-billing' } as const;

export const predictionJob = { job: 'fleetlens-prediction' } as const;

export const onAlerts = {
  ...onClusters,
  severity: { re: '$severity' },
  team: { re: '$team' },
  alertname: { re: '$alertname' },
} as const;

/** Targets of the daemons that the variables choose. */
export const onDaemons = { ...onClusters, job: { re: '$job' } } as const;

/** What is of a tenant and of no one cluster. */
export const ofTenants = { tenant: { re: '$tenant' } } as const;
export const onClusterTenants = { ...onClusters, ...ofTenants } as const;

/** Shares of a budget or quota; the first is a usual step of a budget. */
export const budgetFullness: Levels = {
  base: 'ok',
  steps: [
    [0.8, 'warning'],
    [1, 'critical'],
  ],
};

/** Items of the inventory that the variables choose; place and cluster of an item are on its info series alone. */
const onItems = { ...onNodes, site: { re: '$site' }, rack: { re: '$rack' } } as const;
export const chosenItems = promql`max by (ci) (${select(cmdb.cmdb_ci_info, onItems)})`;
const chosenNodes = promql`max by (node) (${select(cmdb.cmdb_ci_info, { ...onItems, class: 'server' })})`;

/** One value for each chosen item, so that replicas of the inventory do not count it twice. */
export function ofChosenItems(readings: PlainMetric): Expr {
  return promql`(max by (ci, class, name, node) (${readings}) and on (ci) ${chosenItems})`;
}

/** Readings about the chosen nodes, of which `readings` has one for each label set. */
export function ofChosenNodes(readings: Expr): Expr {
  return promql`(${readings} and on (node) ${chosenNodes})`;
}
