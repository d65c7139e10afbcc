import type { DeviceKey } from './attribution.ts';
import { deviceId } from './keys.ts';

export const maxNames = 50;
/** Stands for the names beyond the bound. */
export const otherName = 'other';
/** The kernel's own limit for the name of a process is 15; the name of an executable may be longer. */
const maxLength = 64;

/** Names under which bare processes are shown: none unless wanted, and so many for each device. */
export interface ProcessNames {
  readonly nameOf: (device: DeviceKey, name: string, now: number) => string;
  /** How many processes were shown as others. */
  readonly refused: () => number;
}

interface Settings {
  readonly isShown: boolean;
  /** How long a name keeps its place after it was last seen. */
  readonly retentionSeconds: number;
}

export function createProcessNames({ isShown, retentionSeconds }: Settings): ProcessNames {
  const byDevice = new Map<string, Map<string, number>>();
  let refused = 0;

  function lastSeen(device: DeviceKey): Map<string, number> {
    const id = deviceId(device);
    const names = byDevice.get(id) ?? new Map<string, number>();
    byDevice.set(id, names);
    return names;
  }

  return {
    nameOf: (device, name, now) => {
      if (!isShown) return '';
      const names = lastSeen(device);
      for (const [known, at] of names) if (now - at > retentionSeconds) names.delete(known);
      const short = name.slice(0, maxLength);
      if (!names.has(short) && names.size >= maxNames) {
        refused++;
        return otherName;
      }
      names.set(short, now);
      return short;
    },
    refused: () => refused,
  };
}
