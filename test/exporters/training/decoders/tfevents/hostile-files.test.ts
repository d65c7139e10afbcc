import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeEvent, eventFile, frame, sessionStart, versionEvent } from '../../../../support/tfevents-writer.ts';
import { type Recorded, recorded } from './recorded.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'tfevents');
const realFiles = readdirSync(folder)
  .filter((name) => name.endsWith('.tfevents'))
  .map((name) => readFileSync(join(folder, name)));
const everyTag = { resolve: () => undefined, isAllowed: () => true };

const value = fc.record({
  tag: fc.oneof(fc.constantFrom('loss', 'eval/loss', 'mfu(%)', 'my/score', 'Train/Samples/lr'), fc.string()),
  value: fc.float(),
  as: fc.constantFrom(
    'simple' as const,
    'tensor-content' as const,
    'double-val' as const,
    'float-val-unpacked' as const,
  ),
});
const event = fc.oneof(
  fc
    .record({ wallTime: fc.double(), step: fc.maxSafeInteger(), values: fc.array(value, { maxLength: 4 }) })
    .map(encodeEvent),
  fc.nat().map((step) => sessionStart(step)),
  fc.constant(versionEvent()),
  fc.uint8Array({ maxLength: 40 }),
);

test('pieces of any size give the calls of one push', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (events, sizes) => {
        const bytes = eventFile(events);
        const whole = recorded();
        whole.decoder.push(bytes);
        const pieces = inPieces(bytes, sizes);
        expect(pieces.calls).toEqual(whole.calls);
        expect(pieces.problems).toEqual(whole.problems);
        expect(sum(pieces.counts)).toBe(sum(whole.counts));
        expect(pieces.decoder.pendingBytes()).toBe(0);
      },
    ),
  );
});

test.each(realFiles.map((_, index) => index))('real file %i byte by byte gives the calls of one push', (index) => {
  const bytes = realFiles[index] ?? Buffer.alloc(0);
  const whole = recorded({ tags: everyTag });
  whole.decoder.push(bytes);
  const pieces = inPieces(bytes, [1], { tags: everyTag });
  expect(pieces.calls).toEqual(whole.calls);
  expect(pieces.decoder.pendingBytes()).toBe(whole.decoder.pendingBytes());
});

interface Mutation {
  readonly kind: 'flip' | 'cut' | 'insert';
  readonly at: number;
  readonly bytes: Uint8Array;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert'),
  at: fc.nat(10_000),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
});

test('files that are damaged anywhere never throw, and what comes before the damage is told', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...realFiles),
      fc.array(mutation, { minLength: 1, maxLength: 5 }),
      (file, mutations) => {
        const damaged = mutations.reduce(mutate, file);
        const first = Math.min(...mutations.map(({ at }) => at % file.length));
        const before = recorded({ tags: everyTag });
        before.decoder.push(file.subarray(0, first));
        const all = inPieces(damaged, [1000], { tags: everyTag });
        expect(all.calls.slice(0, before.calls.length)).toEqual(before.calls);
      },
    ),
    { numRuns: 1000 },
  );
});

test('records that are whole and hold damaged messages never throw', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1 }), mutation, (events, change) => {
      const damaged = events.map((data) => frame(mutate(Buffer.from(data), change)));
      const { decoder } = recorded({ tags: everyTag });
      decoder.push(Buffer.concat(damaged));
      expect(decoder.isDead()).toBe(false);
      expect(decoder.pendingBytes()).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test('bytes of no file at all never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      const { decoder } = recorded({ tags: everyTag });
      decoder.push(bytes);
      expect(decoder.pendingBytes()).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

function mutate(file: Buffer, { kind, at, bytes }: Mutation): Buffer {
  const place = file.length === 0 ? 0 : at % file.length;
  const [head, tail] = [file.subarray(0, place), file.subarray(place)];
  if (kind === 'insert') return Buffer.concat([head, bytes, tail]);
  if (kind === 'cut') return Buffer.concat([head, tail.subarray(bytes.length)]);
  const flipped = Buffer.from(file);
  if (place < flipped.length) flipped.writeUInt8((flipped[place] ?? 0) ^ (1 << ((bytes[0] ?? 0) & 7)), place);
  return flipped;
}

function inPieces(
  bytes: Uint8Array,
  sizes: readonly number[],
  settings: Parameters<typeof recorded>[0] = {},
): Recorded {
  const all = recorded(settings);
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    // A buffer of its own, written over afterwards: what a decoder keeps it must have copied.
    const piece = bytes.slice(at, at + size);
    all.decoder.push(piece);
    piece.fill(0xff);
    at += size;
  }
  return all;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
