import type { Span } from '../span.ts';
import type { Holder } from '../usage.ts';

/** Raw samples of one series as they were scraped; times ascend, values are finite. */
export interface RawSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/**
 * How a quantity grew: in piece i, by amounts[i] base units between fromMs[i] and toMs[i], evenly. Pieces ascend and do not overlap; between
 * them nothing was added. Amounts are whole numbers.
 */
export interface Accrual {
  readonly fromMs: Float64Array;
  readonly toMs: Float64Array;
  readonly amounts: Float64Array;
}

/** A holder of a GPU or of one of its instances. */
export interface Holding {
  /** Empty for the whole GPU. */
  readonly gpuInstanceId: string;
  /** MIG profile; empty for the whole GPU. */
  readonly profile: string;
  readonly holder: Holder;
  /** How many of the replicas of a shared GPU it has; 1 if nobody knows. */
  readonly replicas?: number | undefined;
  /** Milliseconds for which it had it. */
  readonly held: Accrual;
  /** The same divided among those who hold it at once, where the source knows. */
  readonly divided: Accrual | undefined;
}

/** All that is known of one GPU around some windows. */
export interface DeviceInput {
  readonly cluster: string;
  readonly node: string;
  readonly uuid: string;
  readonly model: string;
  /** When it counts as installed. */
  readonly installed: readonly Span[];
  /** When it was seen, from a scrape that had it until the next one or until it counts as not seen. */
  readonly seen: readonly Span[];
  /** When nobody could have it: not_ready, cordoned, lost. */
  readonly unavailable: readonly { readonly span: Span; readonly reason: string }[];
  /** MIG instances that exist; without them those that are held count. */
  readonly instances: readonly {
    readonly gpuInstanceId: string;
    readonly profile: string;
    readonly spans: readonly Span[];
  }[];
  /** Replicas that the device plugin advertises for time slicing or MPS. */
  readonly replicas: readonly { readonly span: Span; readonly replicas: number }[];
  readonly holdings: readonly Holding[];
}
