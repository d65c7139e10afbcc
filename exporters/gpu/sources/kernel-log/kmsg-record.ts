import type { KernelMessage } from './kernel-message.ts';

export interface KmsgRecord extends KernelMessage {
  /** Counts up by one from boot. */
  readonly sequence: number;
  readonly kernelSeconds: number;
}

const header = /^\d{1,10},(\d{1,16}),(\d{1,16})(?:,[^;]*)?;/;

/**
 * Reads records of /dev/kmsg: `priority,sequence,microseconds,flags;text`, then lines that begin with a space and tell of the device.
 * Format: Documentation/ABI/testing/dev-kmsg of Linux. Only root can write records of its own there, so they count like the driver's.
 */
export function parseKmsgRecords(text: string): readonly KmsgRecord[] {
  return text.split('\n').flatMap((line) => {
    const [head = '', sequence, microseconds] = header.exec(line) ?? [];
    if (sequence === undefined || microseconds === undefined) return [];
    return { sequence: Number(sequence), kernelSeconds: Number(microseconds) / 1e6, text: line.slice(head.length) };
  });
}
