import type { Expr, PlainMetric } from '../metrics/promql.ts';
import { promql, select } from '../metrics/promql.ts';
import { kubeState } from '../metrics/vendors/kube-state-metrics.ts';
import { perNode, recent } from './vectors.ts';

/** Resources that are GPUs or parts of them, as kube-state-metrics spells them: whole, time-sliced, and MIG. */
export const gpuResources = { re: 'nvidia_com_gpu|nvidia_com_gpu_shared|nvidia_com_mig_.+|amd_com_gpu' } as const;

/** DaemonSets without which a node has no GPUs for pods, or none that are watched. */
export const gpuDaemonSets = { re: '.*(device-plugin|dcgm-exporter|device-metrics-exporter|fleetlens-gpu).*' } as const;

/** One value for each pod; kube-state-metrics may have replicas that all show it. */
export function perPod(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, namespace, pod) (${vector})`;
}

export function perContainer(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, namespace, pod, container) (${vector})`;
}

/** Pods that ask for GPUs, with how many their greediest container asks for. */
export const gpuPods = promql`${perPod(recent(select(kubeState.kube_pod_container_resource_requests, { resource: gpuResources })))} > 0`;

/** Nodes that have GPUs, or had some before they were withdrawn. */
export const gpuNodes = promql`${perNode(recent(select(kubeState.kube_node_status_capacity, { resource: gpuResources })))} > 0`;

/** Nodes that somebody took out of use. */
export const cordonedNodes = promql`${perNode(recent(kubeState.kube_node_spec_unschedulable))} == 1`;
