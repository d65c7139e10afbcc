import { allocationKinds, maxHolders, type SavedEntry, type SavedTimes } from '../../attribution/allocated-time.ts';
import type { DeviceKey, Holder } from '../../attribution/attribution.ts';

/** What is written into the state file. */
export interface SavedState {
  /** Of /proc/sys/kernel/random/boot_id: allocations do not outlive a boot. */
  readonly bootId: string;
  /** Unix time. */
  readonly savedAtSeconds: number;
  readonly times: SavedTimes;
}

const format = 'fleetlens-gpu-allocated-times';
const version = 1;
/** Stands at the start of every file that was written here. */
export const fileMark = `{"format":"${format}"`;

export function writeState(state: SavedState): string {
  return `${JSON.stringify({ format, version, ...state })}\n`;
}

/** Undefined for everything that `writeState` does not write. */
export function readState(text: string): SavedState | undefined {
  const state = fieldsOf(parsed(text));
  const { bootId, savedAtSeconds } = state;
  const times = timesOf(state['times']);
  if (state['format'] !== format || state['version'] !== version || times === undefined) return undefined;
  if (typeof bootId !== 'string' || !isAmount(savedAtSeconds)) return undefined;
  return { bootId, savedAtSeconds, times };
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function timesOf(value: unknown): SavedTimes | undefined {
  const { observed, entries } = fieldsOf(value);
  const observations = listOf(observed, allocationKinds.length, observationOf);
  const saved = listOf(entries, maxHolders, entryOf);
  return observations === undefined || saved === undefined ? undefined : { observed: observations, entries: saved };
}

/** Undefined if it is no list, too long, or one of its items is not as it should be. */
function listOf<T>(value: unknown, most: number, itemOf: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const items = value.map(itemOf).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}

function observationOf(value: unknown): SavedTimes['observed'][number] | undefined {
  const { kind, observedSecondsAgo, countedSecondsAgo } = fieldsOf(value);
  const known = allocationKinds.find((one) => one === kind);
  if (known === undefined || !isAmount(observedSecondsAgo) || !isAmount(countedSecondsAgo)) return undefined;
  return { kind: known, observedSecondsAgo, countedSecondsAgo };
}

function entryOf(value: unknown): SavedEntry | undefined {
  const { device, holder, profile, seconds, shareSeconds, replicas, endedSecondsAgo } = fieldsOf(value);
  const key = deviceOf(device);
  const who = holderOf(holder);
  if (key === undefined || who === undefined || !isAmount(seconds) || !isAmount(shareSeconds)) return undefined;
  const saved = { device: key, holder: who, ...(isName(profile) && { profile }), seconds, shareSeconds };
  if (isCount(replicas)) return { ...saved, replicas };
  return isAmount(endedSecondsAgo) ? { ...saved, endedSecondsAgo } : undefined;
}

function deviceOf(value: unknown): DeviceKey | undefined {
  const { index, uuid, gpuInstanceId } = fieldsOf(value);
  if (!isCount(index) || !isName(uuid)) return undefined;
  if (gpuInstanceId === undefined) return { index, uuid };
  return isCount(gpuInstanceId) ? { index, uuid, gpuInstanceId } : undefined;
}

function holderOf(value: unknown): Holder | undefined {
  const { kind, namespace, pod, container, jobId, userId } = fieldsOf(value);
  if (kind === 'job') return isName(jobId) ? { kind, jobId, ...(isName(userId) ? { userId } : {}) } : undefined;
  if (kind !== 'pod' || !isName(namespace) || !isName(pod) || !isName(container)) return undefined;
  return { kind, namespace, pod, container };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return isAmount(value) && Number.isInteger(value);
}

/** Kubernetes allows 253 characters. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 1024;
}
