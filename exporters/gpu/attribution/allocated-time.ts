import type { AllocatedTime, Allocation, DeviceKey, Holder } from './attribution.ts';
import { allocationId, deviceId } from './keys.ts';

/** Pods come from the kubelet, jobs from mapping files and cgroups; each kind is observed at its own times. */
export const allocationKinds = ['pods', 'jobs'] as const;
export type AllocationKind = (typeof allocationKinds)[number];

/** While a source does not answer, what it said last is believed for so long. */
export const maxBeliefSeconds = 600;
export const maxHolders = 10_000;

/** Everything that is needed to go on after a restart; ages are relative to the moment of saving. */
export interface SavedTimes {
  readonly observed: readonly {
    readonly kind: AllocationKind;
    readonly observedSecondsAgo: number;
    readonly countedSecondsAgo: number;
  }[];
  readonly entries: readonly SavedEntry[];
}

export interface SavedEntry extends AllocatedTime {
  /** Undefined once the holder gave the device back. */
  readonly replicas?: number | undefined;
  readonly endedSecondsAgo?: number | undefined;
}

/**
 * Wall time for which holders have devices. It is only seen at observations, so when an allocation starts or ends is known to lie between
 * two of them, and the middle is taken: right on average, wrong by at most half the time between them at each end. What is there at the
 * first observation of all starts there.
 *
 * While a source does not answer, what it said last goes on counting for up to `maxBeliefSeconds`, then it rests. If the allocation is still
 * there when the source answers again, the whole gap is counted; if it is gone, what was counted stays. Values never decrease.
 */
export interface AllocatedTimes {
  /**
   * What the source says now, or undefined if it did not answer; `now` is monotonic time. Returns how many allocations found no room.
   */
  readonly advance: (kind: AllocationKind, allocations: readonly Allocation[] | undefined, now: number) => number;
  readonly times: () => readonly AllocatedTime[];
  readonly save: (now: number) => SavedTimes;
  /** Goes on from what was saved `agoSeconds` ago, as after a gap in the observations. Only before the first observation. */
  readonly restore: (saved: SavedTimes, agoSeconds: number, now: number) => void;
}

interface Settings {
  /** How long a holder is still shown after it gave the device back. */
  readonly retentionSeconds: number;
  readonly maxHolders?: number;
}

interface Entry {
  device: DeviceKey;
  readonly deviceId: string;
  readonly holder: Holder;
  readonly profile: string | undefined;
  readonly kind: AllocationKind;
  /** 0 once it ended. */
  replicas: number;
  /** What the source says now, while it is taken in. */
  nextReplicas: number;
  seconds: number;
  shareSeconds: number;
  endedAt: number | undefined;
}

interface Observation {
  readonly at: number;
  /** Up to when time was counted: later than `at` while the source does not answer. */
  readonly countedUntil: number;
}

/** The moments between two observations at which something changes. */
interface Moments {
  readonly from: number;
  /** When those that are gone ended, and replicas changed. */
  readonly turn: number;
  /** When those that are new started. */
  readonly start: number;
  readonly now: number;
}

export function createAllocatedTimes({ retentionSeconds, maxHolders: room = maxHolders }: Settings): AllocatedTimes {
  const entries = new Map<string, Entry>();
  const observations = new Map<AllocationKind, Observation>();

  /** By device, those that held or hold it; and what the holders of other kinds have of it. */
  function byDevice(kind: AllocationKind): ReadonlyMap<string, { readonly held: Entry[]; others: number }> {
    const devices = new Map<string, { readonly held: Entry[]; others: number }>();
    for (const entry of entries.values()) {
      if (entry.replicas === 0 && entry.nextReplicas === 0) continue;
      const device = devices.get(entry.deviceId) ?? { held: [], others: 0 };
      devices.set(entry.deviceId, device);
      if (entry.kind === kind) device.held.push(entry);
      else device.others += entry.replicas;
    }
    return devices;
  }

  function believe(kind: AllocationKind, last: Observation, now: number): void {
    const until = Math.min(now, last.at + maxBeliefSeconds);
    if (until <= last.countedUntil) return;
    for (const { held, others } of byDevice(kind).values()) {
      for (const entry of held) entry.seconds += until - last.countedUntil;
      divide(held, replicasBefore, until - last.countedUntil, others);
    }
    observations.set(kind, { at: last.at, countedUntil: until });
  }

  function settle(kind: AllocationKind, last: Observation, now: number): void {
    const credit = Math.min((now - last.at) / 2, maxBeliefSeconds);
    const turn = Math.max(last.countedUntil, last.at + credit);
    const moments = { from: last.countedUntil, turn, start: now - credit, now };
    for (const { held, others } of byDevice(kind).values()) settleDevice(held, others, moments);
  }

  /** Sets what is next of the entries of allocations, new ones with 0; returns how many found no room. */
  function enter(kind: AllocationKind, allocations: readonly Allocation[]): number {
    const unknown = allocations.filter((allocation) => {
      const entry = entries.get(allocationId(allocation));
      if (entry !== undefined) setNext(entry, allocation);
      return entry === undefined;
    });
    makeRoom(entries.size + unknown.length - room);
    let left = 0;
    for (const allocation of unknown) {
      const id = allocationId(allocation);
      const entry = entries.get(id) ?? (entries.size < room ? unheld(allocation, kind) : undefined);
      if (entry === undefined) left++;
      else {
        entries.set(id, entry);
        setNext(entry, allocation);
      }
    }
    return left;
  }

  /** Forgets so many of those that ended and do not come back, the longest ago first. */
  function makeRoom(wanted: number): void {
    if (wanted <= 0) return;
    const ended = [...entries].filter(([, entry]) => entry.endedAt !== undefined && entry.nextReplicas === 0);
    ended.sort(([, left], [, right]) => (left.endedAt ?? 0) - (right.endedAt ?? 0));
    for (const [id] of ended.slice(0, wanted)) entries.delete(id);
  }

  function take(kind: AllocationKind, now: number): void {
    for (const entry of entries.values()) {
      if (entry.kind !== kind) continue;
      entry.replicas = entry.nextReplicas;
      entry.nextReplicas = 0;
      entry.endedAt = entry.replicas > 0 ? undefined : (entry.endedAt ?? now);
    }
  }

  function forget(now: number): void {
    for (const [id, { endedAt = now }] of entries) if (now - endedAt > retentionSeconds) entries.delete(id);
  }

  return {
    advance: (kind, allocations, now) => {
      const last = observations.get(kind);
      if (allocations === undefined) {
        if (last !== undefined) believe(kind, last, now);
        return 0;
      }
      const left = enter(kind, allocations);
      if (last !== undefined) settle(kind, last, Math.max(now, last.countedUntil));
      take(kind, now);
      forget(now);
      observations.set(kind, { at: now, countedUntil: Math.max(now, last?.countedUntil ?? now) });
      return left;
    },
    times: () =>
      [...entries.values()].map(({ device, holder, profile, seconds, shareSeconds }) => ({
        device,
        holder,
        profile,
        seconds,
        shareSeconds,
      })),
    save: (now) => ({
      observed: [...observations].map(([kind, { at, countedUntil }]) => ({
        kind,
        observedSecondsAgo: Math.max(0, now - at),
        countedSecondsAgo: Math.max(0, now - countedUntil),
      })),
      entries: [...entries.values()].map(({ device, holder, profile, seconds, shareSeconds, replicas, endedAt }) =>
        endedAt === undefined
          ? { device, holder, profile, seconds, shareSeconds, replicas }
          : { device, holder, profile, seconds, shareSeconds, endedSecondsAgo: Math.max(0, now - endedAt) },
      ),
    }),
    restore: ({ observed, entries: saved }, agoSeconds, now) => {
      const savedAt = now - agoSeconds;
      for (const { kind, observedSecondsAgo, countedSecondsAgo } of observed) {
        const countedUntil = savedAt - countedSecondsAgo;
        observations.set(kind, { at: Math.min(savedAt - observedSecondsAgo, countedUntil), countedUntil });
      }
      for (const entry of saved.slice(0, room)) {
        entries.set(allocationId(entry), restored(entry, savedAt));
      }
    },
  };
}

function unheld({ device, holder, profile }: Omit<Allocation, 'replicas'>, kind: AllocationKind): Entry {
  const nothing = { replicas: 0, nextReplicas: 0, seconds: 0, shareSeconds: 0, endedAt: undefined };
  return { device, deviceId: deviceId(device), holder, profile, kind, ...nothing };
}

function setNext(entry: Entry, { device, replicas }: Allocation): void {
  entry.device = device;
  entry.nextReplicas += replicas;
}

function restored(saved: SavedEntry, savedAt: number): Entry {
  const { seconds, shareSeconds, replicas = 0, endedSecondsAgo = 0 } = saved;
  const endedAt = replicas > 0 ? undefined : savedAt - endedSecondsAgo;
  return { ...unheld(saved, kindOf(saved.holder)), replicas, seconds, shareSeconds, endedAt };
}

function kindOf(holder: Holder): AllocationKind {
  return holder.kind === 'pod' ? 'pods' : 'jobs';
}

/** Counts the time of the holders of one device from one observation to the next; `others` are replicas of other kinds of holders. */
function settleDevice(held: readonly Entry[], others: number, { from, turn, start, now }: Moments): void {
  let isNew = true;
  for (const entry of held) {
    if (entry.replicas > 0) isNew = false;
    entry.seconds += secondsOf(entry, { from, turn, start, now });
  }
  // Time of the device that was given to those before is not given again.
  const joined = isNew ? start : Math.max(turn, start);
  divide(held, replicasBefore, turn - from, others);
  divide(held, replicasOfStaying, isNew ? 0 : joined - turn, others);
  divide(held, replicasNext, now - joined, others);
}

function secondsOf({ replicas, nextReplicas }: Entry, { from, turn, start, now }: Moments): number {
  if (replicas === 0) return now - start;
  return nextReplicas === 0 ? turn - from : now - from;
}

const replicasBefore = ({ replicas }: Entry): number => replicas;
const replicasNext = ({ nextReplicas }: Entry): number => nextReplicas;
const replicasOfStaying = ({ replicas, nextReplicas }: Entry): number => (replicas > 0 ? nextReplicas : 0);

/** Divides time of one device by replicas. */
function divide(held: readonly Entry[], replicasOf: (entry: Entry) => number, seconds: number, others: number): void {
  if (seconds <= 0) return;
  let all = others;
  for (const entry of held) all += replicasOf(entry);
  if (all === 0) return;
  for (const entry of held) entry.shareSeconds += (seconds * replicasOf(entry)) / all;
}
