import type { NodeReading } from '../reading.ts';
import type { DeviceKey, Holder, Owner } from './attribution.ts';
import { deviceId, ownerId, partId } from './keys.ts';
import { unattributed } from './owners.ts';
import { type DeviceUse, devicesOf, divideBusy, type OwnerOf, type Part, type Window } from './shares.ts';

export const maxParts = 10_000;
/** Between two readings that are further apart nothing is known about the time between them. */
const maxStepSeconds = 600;

/** How long each device computed since the windows were taken before. */
export type Windows = ReadonlyMap<string, DeviceWindow>;

interface DeviceWindow extends Window {
  readonly device: DeviceKey;
}

/** Computing time of devices since the exporter started, and its parts by owner. The parts of what is added add up to it. */
export interface SmTime {
  /** Adds up how busy devices are; undefined where the driver does not answer. `now` is monotonic time. */
  readonly read: (reading: NodeReading | undefined, now: number) => void;
  /** What was added up, which begins anew then. */
  readonly take: () => Windows;
  /**
   * Divides what was added up among the owners. Of a device that is not in `uses`, because its processes could not be listed, nothing is
   * lost either: it is unattributed, or of the only holder of an instance. Returns owners that found no room, whose part is
   * unattributed.
   */
  readonly divide: (uses: readonly DeviceUse[], windows: Windows, division: Division, now: number) => readonly Owner[];
  readonly devices: () => readonly { readonly device: DeviceKey; readonly seconds: number }[];
  readonly parts: () => readonly { readonly device: DeviceKey; readonly owner: Owner; readonly seconds: number }[];
}

interface Division {
  readonly ownerOf: OwnerOf;
  readonly holdersOf: (device: DeviceKey) => readonly Holder[];
}

interface Settings {
  /** How long an owner is still shown after it was last seen. */
  readonly retentionSeconds: number;
  readonly maxParts?: number;
}

interface Sum {
  device: DeviceKey;
  seconds: number;
  seenAt: number;
}

export function createSmTime({ retentionSeconds, maxParts: room = maxParts }: Settings): SmTime {
  const devices = new Map<string, Sum>();
  const parts = new Map<string, Sum & { readonly owner: Owner }>();
  let pending = new Map<string, DeviceWindow>();
  let readAt: number | undefined;

  function add(device: DeviceKey, busyRatio: number, step: number): void {
    const id = deviceId(device);
    const { busySeconds = 0, windowSeconds = 0 } = pending.get(id) ?? {};
    const busy = Math.min(1, Math.max(0, busyRatio)) * step;
    pending.set(id, { device, busySeconds: busySeconds + busy, windowSeconds: windowSeconds + step });
  }

  function addPart(device: DeviceKey, { owner, amount }: Part, now: number): boolean {
    const id = partId(device, owner);
    const part = parts.get(id);
    if (part !== undefined) Object.assign(part, { device, seconds: part.seconds + amount, seenAt: now });
    else if (parts.size < room || owner.kind === 'unattributed') {
      parts.set(id, { device, owner, seconds: amount, seenAt: now });
    } else return false;
    return true;
  }

  function divideDevice(
    use: DeviceUse,
    window: Window | undefined,
    { ownerOf, holdersOf }: Division,
    now: number,
  ): readonly Owner[] {
    if (window === undefined) return [];
    const { device } = use;
    const seconds = (devices.get(deviceId(device))?.seconds ?? 0) + window.busySeconds;
    devices.set(deviceId(device), { device, seconds, seenAt: now });
    const refused = divideBusy(use, window, ownerOf, holdersOf(device)).filter((part) => !addPart(device, part, now));
    for (const { amount } of refused) addPart(device, { owner: unattributed, amount }, now);
    return refused.map(({ owner }) => owner);
  }

  function forget(now: number): void {
    for (const [id, { seenAt }] of devices) if (now - seenAt > retentionSeconds) devices.delete(id);
    for (const [id, { seenAt }] of parts) if (now - seenAt > retentionSeconds) parts.delete(id);
  }

  return {
    read: (reading, now) => {
      const step = readAt === undefined ? 0 : Math.max(0, now - readAt);
      readAt = reading === undefined ? undefined : now;
      if (reading === undefined || step > maxStepSeconds) return;
      for (const { device, busyRatio } of reading.gpus.flatMap(devicesOf)) {
        if (busyRatio !== undefined) add(device, busyRatio, step);
      }
    },
    take: () => {
      const taken = pending;
      pending = new Map();
      return taken;
    },
    divide: (uses, windows, division, now) => {
      const listed = new Set(uses.map(({ device }) => deviceId(device)));
      const others = [...windows].filter(([id]) => !listed.has(id)).map(([, { device }]) => unlisted(device));
      const refused = [...uses, ...others].flatMap((use) =>
        divideDevice(use, windows.get(deviceId(use.device)), division, now),
      );
      forget(now);
      return [...new Map(refused.map((owner) => [ownerId(owner), owner])).values()];
    },
    devices: () => [...devices.values()].map(({ device, seconds }) => ({ device, seconds })),
    parts: () => [...parts.values()].map(({ device, owner, seconds }) => ({ device, owner, seconds })),
  };
}

/** Who computed on a whole GPU is not known without its processes; an instance belongs to its holder alone. */
function unlisted(device: DeviceKey): DeviceUse {
  const smMeasured = device.gpuInstanceId === undefined;
  return { device, usedBytes: undefined, busyRatio: undefined, processes: [], smMeasured };
}
