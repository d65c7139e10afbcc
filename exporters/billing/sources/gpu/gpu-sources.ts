import type { BillingSource } from '../config/source.ts';
import type { Store } from '../store.ts';
import { dcgmSelector, meterDcgm } from './dcgm.ts';
import { fleetlensSelector, meterFleetlens } from './fleetlens.ts';
import type { GpuReading, GpuRequest } from './gpu-request.ts';
import { capacitySelector, meterKubeStateMetrics } from './kube-state-metrics.ts';

export interface GpuSource {
  /** Of a series that every target has which tells of GPUs. */
  readonly selector: (source: BillingSource) => string;
  readonly read: (store: Store, request: GpuRequest) => Promise<GpuReading>;
}

/** Sources of GPU time by type. */
export const gpuSources: Readonly<Record<string, GpuSource>> = {
  fleetlens: { selector: () => fleetlensSelector, read: meterFleetlens },
  dcgm: { selector: dcgmSelector, read: meterDcgm },
  kube_state_metrics: { selector: capacitySelector, read: meterKubeStateMetrics },
};
