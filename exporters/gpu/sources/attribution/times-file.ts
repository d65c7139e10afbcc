import { readFile } from 'node:fs/promises';
import type { Clock } from '../../../../kit/clock.ts';
import type { Log } from '../../../../kit/log.ts';
import { createStateFile } from '../../../../kit/state-file.ts';
import type { SavedTimes } from '../../attribution/allocated-time.ts';
import { fileMark, readState, type SavedState, writeState } from './saved-times.ts';

/** 10,000 holders with the longest names that Kubernetes allows take less. */
export const maxStateBytes = 8 * 1024 * 1024;
/** After a longer pause nobody can say that the holder had the device all the time. */
export const maxPauseSeconds = 3600;

export interface Remembered {
  readonly times: SavedTimes;
  /** Time since it was saved; 0 if the wall clock was set back. */
  readonly agoSeconds: number;
}

/** The file in which allocated times survive a restart. Nothing here fails: without a usable file times start at 0. */
export interface TimesFile {
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
}

export function createTimesFile(path: string, { clock, log, bootIdFile }: Deps): TimesFile {
  const file = createStateFile({
    path,
    option: '--attribution.state-file',
    mark: fileMark,
    maxBytes: maxStateBytes,
    consequence: 'allocated seconds start at 0',
    parse: readState,
    log,
  });
  let bootId: string | undefined;

  /** Empty where the kernel does not tell; such a state is not gone on from. */
  async function currentBoot(): Promise<string> {
    try {
      bootId ??= (await readFile(bootIdFile, 'utf8')).trim();
      return bootId;
    } catch {
      return '';
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

  return {
    load: async () => {
      const state = await file.load();
      return state === undefined ? undefined : goOnFrom(state);
    },
    save: async (times) => {
      await file.save(writeState({ bootId: await currentBoot(), savedAtSeconds: clock.now(), times }));
    },
  };
}
