import { scalarRecord, versionRecord } from './event-record.ts';
import type { RunFiles } from './run-files.ts';

/** One TensorBoard event file. What is added lies in memory until it is flushed, and is lost if the program crashes before. */
export interface EventFile {
  readonly add: (step: number, unixSeconds: number, scalars: Readonly<Record<string, number>>) => void;
  readonly flush: () => void;
  /** Time goes by; flushes if the last time is long enough ago. */
  readonly pass: (unixSeconds: number) => void;
}

interface Settings {
  readonly folder: string;
  readonly host: string;
  readonly pid: number;
  /** When it is opened, as Unix time. */
  readonly openedSeconds: number;
}

/** Frameworks wait for up to two minutes; nobody who tries a demonstration should. */
const flushSeconds = 5;

export function createEventFile({ folder, host, pid, openedSeconds }: Settings, files: RunFiles): EventFile {
  const path = `${folder}/events.out.tfevents.${Math.floor(openedSeconds)}.${host}.${pid}.0`;
  let pending: Buffer[] = [versionRecord(openedSeconds)];
  let flushedSeconds = openedSeconds;
  flush();

  function flush(): void {
    if (pending.length > 0) files.append(path, Buffer.concat(pending));
    pending = [];
  }

  return {
    add: (step, unixSeconds, scalars) => {
      for (const [tag, value] of Object.entries(scalars)) pending.push(scalarRecord(unixSeconds, step, tag, value));
    },
    flush,
    pass: (unixSeconds) => {
      if (unixSeconds - flushedSeconds < flushSeconds) return;
      // At fixed times, so that it does not matter how often somebody asks.
      flushedSeconds += flushSeconds * Math.floor((unixSeconds - flushedSeconds) / flushSeconds);
      flush();
    },
  };
}
