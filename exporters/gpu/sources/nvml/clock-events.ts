import { type ClockEventReason, clockEventReasons } from '../../reading.ts';

// Bits 0x1 to 0x100 are nvmlClocksEventReason* of nvml.h. Drivers also set 0x200 and 0x400, which no header names; nvidia-smi -q
// shows them as board limit and reliability.
const reasonOfBit = clockEventReasons.filter((reason) => reason !== 'unknown');

/** The reasons whose bits are set, in the order of the bits; all bits without a name make one `unknown`. */
export function clockEventReasonsOf(mask: bigint): ClockEventReason[] {
  const active: ClockEventReason[] = reasonOfBit.filter((_, bit) => (mask & (1n << BigInt(bit))) !== 0n);
  const hasUnnamed = mask >> BigInt(reasonOfBit.length) !== 0n;
  return hasUnnamed ? [...active, 'unknown'] : active;
}
