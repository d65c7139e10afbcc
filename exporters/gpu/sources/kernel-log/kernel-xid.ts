import type { KernelMessage } from './kernel-message.ts';
import { parseXidLine, type XidLine } from './xid-line.ts';

/** An XID that the kernel log tells of. */
export interface KernelXid extends XidLine {
  /** Unix time. */
  readonly atSeconds: number;
  /** It was reported before the exporter started: it tells when there was one, and is not to be counted. */
  readonly isOld: boolean;
}

export interface KernelTime {
  /** Unix time. */
  readonly now: number;
  /** Now on the clock of the kernel log. */
  readonly kernelNow: number;
  /** When the exporter started, as Unix time. */
  readonly startedAt: number;
}

/** Undefined for a message that reports no XID. */
export function toKernelXid(message: KernelMessage, isBacklog: boolean, time: KernelTime): KernelXid | undefined {
  const line = parseXidLine(message.text);
  if (line === undefined) return undefined;
  const atSeconds = Math.min(time.now, writtenAt(message, time));
  return { ...line, atSeconds, isOld: isBacklog || atSeconds < time.startedAt };
}

function writtenAt({ unixSeconds, kernelSeconds }: KernelMessage, { now, kernelNow }: KernelTime): number {
  if (unixSeconds !== undefined) return unixSeconds;
  return kernelSeconds === undefined ? now : now - (kernelNow - kernelSeconds);
}
