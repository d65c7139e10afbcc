import { cmdb } from '../metrics/cmdb.ts';
import { inference } from '../metrics/inference.ts';
import type { Expr } from '../metrics/promql.ts';
import { series } from '../metrics/promql.ts';
import { training } from '../metrics/training.ts';

/** A scrape target as service discovery labels it, for the examples of the alerts. */
export const exampleTarget = { cluster: 'c1', node: 'n1', job: 'fleetlens-gpu', instance: 'n1:9400' } as const;

/** What is left of the target on an alert about the node. */
export const exampleNode = { cluster: 'c1', node: 'n1' } as const;

const device = { gpu_id: '0', uuid: 'GPU-11111111-2222-3333-4444-555555555555' } as const;

/** A series of the GPU exporter, with every label that a scrape gives it. */
export const exampleGpuTarget = { ...exampleTarget, ...device } as const;

/** What is left of it on an alert about the GPU. */
export const exampleGpu = { ...exampleNode, ...device } as const;

const run = { run: 'llama-8b', job_id: '4711', framework: 'torchtitan' } as const;

/** A scrape of the training exporter. */
export const exampleTrainingTarget = {
  cluster: 'c1',
  node: 'n1',
  job: 'fleetlens-training',
  instance: 'n1:9410',
} as const;

export type RunLabels = Readonly<Record<keyof typeof run | keyof typeof exampleTrainingTarget, string>>;

/** A series about a training run, with every label that a scrape gives it. */
export const exampleRunTarget: RunLabels = { ...exampleTrainingTarget, ...run };

/** The same run as the exporter of another node sees it, on a shared file system. */
export const exampleRunElsewhere: RunLabels = { ...exampleRunTarget, node: 'n2', instance: 'n2:9410' };

/** What is left of it on an alert about the run, and on a recorded series. */
export const exampleRun = { cluster: 'c1', ...run } as const;

/** Another run of the same exporter. */
export function exampleOtherRun(name: string): RunLabels {
  return { ...exampleRunTarget, run: name, job_id: '4712' };
}

/** A run whose phase is the given one while `values` are 1. */
export function examplePhase(phase: string, values: string, labels = exampleRunTarget): readonly [Expr, string] {
  return [series(training.training_run_phase, { ...labels, phase }), values];
}

/** A scrape of the proxy. */
export const exampleProxyTarget = {
  cluster: 'c1',
  node: 'n1',
  job: 'fleetlens-inference',
  instance: 'n1:9411',
} as const;

/** A scrape of an engine, under the names of ours. */
export const exampleEngineTarget = {
  cluster: 'c1',
  node: 'n2',
  job: 'fleetlens-engine-vllm',
  instance: 'n2:8000',
} as const;

/** A model as an engine serves it: what is left on an alert and on a recorded series. */
export const exampleModel = { cluster: 'c1', engine_kind: 'vllm', model_name: 'llama-8b' } as const;

/** The same model as the proxy sees it. */
export const exampleProxyModel = { ...exampleModel, engine_kind: 'proxy' } as const;

/** An objective for the model: what is left on an alert and on a recorded series. */
export const exampleSlo = { cluster: 'c1', model_name: 'llama-8b', slo: 'availability' } as const;

/** Requests through the proxy that ended in one way. */
export function exampleRequests(
  values: string,
  labels: { readonly status: string; readonly reason?: string; readonly tenant?: string; readonly model_name?: string },
): readonly [Expr, string] {
  const { model_name } = exampleProxyModel;
  const own = { ...exampleProxyTarget, engine_kind: 'proxy', model_name, tenant: 'search', reason: '', ...labels };
  return [series(inference.inference_requests_total, own), values];
}

/** The share of good requests that the proxy was told to aim at. */
export function exampleObjective(ratio: number, slo = 'availability', length = 600): readonly [Expr, string] {
  return [series(inference.inference_slo_objective_ratio, { ...exampleProxyTarget, slo }), `${ratio}x${length}`];
}

/** A scrape of Prometheus by itself. */
export const examplePrometheus = { cluster: 'c1', job: 'prometheus', instance: 'p1:9090' } as const;

/** A scrape of Alertmanager. */
export const exampleAlertmanager = { cluster: 'c1', job: 'alertmanager', instance: 'am1:9093' } as const;

/** A scrape of kube-state-metrics, whose series name the node and pod that they are about. */
export const exampleKubeStateTarget = { cluster: 'c1', job: 'kube-state-metrics', instance: 'k1:8080' } as const;

/** Its second replica. */
export const exampleKubeStateReplica = { ...exampleKubeStateTarget, instance: 'k2:8080' } as const;

/** A pod in Kubernetes: what is left of it on an alert. */
export const examplePod = { cluster: 'c1', namespace: 'vision', pod: 'train-0' } as const;

/** A scrape of node_exporter. */
export const exampleHostTarget = { cluster: 'c1', node: 'n1', job: 'node', instance: 'n1:9100' } as const;

/** A scrape of the inventory. */
export const exampleCmdbTarget = { cluster: 'c1', job: 'fleetlens-cmdb', instance: 'm1:9412' } as const;

/** Its second replica. */
export const exampleCmdbReplica = { ...exampleCmdbTarget, instance: 'm2:9412' } as const;

/** A server of the inventory: what is left of it on an alert. */
export const exampleItem = { cluster: 'c1', ci: '12', class: 'server', name: 'n1', node: 'n1' } as const;

/** The same, with every label that a scrape gives it. */
export const exampleItemTarget = { ...exampleCmdbTarget, ...exampleItem } as const;

/** A server or GPU with its place and its owners, as the inventory shows it. */
export function exampleCi(
  values: string,
  labels: Partial<Record<'class' | 'node' | 'uuid' | 'cluster' | 'ci' | 'rack' | 'owner', string>> = {},
): readonly [Expr, string] {
  const known = { serial: 'S1', model: 'DGX H200', role: 'gpu', state: 'in_service', site: 'berlin', room: 'hall-1' };
  const owners = { rack: 'r07', tenant: 'search', owner: 'ml-platform', team: 'gpu-oncall', uuid: '' };
  return [series(cmdb.cmdb_ci_info, { ...exampleItemTarget, ...known, ...owners, ...labels }), values];
}

/** A scrape of billing. */
export const exampleBillingTarget = { cluster: 'c1', job: 'fleetlens-billing', instance: 'b1:9413' } as const;

/** Its second replica. */
export const exampleBillingReplica = { ...exampleBillingTarget, instance: 'b2:9413' } as const;

/** A budget: what is left of it on an alert. */
export const exampleBudget = { cluster: 'c1', budget: 'search-monthly', tenant: 'search' } as const;

/** The same, with every label that a scrape gives it. */
export const exampleBudgetTarget = { ...exampleBillingTarget, ...exampleBudget, cost_centre: '' } as const;

/** GPU time of a cluster that is metered. */
export const exampleMeter = { cluster: 'c1', meter: 'gpu_time' } as const;
export const exampleMeterTarget = { ...exampleBillingTarget, ...exampleMeter } as const;

/** A scrape of the bridge. */
export const exampleBridgeTarget = { cluster: 'c1', job: 'fleetlens-bridge', instance: 'b1:9416' } as const;

/** A scrape of the prediction service. */
export const examplePredictionTarget = {
  cluster: 'c1',
  job: 'fleetlens-prediction',
  instance: 'p1:9414',
} as const;

/** A GPU that it tells of: what is left of it on an alert. */
export const exampleAtRisk = { cluster: 'c1', node: 'n1', uuid: exampleGpu.uuid } as const;

/** The same, with every label that a scrape gives it. */
export const exampleAtRiskTarget = { ...examplePredictionTarget, ...exampleAtRisk } as const;
