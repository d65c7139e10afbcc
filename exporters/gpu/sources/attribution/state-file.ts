import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import { isMarked, readBounded, replaceFile, within } from '../../../../kit/state-file.ts';
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
    const text = await readBounded(path, maxStateBytes);
    if (text === undefined) return undefined;
    const state = readState(text);
    if (state !== undefined) return goOnFrom(state);
    isForeign = !isMarked(text, fileMark);
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
      await replaceFile(path, writeState(state));
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
