import type { FileDecoder } from '../../../../../exporters/training/decoders/file-decoder.ts';
import { createEventFileDecoder } from '../../../../../exporters/training/decoders/tfevents/event-file-decoder.ts';
import type { RunStream } from '../../../../../exporters/training/journal.ts';
import type { TagMap, TagTarget } from '../../../../../exporters/training/schema/tag-map.ts';
import type { ProblemReason } from '../../../../../exporters/training/source-ledger.ts';

/** One call of the stream: its name and what it was given. */
export type Call = readonly [keyof RunStream, ...(readonly unknown[])];

export interface Recorded {
  readonly decoder: FileDecoder;
  readonly calls: readonly Call[];
  readonly problems: readonly ProblemReason[];
  /** What `onRecord` was told, call by call. */
  readonly counts: readonly number[];
}

interface Settings {
  readonly tags?: TagMap;
  readonly saved?: unknown;
}

/** A decoder whose every word is written down. */
export function recorded({ tags = tagMap, saved }: Settings = {}): Recorded {
  const calls: Call[] = [];
  const problems: ProblemReason[] = [];
  const counts: number[] = [];
  const note =
    (name: keyof RunStream) =>
    (...told: readonly unknown[]): void =>
      void calls.push([name, ...told]);
  const decoder = createEventFileDecoder({
    stream: {
      framework: note('framework'),
      value: note('value'),
      lossMissing: note('lossMissing'),
      scalar: note('scalar'),
      sessionStart: note('sessionStart'),
      phaseTime: note('phaseTime'),
      checkpoint: note('checkpoint'),
      enter: note('enter'),
      writerAlive: note('writerAlive'),
      settle: note('settle'),
      close: note('close'),
    },
    tags,
    onRecord: (count) => void counts.push(count),
    onProblem: (reason) => void problems.push(reason),
    saved,
  });
  return { decoder, calls, problems, counts };
}

const targets: Readonly<Record<string, TagTarget>> = {
  loss: { quantity: 'loss', scale: 1, axis: 'steps', framework: undefined },
  'eval/loss': { quantity: 'eval_loss', scale: 1, axis: 'steps', framework: undefined },
  'mfu(%)': { quantity: 'mfu_ratio', scale: 0.01, axis: 'steps', framework: 'torchtitan' },
  'lm loss vs samples': { quantity: undefined, scale: 1, axis: 'samples', framework: 'megatron' },
  'Train/Samples/train_loss': { quantity: 'loss', scale: 1, axis: 'samples', framework: 'deepspeed' },
  'Train/Samples/lr': { quantity: 'learning_rate', scale: 1, axis: 'samples', framework: 'deepspeed' },
};

/** A few tags of each kind; those that begin with `my/` are allowed. */
export const tagMap: TagMap = {
  resolve: (tag) => targets[tag],
  isAllowed: (tag) => tag.startsWith('my/'),
};
