import type { GpuProcess, GpuReading } from '../reading.ts';
import type { DeviceKey, Holder, Owner } from './attribution.ts';
import { ownerId } from './keys.ts';
import { unattributed } from './owners.ts';

/** A device and what is to be divided of it: a whole GPU, or with MIG each of its instances. */
export interface DeviceUse {
  readonly device: DeviceKey;
  readonly usedBytes: number | undefined;
  /** Share of time in which it computed, 0 to 1. */
  readonly busyRatio: number | undefined;
  readonly processes: readonly GpuProcess[];
  /** Whether `smRatio` of its processes is measured. */
  readonly smMeasured: boolean;
}

/** With MIG the instances are the devices and the GPU is none, or everything would be counted twice. */
export function devicesOf({ index, uuid, memory, utilization, mig, processes }: GpuReading): readonly DeviceUse[] {
  if (mig === undefined || !mig.enabled) {
    return [
      {
        device: { index, uuid },
        usedBytes: memory?.usedBytes,
        busyRatio: utilization?.gpuRatio,
        processes: processes?.list ?? [],
        smMeasured: processes?.smMeasured ?? false,
      },
    ];
  }
  const list = processes?.list ?? [];
  const ids = new Set(mig.instances.map(({ gpuInstanceId }) => gpuInstanceId));
  const instances = [...ids].map((gpuInstanceId) => {
    // Compute instances share the memory and the activity of their GPU instance; one of them may tell what another does not.
    const same = mig.instances.filter((instance) => instance.gpuInstanceId === gpuInstanceId);
    return {
      device: { index, uuid, gpuInstanceId },
      usedBytes: same.find((instance) => instance.memory !== undefined)?.memory?.usedBytes,
      busyRatio: same.find((instance) => instance.activity !== undefined)?.activity?.smRatio,
      processes: list.filter((process) => process.gpuInstanceId === gpuInstanceId),
      smMeasured: false,
    };
  });
  const unplaced = list.filter((process) => process.gpuInstanceId === undefined || !ids.has(process.gpuInstanceId));
  return unplaced.length === 0 ? instances : [...instances, onlyCounted({ index, uuid }, unplaced)];
}

/** Processes of which the driver does not tell the instance are counted on the GPU, of which nothing else is divided. */
function onlyCounted(device: DeviceKey, processes: readonly GpuProcess[]): DeviceUse {
  return { device, usedBytes: undefined, busyRatio: undefined, processes, smMeasured: false };
}

export type OwnerOf = (device: DeviceKey, process: GpuProcess) => Owner;

/** The part of one owner in something of a device, in its unit. */
export interface Part {
  readonly owner: Owner;
  readonly amount: number;
}

/**
 * Used memory of a device by owner; the rest, such as contexts of the driver, is unattributed. Where processes report more than the device
 * does, as with memory that several of them map, each part is scaled down. The parts are whole bytes and add up to the device exactly.
 * Undefined where the device does not tell.
 */
export function divideMemory(use: DeviceUse, ownerOf: OwnerOf): readonly Part[] | undefined {
  const { usedBytes, processes, device } = use;
  if (usedBytes === undefined) return undefined;
  const parts = sumByOwner(
    processes.map((process) => ({ owner: ownerOf(device, process), amount: process.usedMemoryBytes ?? 0 })),
  );
  return fill(scaleTo(usedBytes, parts, Math.floor), usedBytes);
}

export interface Window {
  /** For so long the device computed in it. */
  readonly busySeconds: number;
  readonly windowSeconds: number;
}

/**
 * Divides `busySeconds`, for which the device computed in a window of `windowSeconds`, by the shares of time of its processes. Where these
 * overlap, as kernels of several processes do under MPS, each part is scaled down; what no process accounts for is unattributed. Without
 * process times the only one who can have been it gets everything.
 */
export function divideBusy(
  use: DeviceUse,
  { busySeconds, windowSeconds }: Window,
  ownerOf: OwnerOf,
  holders: readonly Holder[],
): readonly Part[] {
  const { device, processes, smMeasured } = use;
  const owners = processes.map((process) => ownerOf(device, process));
  if (!smMeasured) {
    return fill([{ owner: onlyUser(use, owners, holders), amount: busySeconds }, ...owners.map(nothing)], busySeconds);
  }
  const parts = processes.map(({ smRatio = 0 }, index) => ({
    owner: owners[index] ?? unattributed,
    amount: Math.min(1, Math.max(0, smRatio)) * windowSeconds,
  }));
  return fill(scaleTo(busySeconds, sumByOwner(parts), Number), busySeconds);
}

function nothing(owner: Owner): Part {
  return { owner, amount: 0 };
}

/**
 * The only owner of processes on the device, or where none runs the only holder. An instance belongs to its holder alone, so there also
 * processes that cannot be seen are those of the holder.
 */
function onlyUser({ device }: DeviceUse, owners: readonly Owner[], holders: readonly Holder[]): Owner {
  const [holder, ...otherHolders] = holders;
  const onlyHolder = otherHolders.length === 0 ? holder : undefined;
  const isInstance = device.gpuInstanceId !== undefined;
  const users = new Map(owners.map((owner) => [ownerId(owner), owner]));
  if (isInstance && onlyHolder !== undefined) users.delete(ownerId(unattributed));
  const [user, ...others] = users.values();
  if (user === undefined) return onlyHolder ?? unattributed;
  return others.length === 0 ? user : unattributed;
}

function sumByOwner(parts: readonly Part[]): readonly Part[] {
  const sums = new Map<string, Part>();
  for (const { owner, amount } of parts) {
    const id = ownerId(owner);
    sums.set(id, { owner, amount: amount + (sums.get(id)?.amount ?? 0) });
  }
  return [...sums.values()];
}

/** Scales the parts down so that they are no more than the whole. */
function scaleTo(whole: number, parts: readonly Part[], round: (amount: number) => number): readonly Part[] {
  const sum = total(parts);
  if (sum <= whole) return parts;
  return parts.map(({ owner, amount }) => ({ owner, amount: round((amount / sum) * whole) }));
}

/** Adds what is missing to the unattributed part, which is there even if it is 0. */
function fill(parts: readonly Part[], whole: number): readonly Part[] {
  const rest = Math.max(0, whole - total(parts));
  return sumByOwner([...parts, { owner: unattributed, amount: rest }]);
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0);
}
