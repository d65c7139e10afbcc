import { createHash } from 'node:crypto';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { FileState } from './file-state.ts';
import { readFileState } from './read-file-state.ts';

export const maxStateBytes = 64 * 1024 * 1024;
/** A disk that hangs must not hold up anything else. */
const patienceSeconds = 10;

export interface SavedState {
  readonly files: FileState;
  /** What the run book gave, unread. */
  readonly runs: unknown;
}

/** The file in which offsets and runs survive a restart. Nothing here fails: without a usable file all is read from the beginning. */
export interface StateFile {
  /** Undefined if there is nothing to go on from. */
  readonly load: () => Promise<SavedState | undefined>;
  /** Resolves when the file holds the state, or when that is given up. Writes nothing if nothing changed. */
  readonly save: (state: SavedState) => Promise<void>;
}

interface Deps {
  readonly log: Log;
  readonly patienceSeconds?: number;
  readonly maxBytes?: number;
}

const format = 'fleetlens-training-state';
const version = 1;
/** Stands at the start of every file that was written here. */
export const fileMark = `{"format":"${format}"`;

export function createStateFile(path: string, { log, ...limits }: Deps): StateFile {
  const patience = limits.patienceSeconds ?? patienceSeconds;
  const maxBytes = limits.maxBytes ?? maxStateBytes;
  const late = `the disk does not answer within ${patience} s`;
  let isForeign = false;
  let failure: string | undefined;
  /** Checksum of what the file holds; the text itself may be large. */
  let written: string | undefined;
  let writing: Promise<boolean> | undefined;

  function report(reason: string | undefined): void {
    if (reason === failure) return;
    failure = reason;
    if (reason === undefined) log.info('the state file can be written again', { file: path });
    else
      log.warn('the state file cannot be written, so all files are read from the beginning after a restart', {
        file: path,
        reason,
        remedy: 'let this user write to its folder, or make room on the disk',
      });
  }

  function startAnew(reason: string, remedy: string): undefined {
    log.warn('the state file is not used, so all files are read from the beginning', { file: path, reason, remedy });
    return undefined;
  }

  async function load(): Promise<SavedState | undefined> {
    const text = await readBounded(path, maxBytes);
    if (text === undefined) return undefined;
    const state = stateOf(text);
    if (state !== undefined) return state;
    isForeign = !isOurs(text);
    return isForeign
      ? startAnew('it holds something else', 'name another file with --state.file; this one is left as it is')
      : startAnew('it is damaged, or of another version', 'none is needed, it is written anew');
  }

  async function loadOrWarn(): Promise<SavedState | undefined> {
    try {
      return await load();
    } catch (error) {
      return startAnew(reasonOf(error), 'let this user read and write the file');
    }
  }

  async function write(text: string, sum: string): Promise<void> {
    try {
      if (Buffer.byteLength(text) > maxBytes) throw new SourceError(`the state is larger than ${maxBytes} bytes`);
      await replace(path, text);
      written = sum;
      report(undefined);
    } catch (error) {
      report(reasonOf(error));
    }
  }

  return {
    load: async () => {
      const state = await within(patience * 1000, loadOrWarn(), late);
      return typeof state === 'string' ? startAnew(late, 'see to the disk') : state;
    },
    save: async ({ files, runs }) => {
      if (isForeign) return;
      if (writing !== undefined) return report(late);
      const text = `${JSON.stringify({ format, version, files, runs })}\n`;
      const sum = createHash('sha1').update(text).digest('hex');
      if (sum === written) return;
      const done = write(text, sum).then(() => {
        writing = undefined;
        return true;
      });
      writing = done;
      if (!(await within(patience * 1000, done, false))) report(late);
    },
  };
}

function stateOf(text: string): SavedState | undefined {
  try {
    const saved: unknown = JSON.parse(text);
    if (typeof saved !== 'object' || saved === null || !('files' in saved) || !('version' in saved)) return undefined;
    if (!('format' in saved) || saved.format !== format || saved.version !== version) return undefined;
    return { files: readFileState(saved.files), runs: 'runs' in saved ? saved.runs : undefined };
  } catch {
    return undefined;
  }
}

/** An empty file, or one of zeros, is what a power failure leaves; everything else that is not ours belongs to somebody. */
function isOurs(text: string): boolean {
  return text.startsWith(fileMark.slice(0, text.length)) || /^\0*$/.test(text);
}

/** Undefined if there is no file. Reads no more than is allowed, whatever the size of the file pretends to be. */
async function readBounded(path: string, maxBytes: number): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (size === undefined) return undefined;
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, maxBytes) + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Only a plain file is opened: a pipe would wait for somebody to write. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new SourceError('it is no plain file');
    return stats.size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whoever reads the file sees the old state or the new one, whenever the process ends. */
async function replace(path: string, text: string): Promise<void> {
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

/** `late` if the work is still under way then. */
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
