import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Clock } from '../../../../kit/clock.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { SavedTimes } from '../../attribution/allocated-time.ts';
import { fileMark, readState, type SavedState, writeState } from './saved-times.ts';

/** 10,000 holders with the longest names that Kubernetes allows take less. */
export const maxStateBytes = 8 * 1024 * 1024;
/** After a longer pause nobody can say that the holder had the device all the time. */
export const maxPauseSeconds = 3600;
/** A disk that hangs must not keep values from being shown. */
const patienceSeconds = 10;

export interface Remembered {
  readonly times: SavedTimes;
  /** Time since it was saved; 0 if the wall clock was set back. */
  readonly agoSeconds: number;
}

/** The file in which allocated times survive a restart. Nothing here fails: without a usable file times start at 0. */
export interface StateFile {
  /** Undefined if there is nothing to go on from. */
  readonly load: () => Promise<Remembered | undefined>;
  /** Resolves when the file holds the times, or when that is given up. */
  readonly save: (times: SavedTimes) => Promise<void>;
}

interface Deps {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the kernel tells which boot this is. */
  readonly bootIdFile: string;
  readonly patienceSeconds?: number;
}

export function createStateFile(path: string, deps: Deps): StateFile {
  const { clock, log, bootIdFile } = deps;
  const patience = (deps.patienceSeconds ?? patienceSeconds) * 1000;
  const late = `the disk does not answer within ${patience / 1000} s`;
  let bootId: string | undefined;
  let isForeign = false;
  let failure: string | undefined;
  let writing: Promise<boolean> | undefined;

  function report(reason: string | undefined): void {
    if (reason === failure) return;
    failure = reason;
    if (reason === undefined) log.info('the state file can be written again', { file: path });
    else
      log.warn('the state file cannot be written, so allocated seconds start at 0 after a restart', {
        file: path,
        reason,
        remedy: 'let this user write to its folder, or make room on the disk',
      });
  }

  /** Empty where the kernel does not tell; such a state is not gone on from. */
  async function currentBoot(): Promise<string> {
    try {
      bootId ??= (await readFile(bootIdFile, 'utf8')).trim();
      return bootId;
    } catch {
      return '';
    }
  }

  function startAtZero(reason: string, remedy: string): undefined {
    log.warn('the state file is not used, so allocated seconds start at 0', { file: path, reason, remedy });
    return undefined;
  }

  async function load(): Promise<Remembered | undefined> {
    const text = await readBounded(path);
    if (text === undefined) return undefined;
    const state = readState(text);
    if (state !== undefined) return goOnFrom(state);
    isForeign = !isOurs(text);
    return isForeign
      ? startAtZero(
          'it holds something else',
          'name another file with --attribution.state-file; this one is left as it is',
        )
      : startAtZero('it is damaged', 'none is needed, it is written anew');
  }

  async function loadOrWarn(): Promise<Remembered | undefined> {
    try {
      return await load();
    } catch (error) {
      return startAtZero(reasonOf(error), 'let this user read and write the file');
    }
  }

  async function goOnFrom(state: SavedState): Promise<Remembered | undefined> {
    const agoSeconds = Math.max(0, clock.now() - state.savedAtSeconds);
    const thisBoot = await currentBoot();
    const isSameBoot = thisBoot !== '' && state.bootId === thisBoot;
    if (isSameBoot && agoSeconds < maxPauseSeconds) return { times: state.times, agoSeconds };
    const reason = isSameBoot ? 'it was saved more than an hour ago' : `it is not of this boot, as ${bootIdFile} tells`;
    log.info('allocated seconds start at 0', { file: path, reason });
    return undefined;
  }

  async function write(times: SavedTimes): Promise<void> {
    try {
      const state = { bootId: await currentBoot(), savedAtSeconds: clock.now(), times };
      await replace(path, writeState(state));
      report(undefined);
    } catch (error) {
      report(reasonOf(error));
    }
  }

  return {
    load: async () => {
      const remembered = await within(patience, loadOrWarn(), late);
      return typeof remembered === 'string' ? startAtZero(late, 'see to the disk') : remembered;
    },
    save: async (times) => {
      if (isForeign) return;
      if (writing !== undefined) return report(late);
      const done = write(times).then(() => {
        writing = undefined;
        return true;
      });
      writing = done;
      if (!(await within(patience, done, false))) report(late);
    },
  };
}

/** An empty file, or one of zeros, is what a power failure leaves; everything else that is not ours belongs to somebody. */
function isOurs(text: string): boolean {
  return text.startsWith(fileMark.slice(0, text.length)) || /^\0*$/.test(text);
}

/** Undefined if there is no file. Reads no more than is allowed, whatever the size of the file pretends to be. */
async function readBounded(path: string): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (size === undefined) return undefined;
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(size, maxStateBytes) + 1);
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
