import type { Span } from './span.ts';

/**
 * Who had it, by what is known of them: namespace, pod, pod_uid, container, job_id, user_id, account, tenant, model, label_<name>.
 * Empty where nobody had it. Keys are sorted, empty values are left out.
 */
export type Holder = Readonly<Record<string, string>>;

/** Each moment of an installed GPU is in exactly one of these; what is not a GPU is only ever used, or of the system. */
export const usageStates = ['used', 'idle', 'unavailable', 'system'] as const;
export type UsageState = (typeof usageStates)[number];

/** A part of a resource in lowest terms: 0 < num <= den. Exact where a third of a GPU is meant. */
export interface Share {
  readonly num: number;
  readonly den: number;
}

export const wholeShare: Share = Object.freeze({ num: 1, den: 1 });

/** Of what a quantity is. Two usages with the same key are of the same thing. */
export interface UsageKey {
  /** Name of the meter, such as gpu_time. */
  readonly meter: string;
  readonly cluster: string;
  /** Empty where it has none. */
  readonly node: string;
  /** UUID of a GPU, with / and the number of the instance for MIG; node, namespace/pod, volume or model for other meters. */
  readonly resource: string;
  /** What the price book prices: model of the GPU, that and the MIG profile, storage class, name of an LLM. Empty where the meter has one price. */
  readonly sku: string;
  readonly state: UsageState;
  /** Why it is idle or unavailable: no_data, not_ready, cordoned, lost, unassigned, unused_replica; empty for the rest. */
  readonly reason: string;
  readonly holder: Holder;
  readonly share: Share;
}

/** In the base unit of its meter, before `share` is applied: milliseconds of a GPU, millijoules, byte milliseconds, tokens. */
export interface Usage extends UsageKey {
  readonly quantity: bigint;
}

/** A stretch in which nothing is known, and what was done about it. */
export interface Gap {
  readonly span: Span;
  /** Target or device that was not seen. */
  readonly where: string;
  readonly policy: GapPolicy;
}

/**
 * hold: the window waits for data. zero: nothing is charged. last_known: whoever had it goes on having it for a while. kubernetes: the times at which
 * pods started and finished decide.
 */
export const gapPolicies = ['hold', 'zero', 'last_known', 'kubernetes'] as const;
export type GapPolicy = (typeof gapPolicies)[number];

/** How much of what should have been seen was seen. */
export interface Coverage {
  readonly expectedScrapes: number;
  readonly seenScrapes: number;
  /** The longest ones, 100 at most. */
  readonly gaps: readonly Gap[];
  readonly gapMs: number;
  /** True while too much is missing and the policy is to wait. */
  readonly isHeld: boolean;
}

/** The sum of all states against what is installed, in GPU milliseconds times share, exact. */
export interface Conservation {
  readonly devices: number;
  readonly installedMs: number;
  /** Sum over devices of |used + idle + unavailable + system - installed|; 0 if all is well. */
  readonly error: ExactQuantity;
  /** The devices with the largest errors, 20 at most. */
  readonly worst: readonly { readonly resource: string; readonly error: ExactQuantity }[];
}

/** num/den, in lowest terms. */
export interface ExactQuantity {
  readonly num: bigint;
  readonly den: bigint;
}

/** All that a meter found in one window of one cluster. */
export interface MeteredWindow {
  readonly meter: string;
  readonly cluster: string;
  readonly span: Span;
  /** One for each key; none with quantity 0. */
  readonly usages: readonly Usage[];
  readonly coverage: Coverage;
  /** Of GPU time alone. */
  readonly conservation: Conservation | undefined;
  /** For whoever audits: which source, and what it was asked, without secrets. */
  readonly evidence: { readonly source: string; readonly queries: readonly string[]; readonly samples: number };
}
