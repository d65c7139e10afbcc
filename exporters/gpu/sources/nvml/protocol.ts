import type { NodeReading, XidEvent } from '../../reading.ts';
import type { Wanted } from './walk.ts';

/** States of the connection to the driver, as `gpu_driver_state` shows them. */
export const driverStates = [
  'starting',
  'ok',
  'released',
  'library_not_found',
  'driver_not_loaded',
  'version_mismatch',
  'no_permission',
  'unresponsive',
  'crashed',
  'failed',
] as const;
export type DriverState = (typeof driverStates)[number];

/** Why the child cannot reach the driver at all. */
const initFailures = [
  'library_not_found',
  'driver_not_loaded',
  'version_mismatch',
  'no_permission',
  'failed',
] as const satisfies readonly DriverState[];
export type InitFailure = (typeof initFailures)[number];

/** True if there is no driver to ask, false if it works or does not answer. */
export function isWithoutDriver(state: DriverState): state is InitFailure {
  return initFailures.some((failure) => failure === state);
}

/** From the exporter to the child process, one request at a time. */
export type Request =
  | { readonly kind: 'collect'; readonly id: number; readonly wanted: Wanted }
  | { readonly kind: 'poll'; readonly id: number };

/** From the child process to the exporter. `ready` or `init-failed` comes first; every request gets one answer with its id. */
export type Answer =
  | { readonly kind: 'ready'; readonly gpuCount: number }
  | { readonly kind: 'init-failed'; readonly state: InitFailure; readonly message: string }
  | ReadingAnswer
  | { readonly kind: 'events'; readonly id: number; readonly events: readonly XidEvent[] }
  /** The driver went away under us (unloaded, or its version changed): the child shuts NVML down and exits with 0 after this. */
  | { readonly kind: 'driver-gone'; readonly state: InitFailure; readonly message: string };

export interface ReadingAnswer {
  readonly kind: 'reading';
  readonly id: number;
  readonly reading: NodeReading;
  /** How many GPUs the driver lists, those included that were not to be touched. */
  readonly gpuCount: number;
  /** Whether XID events of at least one GPU are heard. */
  readonly hearsEvents: boolean;
}

/** Options of the child, passed as JSON in its first argument. */
export interface ChildOptions {
  /** Library names or paths, tried in this order. */
  readonly libraries: readonly string[];
  /** Indexes of GPUs that must not be touched before a request wants them, because a call to them hung or crashed. */
  readonly skip: readonly number[];
}

/**
 * File descriptor of the child on which it writes, synchronously, one byte before it touches a GPU (its index, 0 to 253) and `idle`
 * when it leaves the driver. After a hang or a crash the last byte names the GPU.
 */
export const progressFd = 4;
export const progressIdle = 255;
export const progressDriver = 254;
