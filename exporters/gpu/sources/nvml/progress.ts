import { writeSync } from 'node:fs';
import { progressDriver, progressFd, progressIdle } from './protocol.ts';

/** Tells the parent what is about to be touched, so that it knows who to blame for a hang or a crash. */
export interface Progress {
  gpu(index: number): void;
  driver(): void;
  idle(): void;
}

/** Writes the bytes of the protocol to `progressFd`; each is out before the call it announces begins. */
export function writeProgress(fd: number = progressFd): Progress {
  const byte = Buffer.alloc(1);
  let last: number | undefined;

  function write(value: number): void {
    if (value === last) return;
    last = value;
    byte.writeUInt8(value);
    try {
      writeSync(fd, byte);
    } catch {
      // The parent is gone or does not read. It hears of that through the message channel; readings need not suffer.
    }
  }

  return {
    gpu: (index) => write(index < progressDriver ? index : progressDriver),
    driver: () => write(progressDriver),
    idle: () => write(progressIdle),
  };
}
