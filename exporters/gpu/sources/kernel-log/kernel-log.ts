import { statSync } from 'node:fs';
import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import { timer } from '../../../../kit/timer.ts';
import { createFileReader } from './file-reader.ts';
import { type KernelXid, toKernelXid } from './kernel-xid.ts';
import { isKmsg, kmsgPath, openKmsg } from './kmsg-device.ts';
import { createKmsgReader } from './kmsg-reader.ts';
import type { LogPiece, LogReader } from './log-reader.ts';

export interface KernelLogSettings {
  /** The log, `none`, or `auto` for /dev/kmsg if it can be read. */
  readonly path: string;
  readonly pollSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface KernelLog {
  /** `onXids` is called with one event or more, never within `start` itself. */
  readonly start: (onXids: (events: readonly KernelXid[]) => void) => void;
  /** XIDs are heard now. */
  readonly isActive: () => boolean;
  readonly stop: () => void;
}

/** Pieces of one poll. A log that grows faster waits for the next, so that a flood leaves time for the rest of the exporter. */
export const piecesPerPoll = 32;

/** Listens to the kernel log for XIDs. One that cannot be read is tried again, unless it was only tried because of `auto`. */
export function createKernelLog({ path, ...rest }: KernelLogSettings): KernelLog {
  if (path === 'none') return { start: () => {}, isActive: () => false, stop: () => {} };
  if (path === 'auto') return listenTo(readerOf(kmsgPath), { ...rest, path: kmsgPath, mustBeRead: false });
  return listenTo(readerOf(path), { ...rest, path, mustBeRead: true });
}

export function listenTo(
  reader: LogReader,
  { path, pollSeconds, clock, log, mustBeRead }: KernelLogSettings & { readonly mustBeRead: boolean },
): KernelLog {
  const untilPoll = timer();
  let hand = (_: readonly KernelXid[]): void => {};
  let startedAt = 0;
  let isStopped = false;
  let isPolling = false;
  let isActive = false;
  let wasRead = false;
  let hasMissed = false;
  /** Why it could not be read the last time. */
  let complaint: string | undefined;

  async function poll(): Promise<void> {
    for (let pieces = 0; pieces < piecesPerPoll && !isStopped; pieces++) {
      const piece = await readPiece();
      if (piece === undefined || isStopped) return;
      take(piece);
      if (!piece.isBehind) return;
      await turnOfOthers();
    }
  }

  async function readPiece(): Promise<LogPiece | undefined> {
    try {
      const piece = await reader.poll();
      if (complaint !== undefined) log.info('the kernel log can be read again', { path });
      complaint = undefined;
      wasRead = true;
      return piece;
    } catch (error) {
      complain(reasonOf(error));
      return undefined;
    }
  }

  function complain(reason: string): void {
    isActive = false;
    if (reason === complaint) return;
    complaint = reason;
    if (mustBeRead || wasRead) log.warn('the kernel log cannot be read, it is tried again', { path, reason });
    else log.info('XIDs are heard through NVML only, the kernel log cannot be read', { path, reason });
  }

  function take({ messages, isBacklog, isSilent, missed }: LogPiece): void {
    isActive = !isSilent;
    if (missed > 0) warnOnce(missed);
    const time = { now: clock.now(), kernelNow: kernelNow(), startedAt };
    const events = messages.flatMap((message) => toKernelXid(message, isBacklog, time) ?? []);
    if (events.length > 0) hand(events);
  }

  function warnOnce(missed: number): void {
    if (!hasMissed)
      log.warn('the kernel wrote over messages before they were read: XIDs may be missing', { path, missed });
    hasMissed = true;
  }

  async function run(): Promise<void> {
    isPolling = true;
    await poll();
    isPolling = false;
    const isGivenUp = !mustBeRead && !wasRead;
    if (isStopped || isGivenUp) await reader.close();
    else untilPoll.set(pollSeconds, () => void run());
  }

  return {
    start: (onXids) => {
      hand = onXids;
      startedAt = clock.now();
      untilPoll.set(0, () => void run());
    },
    isActive: () => isActive,
    stop: () => {
      isStopped = true;
      isActive = false;
      untilPoll.clear();
      // A poll under way closes it itself.
      if (!isPolling) void reader.close();
    },
  };
}

function readerOf(path: string): LogReader {
  return path === kmsgPath || isKmsgAt(path)
    ? createKmsgReader({ open: () => openKmsg(path) })
    : createFileReader({ path });
}

function isKmsgAt(path: string): boolean {
  try {
    return isKmsg(statSync(path));
  } catch {
    return false;
  }
}

/** CLOCK_MONOTONIC, which the clock of the kernel log follows; it may drift from it by seconds in weeks. */
function kernelNow(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
