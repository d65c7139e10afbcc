import type { Span } from '../span.ts';
import type { Conservation, Share, Usage } from '../usage.ts';
import type { DeviceInput } from './accrual.ts';

export interface GpuSettings {
  /** Their usage is state `system`. */
  readonly systemNamespaces: readonly string[];
  /** Two holders at once for so long are a lag of the source, and not an error. Default: `defaultLagMs`. */
  readonly toleranceMs?: number | undefined;
  /** Part of the GPU by MIG profile, before that by `model/profile`; wins over the table. */
  readonly migShares?: Readonly<Record<string, Share>> | undefined;
}
export interface MeteredGpus {
  /** One for each span, in their order. */
  readonly windows: readonly GpuWindow[];
  /** Such as profiles of which the share is not known; without duplicates. */
  readonly problems: readonly string[];
}
export interface GpuWindow {
  readonly span: Span;
  /** Sorted, one for each key. Meter is gpu_time. */
  readonly usages: readonly Usage[];
  readonly conservation: Conservation;
}
export declare function meterGpus(
  devices: readonly DeviceInput[],
  spans: readonly Span[],
  settings: GpuSettings,
): MeteredGpus;
