import type { Store } from '../store.ts';
import { fleetlensSelector, meterFleetlens } from './fleetlens.ts';
import type { GpuReading, GpuRequest } from './gpu-request.ts';

export interface GpuSource {
  /** Of a series that every target has which tells of GPUs. */
  readonly selector: string;
  readonly read: (store: Store, request: GpuRequest) => Promise<GpuReading>;
}

/** Sources of GPU time by type. */
export const gpuSources: Readonly<Record<string, GpuSource>> = {
  fleetlens: { selector: fleetlensSelector, read: meterFleetlens },
};
