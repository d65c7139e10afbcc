import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateDecoder, FileDecoder } from '../../../../exporters/training/decoders/file-decoder.ts';
import type { RunStream } from '../../../../exporters/training/journal.ts';
import { createTagMap } from '../../../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../../../exporters/training/schema/mapping.ts';
import type { TagMap } from '../../../../exporters/training/schema/tag-map.ts';
import type { ProblemReason } from '../../../../exporters/training/source-ledger.ts';

/** What a decoder told, each call as one line of text: `value loss 2.5 10` with the step, and `@time` where it has one. */
export interface Told {
  readonly decoder: FileDecoder;
  readonly calls: readonly string[];
  readonly problems: readonly ProblemReason[];
  readonly records: () => number;
}

interface Settings {
  readonly tags?: TagMap;
  readonly saved?: unknown;
}

export function told(create: CreateDecoder, { tags = createTagMap(emptyMapping), saved }: Settings = {}): Told {
  const { stream, calls } = writingStream();
  const problems: ProblemReason[] = [];
  let records = 0;
  const decoder = create({
    stream,
    tags,
    onRecord: (count) => {
      records += count;
    },
    onProblem: (reason) => void problems.push(reason),
    saved,
  });
  return { decoder, calls, problems, records: () => records };
}

export function writingStream(): { readonly stream: RunStream; readonly calls: readonly string[] } {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...given: readonly unknown[]): void =>
      void calls.push([name, ...given.map(shown)].join(' '));
  const stream: RunStream = {
    framework: note('framework'),
    value: (quantity, value, step, time) => {
      calls.push(`value ${quantity} ${value} ${step ?? '-'}${time === undefined ? '' : ` @${time}`}`);
    },
    lossMissing: note('lossMissing'),
    scalar: note('scalar'),
    sessionStart: note('sessionStart'),
    phaseTime: note('phaseTime'),
    checkpoint: note('checkpoint'),
    enter: note('enter'),
    writerAlive: note('writerAlive'),
    settle: note('settle'),
    close: note('close'),
  };
  return { stream, calls };
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, '../../../fixtures/training-logs', name));
}
