import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { readBounded } from './bounded-file.ts';
import { reasonOf, SourceError } from './errors.ts';
import type { Log } from './log.ts';

/** A disk that hangs must not hold up anything else. */
const defaultPatienceSeconds = 10;

/** A file in which a daemon keeps what is to survive a restart. Nothing here fails: without a usable file it starts anew. */
export interface StateFile<T> {
  /** Undefined if there is nothing to go on from. */
  readonly load: () => Promise<T | undefined>;
  /** Resolves when the file holds the text, or when that is given up. Writes nothing if nothing changed. */
  readonly save: (text: string) => Promise<void>;
}

export interface StateFileSettings<T> {
  readonly path: string;
  /** The option that names the file, such as `--state.file`. */
  readonly option: string;
  /** Stands at the start of every text that is saved. A file of somebody else is left alone. */
  readonly mark: string;
  readonly maxBytes: number;
  /** What a restart without the file means, in words: `all files are read from the beginning`. */
  readonly consequence: string;
  /** Undefined for a text that is damaged or of another version. */
  readonly parse: (text: string) => T | undefined;
  readonly log: Log;
  readonly patienceSeconds?: number | undefined;
}

export function createStateFile<T>(settings: StateFileSettings<T>): StateFile<T> {
  const { path, option, mark, maxBytes, consequence, parse, log } = settings;
  const patienceSeconds = settings.patienceSeconds ?? defaultPatienceSeconds;
  const late = Symbol('late');
  const lateReason = `the disk does not answer within ${patienceSeconds} s`;
  let isForeign = false;
  let failure: string | undefined;
  /** Checksum of what the file holds; the text itself may be large. */
  let written: string | undefined;
  let writing: Promise<unknown> | undefined;

  function report(reason: string | undefined): void {
    if (reason === failure) return;
    failure = reason;
    if (reason === undefined) log.info('the state file can be written again', { file: path });
    else
      log.warn(`the state file cannot be written, so ${consequence} after a restart`, {
        file: path,
        reason,
        remedy: 'let this user write to its folder, or make room on the disk',
      });
  }

  function startAnew(reason: string, remedy: string): undefined {
    log.warn(`the state file is not used, so ${consequence}`, { file: path, reason, remedy });
    return undefined;
  }

  async function load(): Promise<T | undefined> {
    const text = await readBounded(path, maxBytes);
    if (text === undefined) return undefined;
    const state = parse(text);
    if (state !== undefined) return state;
    isForeign = !isMarked(text, mark);
    return isForeign
      ? startAnew('it holds something else', `name another file with ${option}; this one is left as it is`)
      : startAnew('it is damaged, or of another version', 'none is needed, it is written anew');
  }

  async function loadOrWarn(): Promise<T | undefined> {
    try {
      return await load();
    } catch (error) {
      return startAnew(reasonOf(error), 'let this user read and write the file');
    }
  }

  async function write(text: string, sum: string): Promise<void> {
    try {
      if (Buffer.byteLength(text) > maxBytes) throw new SourceError(`the state is larger than ${maxBytes} bytes`);
      await replaceFile(path, text);
      written = sum;
      report(undefined);
    } catch (error) {
      report(reasonOf(error));
    }
  }

  return {
    load: async () => {
      const state = await within(patienceSeconds * 1000, loadOrWarn(), late);
      return state === late ? startAnew(lateReason, 'see to the disk') : state;
    },
    save: async (text) => {
      if (isForeign) return;
      if (writing !== undefined) return report(lateReason);
      const sum = createHash('sha1').update(text).digest('hex');
      if (sum === written) return;
      writing = write(text, sum).finally(() => {
        writing = undefined;
      });
      if ((await within(patienceSeconds * 1000, writing, late)) === late) report(lateReason);
    },
  };
}

/** Writes a file that only its owner may read. Whoever reads it sees the old text or the new one, whenever the process ends. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await rm(temporary, { force: true });
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Whether a text begins as ours do. An empty file, or one of zeros, is what a power failure leaves; all else belongs to somebody. */
function isMarked(text: string, mark: string): boolean {
  return text.startsWith(mark.slice(0, text.length)) || /^\0*$/.test(text);
}

/** `late` if the work is still under way after that time. */
async function within<T, L>(milliseconds: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<L>((resolve) => {
    timer = setTimeout(() => resolve(late), milliseconds);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
  }
}
