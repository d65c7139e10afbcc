import { createFrameReader, maxRecordBytes } from '../../../../../exporters/training/decoders/tfevents/frames.ts';
import { frame, frameHeader } from '../../../../support/tfevents-writer.ts';

function reader() {
  const records: string[] = [];
  const problems: string[] = [];
  const frames = createFrameReader({
    onRecord: (bytes, _view, start, end) =>
      void records.push(Buffer.from(bytes.subarray(start, end)).toString('latin1')),
    onProblem: (reason) => void problems.push(reason),
  });
  return { frames, records, problems };
}

test('keeps a torn record until the rest comes', () => {
  const { frames, records } = reader();
  const [one, two] = [frame(Buffer.from('one')), frame(Buffer.from('two'))];
  frames.push(Buffer.concat([one, two.subarray(0, 1)]));
  expect([records, frames.pendingBytes()]).toEqual([['one'], 1]);
  for (let at = 1; at < two.length - 1; at++) {
    frames.push(two.subarray(at, at + 1));
    expect([records, frames.pendingBytes()]).toEqual([['one'], at + 1]);
  }
  frames.push(two.subarray(-1));
  expect([records, frames.pendingBytes()]).toEqual([['one', 'two'], 0]);
});

test('an empty record is a record, and nothing pushed is nothing', () => {
  const { frames, records } = reader();
  frames.push(new Uint8Array(0));
  frames.push(frame(new Uint8Array(0)));
  expect(records).toEqual(['']);
});

test('skips a record whose data are not what was written, and goes on', () => {
  const { frames, records, problems } = reader();
  const broken = frame(Buffer.from('broken'));
  broken.writeUInt8(0x21, 14);
  frames.push(Buffer.concat([frame(Buffer.from('one')), broken, frame(Buffer.from('two'))]));
  expect(records).toEqual(['one', 'two']);
  expect(problems).toEqual(['bad_crc']);
  expect(frames.isDead()).toBe(false);
});

test.each([
  ['a wrong checksum', () => Buffer.alloc(12, 1)],
  ['zeros', () => Buffer.alloc(12)],
  ['2^60', () => frameHeader(2n ** 60n)],
  ['2^64 - 1', () => frameHeader(2n ** 64n - 1n)],
  ['2^31', () => frameHeader(2n ** 31n)],
])('a length with %s is the end of the file', (_what, header) => {
  for (const pieces of [1, 12]) {
    const { frames, records, problems } = reader();
    frames.push(frame(Buffer.from('one')));
    for (let at = 0; at < 12; at += 12 / pieces) frames.push(header().subarray(at, at + 12 / pieces));
    expect(frames.isDead()).toBe(true);
    expect(frames.pendingBytes()).toBe(12);
    frames.push(frame(Buffer.from('two')));
    expect(records).toEqual(['one']);
    expect(problems).toEqual(['bad_length']);
    expect(frames.pendingBytes()).toBe(31);
  }
});

test('passes over a record that is too long without keeping it', () => {
  const length = 3 * maxRecordBytes;
  const piece = Buffer.alloc(1024 * 1024);
  const { frames, records, problems } = reader();
  frames.push(Buffer.concat([frame(Buffer.from('one')), frameHeader(BigInt(length)), piece]));
  expect(frames.pendingBytes()).toBe(12 + piece.length);
  const before = process.memoryUsage().arrayBuffers;
  for (let left = length - piece.length; left > 0; left -= piece.length) frames.push(piece.subarray(0, left));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(maxRecordBytes);
  expect(frames.pendingBytes()).toBe(12 + length);
  frames.push(Buffer.concat([Buffer.alloc(4), frame(Buffer.from('two'))]));
  expect(records).toEqual(['one', 'two']);
  expect(problems).toEqual(['too_long']);
  expect(frames.pendingBytes()).toBe(0);
});

test('passes over a record that is too long also where its header is torn, or all of it is there', () => {
  const long = Buffer.concat([frameHeader(BigInt(maxRecordBytes + 1)), Buffer.alloc(maxRecordBytes + 5)]);
  for (const cut of [5, 12, long.length - 2, long.length]) {
    const { frames, records, problems } = reader();
    frames.push(long.subarray(0, cut));
    frames.push(Buffer.concat([long.subarray(cut), frame(Buffer.from('two'))]));
    expect(records).toEqual(['two']);
    expect(problems).toEqual(['too_long']);
  }
});

test('takes a record of the longest length, in pieces', () => {
  const { frames, records, problems } = reader();
  const data = Buffer.alloc(maxRecordBytes, 'x');
  const bytes = Buffer.concat([frameHeader(BigInt(data.length)), data, Buffer.alloc(4)]);
  for (let at = 0; at < bytes.length; at += 1_000_000) frames.push(bytes.subarray(at, at + 1_000_000));
  // Its checksum is left out, as to make it takes long; the reader has read it all the same.
  expect(problems).toEqual(['bad_crc']);
  expect(frames.pendingBytes()).toBe(0);
  frames.push(frame(Buffer.from('two')));
  expect(records).toEqual(['two']);
});
