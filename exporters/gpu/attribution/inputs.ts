import type { ContainerDevices, MappedJob, PodFacts, ProcessHome } from './attribution.ts';

/** What attribution asks of its sources. Each call rejects with an error for people if the source does not answer. */

/** The pod resources API of the kubelet. */
export interface PodResources {
  /** True if the socket is there. */
  readonly isPresent: () => Promise<boolean>;
  /** Containers that have devices of the wanted resources, and how many entries could not be read. */
  readonly list: () => Promise<{ readonly containers: readonly ContainerDevices[]; readonly bad: number }>;
  /** Number of devices that can be allocated, by resource name. */
  readonly allocatable: () => Promise<ReadonlyMap<string, number>>;
  readonly close: () => void;
}

/** Pods of this node with their uids: from a pod list over HTTP, or from the names of the pod log folders. */
export interface PodDirectory {
  readonly read: () => Promise<{ readonly pods: readonly PodFacts[]; readonly bad: number }>;
}

/** Finds the pod or job of processes from their cgroups. */
export interface ProcessHomes {
  /** Processes that are gone, or that cannot be seen, are left out. */
  readonly find: (pids: readonly number[]) => Promise<ReadonlyMap<number, ProcessHome>>;
}

/** The folder in which prolog and epilog of a batch system say which job has which GPU. */
export interface JobFiles {
  readonly read: () => Promise<{ readonly jobs: readonly MappedJob[]; readonly bad: number }>;
}
