/** Who writes an event file, from its name. */
export interface EventFileWriter {
  readonly startedAtSeconds: number;
  readonly host: string;
  /** Old writers leave it out. */
  readonly pid: number | undefined;
}

/**
 * `events.out.tfevents.<seconds>.<host>.<pid>.<uid>` with a suffix of the user's or `.v2` behind it. The host may have dots and digits in it,
 * so it is read from the end.
 */
const fullName = /tfevents\.(\d{1,12})\.(.{1,253})\.(\d{1,10})\.\d{1,10}(?:[._-]?[A-Za-z_-][^/]*)?$/;
const nameWithoutPid = /tfevents\.(\d{1,12})\.([^/]{1,253})$/;

export function writerOfEventFile(name: string): EventFileWriter | undefined {
  const [, seconds, host, pid] = fullName.exec(name) ?? nameWithoutPid.exec(name) ?? [];
  if (seconds === undefined || host === undefined) return undefined;
  return { startedAtSeconds: Number(seconds), host, pid: pid === undefined ? undefined : Number(pid) };
}
