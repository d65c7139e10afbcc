import { alertmanager } from './alertmanager.ts';
import { amd } from './amd.ts';
import { dcgm, dcgm48, dcgm49 } from './dcgm.ts';
import { kafka } from './kafka-exporter.ts';
import { apiServer } from './kube-apiserver.ts';
import { kubeState } from './kube-state-metrics.ts';
import { kubelet } from './kubelet.ts';
import { kueue } from './kueue.ts';
import { nodeHost } from './node-exporter.ts';
import { postgres } from './postgres-exporter.ts';
import { prometheusServer } from './prometheus-server.ts';
import { redis } from './redis-exporter.ts';
import { slurm } from './slurm-exporter.ts';
import { volcano } from './volcano.ts';

/** Series of other people's exporters, by exporter. */
export const vendorCatalogues = {
  dcgm,
  dcgm48,
  dcgm49,
  amd,
  kubeState,
  kubelet,
  apiServer,
  nodeHost,
  kafka,
  redis,
  postgres,
  kueue,
  slurm,
  volcano,
  alertmanager,
  prometheusServer,
} as const;
