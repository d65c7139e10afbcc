import type { RunStream } from '../../journal.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import type { FileFacts, FileSystem } from './file-system.ts';
import type { Gate } from './gate.ts';
import type { TroubleLog } from './trouble-log.ts';
import type { Voice } from './voice.ts';

/** Tells a stream what a trainer_state.json says. False if the text is no such file. */
export type TellTrainerState = (text: string, stream: RunStream) => boolean;

export const maxTrainerStateBytes = 32 * 1024 * 1024;

/** Tells what the newest trainer_state.json of a run says whenever it changes: each holds the history of those before it. */
export interface TrainerStateWatch {
  readonly look: (files: readonly TrainerStateFile[]) => Promise<void>;
  /** Path, time and size of the file that was told last; undefined if nothing was told. */
  readonly save: () => string | undefined;
  readonly close: () => void;
}

export interface TrainerStateFile {
  readonly path: string;
  readonly facts: FileFacts;
}

interface Deps {
  readonly fs: FileSystem;
  readonly gate: Gate;
  readonly ledger: SourceLedger;
  readonly troubles: TroubleLog;
  readonly tell: TellTrainerState;
  readonly saved?: string | undefined;
}

export function createTrainerStateWatch(voice: Voice, deps: Deps): TrainerStateWatch {
  const { fs, gate, ledger, troubles, tell } = deps;
  let last = deps.saved ?? '';
  let refused = '';

  async function read(file: TrainerStateFile, state: string): Promise<void> {
    const { size } = file.facts;
    if (size > maxTrainerStateBytes) {
      ledger.problem('trainer_state', 'too_long');
      last = state;
      return;
    }
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await gate.run(file.path, () => fs.read(file.path, 0, buffer), file.facts.dev);
    ledger.bytes('trainer_state', bytesRead);
    take(tell(buffer.toString('utf8', 0, bytesRead), voice.stream), state, file.facts.mtimeSeconds);
  }

  function take(isTold: boolean, state: string, writtenAt: number): void {
    // It may be half written: what is no JSON is read once more before it counts as bad.
    const isBad = !isTold && refused === state;
    refused = state;
    if (isBad) ledger.problem('trainer_state', 'bad_record');
    if (!isTold && !isBad) return;
    last = state;
    if (!isTold) return;
    ledger.records('trainer_state', 1);
    // Its last step was when it was written, as a trainer writes it with a checkpoint.
    voice.stream.settle(writtenAt);
  }

  return {
    look: async (files) => {
      const newest = files.reduce<TrainerStateFile | undefined>(newer, undefined);
      if (newest === undefined) return;
      const { mtimeSeconds, size } = newest.facts;
      const state = `${newest.path} ${mtimeSeconds} ${size}`;
      if (state === last) return;
      try {
        await read(newest, state);
        troubles.clear(newest.path, 'read');
      } catch (error) {
        troubles.report('trainer_state', newest.path, 'read', error);
      }
    },
    save: () => (last === '' ? undefined : last),
    close: voice.close,
  };
}

function newer(newest: TrainerStateFile | undefined, file: TrainerStateFile): TrainerStateFile {
  return newest === undefined || file.facts.mtimeSeconds > newest.facts.mtimeSeconds ? file : newest;
}
