import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { SourceError } from '../../../../kit/errors.ts';

export const kmsgPath = '/dev/kmsg';
// Character device 1:11 (Documentation/admin-guide/devices.txt of Linux), as stat() of Linux puts the two numbers together.
const kmsgNumber = (1 << 8) | 11;

export interface KmsgDevice {
  /** Reads one record; throws with EAGAIN if there is none, and with EPIPE if the next one was written over. */
  readonly read: (buffer: Buffer) => number;
  readonly close: () => void;
}

/** Opens the kernel's log. In some containers that name is a console, from which reading would never return. */
export function openKmsg(path: string): KmsgDevice {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!isKmsg(fstatSync(descriptor))) {
    closeSync(descriptor);
    throw new SourceError(`${path} is not the device of the kernel log here; mount that of the host`);
  }
  return {
    read: (buffer) => readSync(descriptor, buffer, 0, buffer.length, null),
    close: () => closeSync(descriptor),
  };
}

export function isKmsg(stats: { readonly rdev: number; isCharacterDevice(): boolean }): boolean {
  return stats.isCharacterDevice() && stats.rdev === kmsgNumber;
}
