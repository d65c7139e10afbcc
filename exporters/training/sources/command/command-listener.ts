import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { CreateDecoder, FileDecoder } from '../../decoders/file-decoder.ts';
import type { RunStream } from '../../journal.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import type { SourceLedger } from '../../source-ledger.ts';
import type { Output } from './child-command.ts';
import { createLineMerge } from './line-merge.ts';

/** Where to tell what a command writes, and how to read it. */
export interface Listening {
  readonly stream: RunStream;
  readonly tags: TagMap;
  readonly ledger: Pick<SourceLedger, 'bytes' | 'records' | 'problem'>;
}

export interface ListenerDeps extends Listening {
  readonly createDecoder: CreateDecoder;
  readonly clock: Clock;
  /** Called once if a fault of ours ends the reading: the training goes on. */
  readonly onFault: (reason: string) => void;
}

export interface CommandListener {
  readonly hear: (output: Output, bytes: Buffer) => void;
  readonly end: () => void;
}

/** Reads what one process writes, both outputs as one log. Never throws. */
export function createCommandListener(deps: ListenerDeps): CommandListener {
  const { ledger, clock } = deps;
  const decoder: FileDecoder = deps.createDecoder({
    stream: deps.stream,
    tags: deps.tags,
    onRecord: (count) => ledger.records('command', count),
    onProblem: (reason) => ledger.problem('command', reason),
  });
  const merge = createLineMerge((bytes) => decoder.push(bytes));
  let isDeaf = false;

  function guarded(work: () => void): void {
    if (isDeaf) return;
    try {
      work();
      decoder.settle(clock.now());
    } catch (error) {
      isDeaf = true;
      deps.onFault(reasonOf(error));
    }
  }

  return {
    hear: (output, bytes) => {
      ledger.bytes('command', bytes.length);
      guarded(() => merge.push(output, bytes));
    },
    end: () => guarded(merge.end),
  };
}
