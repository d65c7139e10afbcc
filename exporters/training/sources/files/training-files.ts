import { hostname } from 'node:os';
import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { OptionValues } from '../../../../kit/options/define.ts';
import { createLogDecoder } from '../../decoders/log/log-decoder.ts';
import { createRankLogDecoder } from '../../decoders/rank-log/rank-log-decoder.ts';
import { createEventFileDecoder } from '../../decoders/tfevents/event-file-decoder.ts';
import { parseTrainerState, tellTrainerState } from '../../decoders/trainer-state.ts';
import type { RunStream } from '../../journal.ts';
import type { TrainingOptions } from '../../options.ts';
import type { RunBook } from '../../runs/run-book.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import { type FileSourceSettings, fileSourceSettings } from './file-source-settings.ts';
import { startFileSources } from './file-sources.ts';
import { keepState } from './keep-state.ts';
import { trainingStateFile } from './state-file.ts';

export const decoders = {
  event_files: createEventFileDecoder,
  logs: createLogDecoder,
  rank_logs: createRankLogDecoder,
} as const;

interface Deps {
  readonly options: OptionValues<TrainingOptions>;
  readonly book: RunBook;
  readonly tags: TagMap;
  readonly ledger: SourceLedger;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TrainingFiles {
  readonly notReady: () => string | undefined;
  /** Tags mean something else now. */
  readonly reopen: () => void;
  readonly stop: () => Promise<void>;
}

/** Throws ConfigError for what the option table cannot say. */
export function checkRunOptions(options: OptionValues<TrainingOptions>): void {
  settingsOf(options);
}

/** Follows the files of runs, with the state that an earlier exporter saved; runs that were pushed are in it too. */
export async function startTrainingFiles({ options, book, tags, ledger, clock, log }: Deps): Promise<TrainingFiles> {
  const stateFile = options['state.file'] === undefined ? undefined : trainingStateFile(options['state.file'], { log });
  const saved = await stateFile?.load();
  book.restore(saved?.runs);
  const files = startFileSources(settingsOf(options), {
    journal: book,
    tags,
    ledger,
    clock,
    log,
    decoders,
    tellTrainerState: tellState,
    restored: saved?.files,
  });
  files.start();
  const collect = () => ({ files: files.save(), runs: book.save() });
  const keeper = stateFile === undefined ? undefined : keepState(stateFile, collect);
  return {
    notReady: () => (files.isReady() ? undefined : 'the files of the runs are read for the first time'),
    reopen: () => {
      files
        .renewDecoders()
        .catch((error) => log.error('files not read by the new mapping', { reason: reasonOf(error) }));
    },
    stop: async () => {
      await files.stop();
      await keeper?.stop();
    },
  };
}

function settingsOf(options: OptionValues<TrainingOptions>): FileSourceSettings {
  return fileSourceSettings(options, { workingFolder: process.cwd(), hostName: hostname() });
}

/** What it told before does not matter: each file holds all of the one before it, and the run takes nothing twice. */
export function tellState(text: string, stream: RunStream): boolean {
  try {
    tellTrainerState(parseTrainerState(text), stream);
    return true;
  } catch (error) {
    if (error instanceof SourceError) return false;
    throw error;
  }
}
