/** Who has which GPU: what the sources of attribution say, and what is made of it. Plain data; times in seconds, memory in bytes. */

/** A GPU, or one of its MIG GPU instances. */
export interface DeviceKey {
  readonly index: number;
  /** Of the GPU, also for an instance. */
  readonly uuid: string;
  readonly gpuInstanceId?: number | undefined;
}

/** A container of a pod, or a job of a batch system. */
export type Holder =
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string; readonly container: string }
  | { readonly kind: 'job'; readonly jobId: string; readonly userId?: string | undefined };

/** A holder has a device, or some of the replicas of a shared one. */
export interface Allocation {
  readonly device: DeviceKey;
  readonly holder: Holder;
  /** MIG profile of the instance, such as 1g.10gb: what a bill is made by. */
  readonly profile?: string | undefined;
  /** Number of device ids that it has of this device: 1 unless the device is shared. */
  readonly replicas: number;
}

export interface AllocatedTime {
  readonly device: DeviceKey;
  readonly holder: Holder;
  readonly profile?: string | undefined;
  /** Wall time since the holder was first seen with the device. */
  readonly seconds: number;
  /** The same, weighted by its part of the allocated replicas. */
  readonly shareSeconds: number;
}

export type Owner = Holder | { readonly kind: 'process'; readonly name: string } | { readonly kind: 'unattributed' };

/** The part of one owner in a device; the parts of a device add up to it. */
export interface Share {
  readonly device: DeviceKey;
  readonly owner: Owner;
  readonly memoryBytes?: number | undefined;
  /** Since the exporter started. */
  readonly smSeconds?: number | undefined;
}

export const attributionSourceNames = ['pod_resources', 'pod_list', 'pod_logs', 'job_files', 'processes'] as const;
export type AttributionSourceName = (typeof attributionSourceNames)[number];

export const dropReasons = [
  'too_many_pods',
  'too_many_processes',
  'too_many_jobs',
  'unknown_device',
  'bad_entry',
] as const;
export type DropReason = (typeof dropReasons)[number];

/** What is known of who has the GPUs of a node, for the collectors. */
export interface AttributionState {
  /** True if the source answered last time; a source that is not in use is left out. */
  readonly sources: { readonly [S in AttributionSourceName]?: boolean };
  readonly allocations: readonly Allocation[];
  readonly allocatedTimes: readonly AllocatedTime[];
  readonly shares: readonly Share[];
  /** Total computing time of each device; the `smSeconds` of its shares add up to it. */
  readonly deviceSmSeconds: readonly { readonly device: DeviceKey; readonly seconds: number }[];
  readonly processCounts: readonly {
    readonly device: DeviceKey;
    readonly owner: Owner['kind'];
    readonly count: number;
  }[];
  readonly podLabels: readonly {
    readonly namespace: string;
    readonly pod: string;
    readonly label: string;
    readonly value: string;
  }[];
  /** By Kubernetes resource name. */
  readonly resources: readonly {
    readonly resource: string;
    readonly allocatable?: number;
    readonly allocated: number;
  }[];
  /** Since the exporter started. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** What a container has of one Kubernetes resource, as a device plugin or DRA driver names it. */
export interface ContainerDevices {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly resource: string;
  readonly deviceIds: readonly string[];
}

/** A pod as far as attribution needs it. */
export interface PodFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  /** By container id without the runtime's prefix. */
  readonly containers: ReadonlyMap<string, string>;
  /** All containers that the pod has or had, if they are known by name only. */
  readonly containerNames?: readonly string[];
  /** Only the labels that are allowed. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isFinished: boolean;
}

/** Where a process belongs, as its cgroup tells. */
export type ProcessHome =
  | { readonly kind: 'pod'; readonly podUid: string; readonly containerId?: string | undefined }
  | { readonly kind: 'job'; readonly jobId: string; readonly userId?: string | undefined }
  | { readonly kind: 'bare'; readonly name: string };

/** A job that a file of the mapping folder names for a GPU or one of its MIG instances. */
export interface MappedJob {
  readonly gpuIndex: number;
  readonly gpuInstanceId?: number | undefined;
  readonly jobId: string;
}
