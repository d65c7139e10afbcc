import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { KernelMessage } from './kernel-message.ts';
import type { KmsgDevice } from './kmsg-device.ts';
import { type KmsgRecord, parseKmsgRecords } from './kmsg-record.ts';
import type { LogPiece, LogReader } from './log-reader.ts';
import { xidMark } from './xid-line.ts';

/** Reads of one piece: records of a kernel that floods take some milliseconds, then others have their turn. */
export const readsPerPiece = 1000;
/** The kernel gives a record whole or not at all; its longest is 8 KiB. */
const recordBytes = 16 * 1024;
const rights = 'run the exporter as root or with CAP_SYSLOG, and in a container mount the device and allow it';

/**
 * Reads /dev/kmsg. What the kernel wrote before is read first, as backlog; after the device had to be opened anew, no record comes
 * twice.
 */
export function createKmsgReader({ open }: { readonly open: () => KmsgDevice }): LogReader {
  const buffer = Buffer.alloc(recordBytes);
  let device: KmsgDevice | undefined;
  let isBacklog = true;
  let lastSequence: number | undefined;

  function opened(): KmsgDevice {
    try {
      return open();
    } catch (error) {
      throw new SourceError(`${reasonOf(error)} (${rights})`);
    }
  }

  /** Undefined at the end of the log; no records where some were written over or one is too long, which is passed over. */
  function read(from: KmsgDevice): readonly KmsgRecord[] | undefined {
    try {
      const size = from.read(buffer);
      return size === 0 ? undefined : parseKmsgRecords(buffer.toString('latin1', 0, size));
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'EAGAIN') return undefined;
      if (code === 'EPIPE' || code === 'EINVAL' || code === 'EINTR') return [];
      close();
      throw new SourceError(`the kernel log broke off: ${reasonOf(error)}`);
    }
  }

  function close(): void {
    device?.close();
    device = undefined;
  }

  function unseen(records: readonly KmsgRecord[]): readonly KmsgRecord[] {
    return records.filter(({ sequence }) => lastSequence === undefined || sequence > lastSequence);
  }

  /** How many records are missing before this one. */
  function missedBefore({ sequence }: KmsgRecord): number {
    const missed = lastSequence === undefined ? 0 : sequence - lastSequence - 1;
    lastSequence = sequence;
    return missed;
  }

  function piece(): LogPiece {
    device ??= opened();
    const wasBacklog = isBacklog;
    const messages: KernelMessage[] = [];
    let missed = 0;
    for (let reads = 0; reads < readsPerPiece; reads++) {
      const records = read(device);
      isBacklog &&= records !== undefined;
      if (records === undefined) return { messages, isBacklog: wasBacklog, isBehind: false, isSilent: false, missed };
      for (const record of unseen(records)) {
        missed += missedBefore(record);
        if (record.text.startsWith(xidMark)) messages.push(heard(record, wasBacklog));
      }
    }
    return { messages, isBacklog: wasBacklog, isBehind: true, isSilent: false, missed };
  }

  return {
    poll: async () => piece(),
    close: async () => close(),
  };
}

/** A record that was waited for is as old as it takes to ask: that is more exact than the clock of the kernel log, which drifts. */
function heard({ text, kernelSeconds }: KmsgRecord, isBacklog: boolean): KernelMessage {
  return isBacklog ? { text, kernelSeconds } : { text };
}
