import type { LabelName } from '../../metrics/labels.ts';
import { type Expr, promql, select, verbatim } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { wholeGpus } from '../../rules/recording/kubernetes-gpu-sums.ts';
import { onNodes } from './scope.ts';

/** Whole ones, replicas of shared ones, and MIG. */
export const anyGpu = {
  resource: { re: 'nvidia_com_gpu|nvidia_com_gpu_shared|nvidia_com_mig_.+|amd_com_gpu' },
} as const;

/** Pods that hold what they asked for, or wait for it; those that ended are listed for a while and hold nothing. */
export const livePods = promql`max by (cluster, namespace, pod) (${select(kubeState.kube_pod_status_phase, { cluster: onNodes.cluster, phase: { re: 'Pending|Running' } })}) == 1`;

type By = readonly LabelName[];
type Where = typeof wholeGpus | typeof anyGpu;

export function capacityGpus(by: By, where: Where = wholeGpus): Expr {
  return summed(by, nodeReadings(select(kubeState.kube_node_status_capacity, { ...onNodes, ...where })));
}

export function allocatableGpus(by: By, where: Where = wholeGpus): Expr {
  return summed(by, nodeReadings(select(kubeState.kube_node_status_allocatable, { ...onNodes, ...where })));
}

export function requestedGpus(by: By, where: Where = wholeGpus): Expr {
  const asked = select(kubeState.kube_pod_container_resource_requests, { ...onNodes, ...where });
  return summed(
    by,
    promql`max by (cluster, namespace, pod, container, node, resource) (${asked}) and on (cluster, namespace, pod) ${livePods}`,
  );
}

/** kube-state-metrics may have replicas. */
function nodeReadings(readings: Expr): Expr {
  return promql`max by (cluster, node, resource) (${readings})`;
}

function summed(by: By, readings: Expr): Expr {
  return by.length === 0 ? promql`sum(${readings})` : promql`sum by (${verbatim(by.join(', '))}) (${readings})`;
}
