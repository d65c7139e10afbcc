import { otherXid } from '../xid-ledger.ts';
import { normalPci } from './pci-address.ts';

export interface XidLine {
  /** As `normalPci` writes it. */
  readonly pciBusId: string;
  readonly xid: number;
  /** The MIG GPU instance that the driver blames. */
  readonly gpuInstanceId?: number;
}

/** What every XID message begins with. */
export const xidMark = 'NVRM: Xid (';

// (PCI:0000:18:00), before driver 319 (0000:18:00), on a MIG GPU (PCI:0000:18:00 GPU-I:05) or (… GPU-I:05 GPU-CI:00), in decimal.
const message =
  /^NVRM: Xid \((?:PCI:)?(?<pci>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?)(?: GPU-I:(?<instance>\d{1,3}))?(?: GPU-CI:\d{1,3})?\): (?<xid>\d{1,10})(?!\d)/i;
const highestXid = 9999;

/**
 * Reads a message of the NVIDIA driver that reports an XID; undefined for every other message. The message must begin with it, so that
 * a program that quotes one in its own log reports nothing. Numbers that no driver uses count as `otherXid`. The pid and the name of
 * the process, which follow, are not read.
 */
export function parseXidLine(text: string): XidLine | undefined {
  const { pci = '', instance, xid } = message.exec(text)?.groups ?? {};
  const pciBusId = normalPci(pci);
  if (pciBusId === undefined || xid === undefined) return undefined;
  const code = Number(xid);
  const line = { pciBusId, xid: code > highestXid ? otherXid : code };
  return instance === undefined ? line : { ...line, gpuInstanceId: Number(instance) };
}
