import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';
import { perGpu } from '../vectors.ts';

const volatileEcc = select(gpu.gpu_ecc_errors_total, { lifetime: 'volatile' });

/**
 * What is dear to evaluate and does not change fast. A GPU has a counter for each of xidCodesFromStart, which makes
 * 390,000 for ten thousand GPUs, and each evaluation reads an hour of them all: too much for every few seconds, and a sum
 * over an hour is no worse for being two minutes old. Longer than that and a series would go stale between evaluations
 * when one is missed, since Prometheus looks back five minutes.
 */
export const gpuSlowGroup = defineRecordings(
  { group: 'gpu-slow', interval: '2m' },
  {
    'cluster_xid:gpu_xid_errors:increase1h': {
      help: 'XID errors of the last hour in the cluster by code.',
      unit: 'none',
      labels: ['cluster', 'xid'],
      expr: promql`sum by (cluster, xid) (max by (cluster, node, gpu_id, uuid, xid) (increase(${gpu.gpu_xid_errors_total}[1h])))`,
    },
    'gpu:gpu_nvlink_up:sum': {
      help: 'NVLink links of the GPU that are active.',
      unit: 'none',
      labels: ['cluster', 'node', 'gpu_id', 'uuid'],
      expr: promql`sum by (cluster, node, gpu_id, uuid) (max by (cluster, node, gpu_id, uuid, link) (${gpu.gpu_nvlink_up}))`,
    },
    'gpu_severity:gpu_ecc_errors:increase10m': {
      help: 'Memory errors that ECC found on the GPU in the last ten minutes, by severity; absent while there are none.',
      unit: 'none',
      labels: ['cluster', 'node', 'gpu_id', 'uuid', 'severity'],
      expr: promql`max by (cluster, node, gpu_id, uuid, severity) (increase(${volatileEcc}[10m])) > 0`,
    },
    'gpu_xid:gpu_xid_errors:increase10m': {
      help: 'XID errors of the GPU in the last ten minutes by code; absent while there are none.',
      unit: 'none',
      labels: ['cluster', 'node', 'gpu_id', 'uuid', 'xid'],
      expr: promql`max by (cluster, node, gpu_id, uuid, xid) (increase(${gpu.gpu_xid_errors_total}[10m])) > 0`,
    },
    'node:gpu_energy_joules:increase10m': {
      help: 'Energy that the GPUs of the node used in the last ten minutes.',
      unit: 'joules',
      labels: ['cluster', 'node'],
      expr: promql`sum by (cluster, node) (${perGpu(promql`increase(${gpu.gpu_energy_joules_total}[10m])`)})`,
    },
  },
);
