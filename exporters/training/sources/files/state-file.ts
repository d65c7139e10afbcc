import { createHash } from 'node:crypto';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import { isMarked, readBounded, replaceFile, within } from '../../../../kit/state-file.ts';
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
    isForeign = !isMarked(text, fileMark);
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
      await replaceFile(path, text);
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
