import type { AllocatedTime, Allocation, DeviceKey, Holder } from './attribution.ts';
import { deviceId, partId } from './keys.ts';

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
  readonly holder: Holder;
  readonly kind: AllocationKind;
  /** 0 once it ended. */
  replicas: number;
  seconds: number;
  shareSeconds: number;
  endedAt: number | undefined;
}

interface Observation {
  readonly at: number;
  /** Up to when time was counted: later than `at` while the source does not answer. */
  readonly countedUntil: number;
}

/** What becomes of one device between two observations. */
interface Change {
  readonly before: Map<Entry, number>;
  readonly after: Map<Entry, number>;
}

export function createAllocatedTimes({ retentionSeconds, maxHolders: room = maxHolders }: Settings): AllocatedTimes {
  const entries = new Map<string, Entry>();
  const observations = new Map<AllocationKind, Observation>();

  /** By device, what the holders of all kinds but this one have. */
  function replicasOfOthers(kind: AllocationKind): ReadonlyMap<string, number> {
    const replicas = new Map<string, number>();
    for (const entry of entries.values()) {
      if (entry.kind === kind || entry.replicas === 0) continue;
      const id = deviceId(entry.device);
      replicas.set(id, (replicas.get(id) ?? 0) + entry.replicas);
    }
    return replicas;
  }

  function believe(kind: AllocationKind, last: Observation, now: number): void {
    const until = Math.min(now, last.at + maxBeliefSeconds);
    if (until <= last.countedUntil) return;
    const others = replicasOfOthers(kind);
    for (const [id, { before }] of changes(kind, new Map())) {
      count(before, last.countedUntil, until);
      divide(before, last.countedUntil, until, others.get(id));
    }
    observations.set(kind, { at: last.at, countedUntil: until });
  }

  function settle(kind: AllocationKind, next: ReadonlyMap<Entry, number>, last: Observation, now: number): void {
    const credit = Math.min((now - last.at) / 2, maxBeliefSeconds);
    const turn = Math.max(last.countedUntil, last.at + credit);
    const others = replicasOfOthers(kind);
    for (const [id, { before, after }] of changes(kind, next)) {
      const staying = only(after, (entry) => before.has(entry));
      const started = only(after, (entry) => !before.has(entry));
      count(
        only(before, (entry) => !after.has(entry)),
        last.countedUntil,
        turn,
      );
      count(staying, last.countedUntil, now);
      count(started, now - credit, now);
      // Time of the device that was given to those before is not given again.
      const joined = before.size === 0 ? now - credit : Math.max(turn, now - credit);
      divide(before, last.countedUntil, turn, others.get(id));
      divide(staying, turn, joined, others.get(id));
      divide(after, joined, now, others.get(id));
    }
  }

  function changes(kind: AllocationKind, next: ReadonlyMap<Entry, number>): ReadonlyMap<string, Change> {
    const byDevice = new Map<string, Change>();
    const of = (entry: Entry): Change => {
      const id = deviceId(entry.device);
      const known = byDevice.get(id);
      if (known !== undefined) return known;
      const change = { before: new Map<Entry, number>(), after: new Map<Entry, number>() };
      byDevice.set(id, change);
      return change;
    };
    for (const entry of entries.values()) {
      if (entry.kind === kind && entry.replicas > 0) of(entry).before.set(entry, entry.replicas);
    }
    for (const [entry, replicas] of next) of(entry).after.set(entry, replicas);
    return byDevice;
  }

  /** The entries of allocations, new ones with 0; those that find no room are left out. */
  function enter(kind: AllocationKind, allocations: readonly Allocation[]): ReadonlyMap<Entry, number> {
    const next = new Map<Entry, number>();
    const add = (entry: Entry, { device, replicas }: Allocation): void => {
      entry.device = device;
      next.set(entry, (next.get(entry) ?? 0) + replicas);
    };
    const unknown = allocations.filter((allocation) => {
      const entry = entries.get(partId(allocation.device, allocation.holder));
      if (entry !== undefined) add(entry, allocation);
      return entry === undefined;
    });
    makeRoom(entries.size + unknown.length - room, next);
    for (const allocation of unknown) {
      const { device, holder } = allocation;
      const id = partId(device, holder);
      const fresh = { device, holder, kind, replicas: 0, seconds: 0, shareSeconds: 0, endedAt: undefined };
      const entry = entries.get(id) ?? (entries.size < room ? fresh : undefined);
      if (entry === undefined) continue;
      entries.set(id, entry);
      add(entry, allocation);
    }
    return next;
  }

  /** Forgets so many of those that ended and do not come back, the longest ago first. */
  function makeRoom(wanted: number, next: ReadonlyMap<Entry, number>): void {
    if (wanted <= 0) return;
    const ended = [...entries].filter(([, entry]) => entry.endedAt !== undefined && !next.has(entry));
    ended.sort(([, left], [, right]) => (left.endedAt ?? 0) - (right.endedAt ?? 0));
    for (const [id] of ended.slice(0, wanted)) entries.delete(id);
  }

  function take(kind: AllocationKind, next: ReadonlyMap<Entry, number>, now: number): void {
    for (const entry of entries.values()) {
      if (entry.kind !== kind) continue;
      entry.replicas = next.get(entry) ?? 0;
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
      const next = enter(kind, allocations);
      if (last !== undefined) settle(kind, next, last, Math.max(now, last.countedUntil));
      take(kind, next, now);
      forget(now);
      observations.set(kind, { at: now, countedUntil: Math.max(now, last?.countedUntil ?? now) });
      return allocations.reduce((left, { device, holder }) => left + (entries.has(partId(device, holder)) ? 0 : 1), 0);
    },
    times: () =>
      [...entries.values()].map(({ device, holder, seconds, shareSeconds }) => ({
        device,
        holder,
        seconds,
        shareSeconds,
      })),
    save: (now) => ({
      observed: [...observations].map(([kind, { at, countedUntil }]) => ({
        kind,
        observedSecondsAgo: Math.max(0, now - at),
        countedSecondsAgo: Math.max(0, now - countedUntil),
      })),
      entries: [...entries.values()].map(({ device, holder, seconds, shareSeconds, replicas, endedAt }) =>
        endedAt === undefined
          ? { device, holder, seconds, shareSeconds, replicas }
          : { device, holder, seconds, shareSeconds, endedSecondsAgo: Math.max(0, now - endedAt) },
      ),
    }),
    restore: ({ observed, entries: saved }, agoSeconds, now) => {
      const savedAt = now - agoSeconds;
      for (const { kind, observedSecondsAgo, countedSecondsAgo } of observed) {
        const countedUntil = savedAt - countedSecondsAgo;
        observations.set(kind, { at: Math.min(savedAt - observedSecondsAgo, countedUntil), countedUntil });
      }
      for (const entry of saved.slice(0, room)) {
        entries.set(partId(entry.device, entry.holder), restored(entry, savedAt));
      }
    },
  };
}

function restored(
  { device, holder, seconds, shareSeconds, replicas = 0, endedSecondsAgo }: SavedEntry,
  savedAt: number,
): Entry {
  const endedAt = replicas > 0 ? undefined : savedAt - (endedSecondsAgo ?? 0);
  return { device, holder, kind: kindOf(holder), replicas, seconds, shareSeconds, endedAt };
}

function kindOf(holder: Holder): AllocationKind {
  return holder.kind === 'pod' ? 'pods' : 'jobs';
}

function only(entries: ReadonlyMap<Entry, number>, isWanted: (entry: Entry) => boolean): ReadonlyMap<Entry, number> {
  return new Map([...entries].filter(([entry]) => isWanted(entry)));
}

function count(entries: ReadonlyMap<Entry, number>, from: number, to: number): void {
  for (const entry of entries.keys()) entry.seconds += Math.max(0, to - from);
}

/** Divides the time of one device by replicas; `others` are those of other kinds of holders. */
function divide(entries: ReadonlyMap<Entry, number>, from: number, to: number, others = 0): void {
  if (to <= from) return;
  let all = others;
  for (const replicas of entries.values()) all += replicas;
  for (const [entry, replicas] of entries) entry.shareSeconds += ((to - from) * replicas) / all;
}
