import type { Span } from '../../../exporters/billing/span.ts';
import type { PodKind } from '../../../exporters/gpu/sources/simulated/workload.ts';

/** What decides all that happens in a simulated month: the same key gives the same month, to the millisecond. */
export interface MonthKey {
  readonly seed: number;
  readonly nodes: number;
  /** GPUs of each node. */
  readonly gpus: number;
  /** A month or any other time, in whole seconds. */
  readonly span: Span;
  /** How many times faster than in life pods come and go; by default so fast that a short time has what a week has. */
  readonly pace?: number;
}

/** Something that a pod can have: a GPU, an instance of it, or a replica of a shared one. */
export interface Slot {
  readonly node: string;
  /** Index of the GPU on its node. */
  readonly index: number;
  readonly uuid: string;
  /** Empty for the whole GPU. */
  readonly gpuInstanceId: string;
  /** MIG profile; empty for the whole GPU. */
  readonly profile: string;
  /** Undefined for what one pod has alone. */
  readonly replica: number | undefined;
  /** When a pod can have it. */
  readonly spans: readonly Span[];
}

export interface MonthPod {
  readonly node: string;
  readonly kind: PodKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly container: string;
  /** Kubernetes resource that it asks for. */
  readonly resource: string;
  readonly slots: readonly Slot[];
  /** When it had them. */
  readonly span: Span;
  /** Undefined for one that runs at the end of the month. */
  readonly ended: 'Succeeded' | 'Failed' | undefined;
  /** Until when it stays listed, which is later than its end for one that nobody deletes. */
  readonly listedUntilMs: number;
}

export interface Unavailable {
  readonly span: Span;
  readonly reason: 'not_ready' | 'cordoned' | 'lost';
}

/** A process of the GPU exporter on a node. */
export interface ExporterLife {
  readonly span: Span;
  /** True if it goes on from what the one before it saved. */
  readonly isRestored: boolean;
}

export interface MonthNode {
  readonly name: string;
  readonly rack: string;
  readonly notReady: readonly Span[];
  readonly cordoned: readonly Span[];
  readonly exporters: readonly ExporterLife[];
}

/** A GPU, and on which node it was when. */
export interface MonthGpu {
  readonly uuid: string;
  readonly model: string;
  readonly serial: string;
  readonly installed: readonly { readonly node: string; readonly index: number; readonly span: Span }[];
  readonly lost: readonly Span[];
  /** Instances that exist. */
  readonly instances: readonly {
    readonly gpuInstanceId: string;
    readonly profile: string;
    readonly span: Span;
  }[];
  /** Number of replicas of a time-sliced one. */
  readonly replicas: number | undefined;
}

/** All that happened, exactly. */
export interface Month {
  readonly key: MonthKey;
  readonly cluster: string;
  readonly nodes: readonly MonthNode[];
  readonly gpus: readonly MonthGpu[];
  readonly pods: readonly MonthPod[];
}
