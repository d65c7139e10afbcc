import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { maxRecordBytes } from '../../../../../exporters/training/decoders/tfevents/frames.ts';
import { encodeEvent, eventFile, frameHeader } from '../../../../support/tfevents-writer.ts';
import { recorded } from './recorded.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');
const mebibyte = 1024 * 1024;
const decoders = 100;

/** Buffers are let go of in the background after a collection, so one alone does not show it. */
async function held(): Promise<{ readonly heap: number; readonly buffers: number }> {
  for (let round = 0; round < 5; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

test('no room is made for what a length promises', async () => {
  const before = await held();
  const all = Array.from({ length: decoders }, () => recorded().decoder);
  for (const decoder of all) decoder.push(frameHeader(BigInt(maxRecordBytes)));
  expect((await held()).buffers - before.buffers).toBeLessThan(mebibyte);
  expect(all.every((decoder) => decoder.pendingBytes() === 12)).toBe(true);
});

test('what was pushed is let go of, and what was held for a long record too', async () => {
  const long = eventFile([encodeEvent({ values: [{ tag: 'x'.repeat(mebibyte / 2), value: 1 }] })]);
  const before = await held();
  const all = Array.from({ length: decoders }, () => recorded());
  for (const { decoder } of all) {
    decoder.push(new Uint8Array(long));
    decoder.push(new Uint8Array(long.subarray(0, long.length - 1)));
    decoder.push(new Uint8Array(long.subarray(-1)));
  }
  expect((await held()).buffers - before.buffers).toBeLessThan(10 * mebibyte);
  expect(all.every(({ problems }) => problems.length === 2)).toBe(true);
});

test('100,000 tags of a file take little memory', async () => {
  const { decoder } = recorded();
  const before = await held();
  for (let block = 0; block < 100; block++) {
    const values = Array.from({ length: 1000 }, (_, index) => ({ tag: `unknown/${block}/${index}`, value: 1 }));
    decoder.push(eventFile([encodeEvent({ step: 1, values })]));
  }
  expect((await held()).heap - before.heap).toBeLessThan(4 * mebibyte);
  expect(decoder.pendingBytes()).toBe(0);
});
