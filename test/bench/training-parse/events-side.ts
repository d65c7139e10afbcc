import { join } from 'node:path';
import { encodeEvent, eventFile, versionEvent, type WrittenValue } from '../../support/tfevents-writer.ts';
import { costOf } from '../bench.ts';
import type { EventSpeed, FileKind } from './events.ts';
import { createPlainDecoder } from './plain-event-decoder.ts';

/**
 * One side of the benchmark of event files in a process of its own, so that neither pays for the garbage of the other:
 * `events-side.ts ours|protobufjs single|multi|tensors <runs>` prints an EventSpeed as JSON.
 */
const [side, kind = 'single', runs = '1'] = process.argv.slice(2);
/** The first runs are compiled and optimised while they run. */
const warmUps = 4;
const pieceBytes = 256 * 1024;

/** The compiled file, as a daemon runs it: the TypeScript runner changes functions and with them their speed. */
const dist = join(import.meta.dirname, '..', '..', '..', 'dist', 'exporters', 'training', 'decoders', 'tfevents');
const { createEventFileDecoder }: typeof import('../../../exporters/training/decoders/tfevents/event-file-decoder.ts') =
  await import(join(dist, 'event-file-decoder.js'));

const counts = { single: 300_000, multi: 25_000, tensors: 200_000 } satisfies Record<FileKind, number>;
const tags = ['train/loss', 'train/grad_norm', 'train/learning_rate', 'train/epoch', 'eval/loss'];

let told = 0;
let sum = 0;
function value(_quantity: string, number: number): void {
  told++;
  sum += number;
}

const events = counts[kind as FileKind];
const file = fileOf(kind as FileKind);
const seconds: number[] = [];
for (let run = 0; run < warmUps + Number(runs); run++) {
  told = 0;
  const cost = await costOf(decode);
  if (told !== scalars() || !Number.isFinite(sum)) throw new Error(`${told} scalars instead of ${scalars()}`);
  if (run >= warmUps) seconds.push(cost.cpuMs / 1000);
}
const speed: EventSpeed = { events, scalars: scalars(), megabytes: file.length / 1e6, seconds };
process.stdout.write(JSON.stringify(speed));

function decode(): void {
  const push = side === 'ours' ? ours() : createPlainDecoder(value).push;
  for (let at = 0; at < file.length; at += pieceBytes) push(file.subarray(at, at + pieceBytes));
}

function ours(): (bytes: Uint8Array) => void {
  const nothing = (): void => undefined;
  const decoder = createEventFileDecoder({
    stream: {
      framework: nothing,
      value,
      lossMissing: nothing,
      scalar: nothing,
      sessionStart: nothing,
      phaseTime: nothing,
      checkpoint: nothing,
      enter: nothing,
      writerAlive: nothing,
      settle: nothing,
      close: nothing,
    },
    tags: {
      resolve: () => ({ quantity: 'loss', scale: 1, axis: 'steps', framework: undefined }),
      isAllowed: () => false,
    },
    onRecord: nothing,
    onProblem: (reason) => {
      throw new Error(reason);
    },
  });
  return decoder.push;
}

function scalars(): number {
  return events * (kind === 'multi' ? 20 : 1);
}

/** As trainers write them: one event for each scalar, some tags in turn. */
function fileOf(of: FileKind): Buffer {
  const written = Array.from({ length: events }, (_, index) => {
    const step = of === 'multi' ? index : Math.floor(index / tags.length);
    return encodeEvent({ wallTime: 1_700_000_000 + step * 1.5, step, values: valuesOf(of, index) });
  });
  return eventFile([versionEvent(), ...written]);
}

function valuesOf(of: FileKind, index: number): readonly WrittenValue[] {
  const number = 2 + Math.sin(index);
  const tag = tags[index % tags.length] ?? '';
  if (of === 'single') return [{ tag, value: number }];
  if (of === 'tensors') return [{ tag, value: number, as: 'tensor-content', plugin: 'scalars' }];
  return Array.from({ length: 20 }, (_, place) => ({ tag: `${tags[place % tags.length]}/${place}`, value: number }));
}
