import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { CreateDecoder } from '../../../../../exporters/training/decoders/file-decoder.ts';
import { diskFileSystem, type FileSystem } from '../../../../../exporters/training/sources/files/file-system.ts';
import { pieceBytes } from '../../../../../exporters/training/sources/files/read-tail.ts';
import { createFakeDecoder, deadly } from './fake-decoder.ts';
import { createFileWorld, type FileWorld, linesOf } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
});

afterEach(() => files.remove());

const log = 'a/train.log';

test('a file is read from its beginning and then what comes', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  expect(lines()).toEqual(['one']);
  files.append(log, 'two\nthree\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'two', 'three']);
});

test('bytes that dribble in are told once', async () => {
  files.write(log, '');
  const { poll, lines } = files.start();
  const text = 'first line\nsecond line\n\nüñí 😀\n';
  for (const byte of Buffer.from(text)) {
    appendFileSync(files.path(log), Buffer.of(byte));
    await poll();
  }
  expect(lines()).toEqual(['first line', 'second line', '', 'üñí 😀']);
});

test('what is there at first, and much at once, is of when it was written; what comes after is of now', async () => {
  files.write(log, 'one\n', 100);
  const agos = (): readonly (number | undefined)[] =>
    stream.toldAs('settle').map(({ readAtSeconds = Number.NaN }) => Math.round(files.clock.now() - readAtSeconds));
  const { poll, journal } = files.start();
  await poll();
  const stream = journal.only('logs');
  expect(agos()).toEqual([100]);
  stream.forget();
  files.append(log, 'two\n');
  files.age(log, 50);
  await poll();
  expect(agos()).toEqual([0]);
  stream.forget();
  files.append(log, `${'x'.repeat(100)}\n`.repeat((2 * pieceBytes) / 100));
  files.age(log, 20);
  await poll();
  expect(agos()).toEqual([20]);
});

test('what comes into a file that was empty is of now', async () => {
  files.write(log, '');
  const { poll, journal } = files.start();
  await poll();
  files.append(log, 'one\n');
  await poll();
  expect(journal.only('logs').toldAs('settle')).toEqual([{ call: 'settle', readAtSeconds: expect.any(Number) }]);
});

test('a poll that finds nothing new tells nothing', async () => {
  files.write(log, 'one\n');
  const { poll, journal } = files.start();
  await poll();
  const stream = journal.only('logs');
  stream.forget();
  await poll();
  expect(stream.told).toEqual([]);
});

test('a file that was truncated and written anew is read from its beginning', async () => {
  files.write(log, 'one\ntwo\nthree\n');
  const { poll, lines } = files.start();
  await poll();
  truncateSync(files.path(log), 0);
  files.append(log, 'new\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'two', 'three', 'new']);
});

test('a file that was truncated and is longer than before already is read from its beginning', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  writeFileSync(files.path(log), 'another one\nand one more\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'another one', 'and one more']);
});

test('a file that was written anew with the same size is read again', async () => {
  files.write(log, 'one\n', 100);
  const { poll, lines } = files.start();
  await poll();
  writeFileSync(files.path(log), 'two\n');
  await poll();
  expect(lines()).toEqual(['one', 'two']);
});

test('a file that is touched is not read again', async () => {
  files.write(log, 'one\n', 100);
  const { poll, lines } = files.start();
  await poll();
  files.age(log, 50);
  await poll();
  expect(lines()).toEqual(['one']);
});

test('a file that was deleted and made anew under its name is read from its beginning, also if it got the same inode', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  rmSync(files.path(log));
  files.write(log, 'two is longer\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'two is longer']);
});

test('rotation by renaming loses nothing of the old file and then reads the new one', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  files.append(log, 'two\n');
  renameSync(files.path(log), files.path('a/train.log.1'));
  files.write(log, 'three\n');
  await poll();
  files.append(log, 'four\n');
  await poll();
  expect(lines()).toEqual(['one', 'two', 'three', 'four']);
});

test('a file that rotation gave a name of a log is not read twice, and what still comes into it is', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  const writer = openSync(files.path(log), 'a');
  writeSync(writer, 'two\n');
  renameSync(files.path(log), files.path('a/train-1.log'));
  files.write(log, 'new\n');
  await poll();
  await poll();
  writeSync(writer, 'three\n');
  closeSync(writer);
  await poll();
  await poll();
  expect(lines('/train.log')).toEqual(['one', 'two', 'new']);
  expect(lines('/train-1.log')).toEqual(['three']);
});

test('a rotated file that is gone is lost, and counted if something of it was not read', async () => {
  files.write(log, 'one\n');
  const { poll, lines, ledger } = files.start({ settings: { budgetBytes: 4 } });
  await poll();
  files.append(log, 'two\nthree\n');
  await poll();
  renameSync(files.path(log), files.path('gone'));
  files.write(log, 'new\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'two', 'new']);
  expect(ledger.counts().problems.get('logs')?.get('skipped')).toBe(1);
});

test('the stream of a file that is gone is closed at the second look', async () => {
  files.write(log, 'one\n');
  const { poll, journal, sources } = files.start();
  await poll();
  rmSync(files.path(log));
  await poll();
  expect(journal.only('logs').toldAs('close')).toEqual([]);
  await poll();
  expect(journal.only('logs').toldAs('close')).toHaveLength(1);
  expect(sources.files()).toEqual([]);
});

test('a file that was away goes on where it was', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  renameSync(files.path(log), files.path('away'));
  for (let look = 0; look < 3; look++) await poll();
  renameSync(files.path('away'), files.path(log));
  files.append(log, 'two\n');
  await poll();
  expect(lines()).toEqual(['one', 'two']);
});

test('a file whose folder is removed and made again is a new one', async () => {
  files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  rmSync(files.path('a'), { recursive: true });
  await poll();
  await poll();
  files.write(log, 'zero\none\n');
  await poll();
  expect(lines()).toEqual(['one', 'zero', 'one']);
});

test('what is no plain file any more is let go of', async () => {
  files.write(log, 'one\n');
  const { poll, sources } = files.start();
  await poll();
  rmSync(files.path(log));
  mkdirSync(files.path(log));
  await poll();
  await poll();
  expect(sources.files()).toEqual([]);
});

test('a link and a second name for a file are not read as further files', async () => {
  files.write(log, 'one\n');
  symlinkSync('train.log', files.path('a/current.log'));
  linkSync(files.path(log), files.path('a/twin.log'));
  const { poll, lines } = files.start();
  await poll();
  files.append(log, 'two\n');
  await poll();
  expect(lines()).toEqual(['one', 'two']);
});

test('a link that is set to the next file is followed, and nothing is read twice', async () => {
  files.write('a/train-1.log', 'one\n');
  symlinkSync('train-1.log', files.path('a/current.log'));
  const { poll, lines } = files.start();
  await poll();
  files.append('a/train-1.log', 'two\n');
  files.write('a/train-2.log', 'three\n');
  unlinkSync(files.path('a/current.log'));
  symlinkSync('train-2.log', files.path('a/current.log'));
  await poll();
  await poll();
  files.append('a/train-2.log', 'four\n');
  await poll();
  expect([...lines()].sort()).toEqual(['four', 'one', 'three', 'two']);
});

test('a dead file is not read until it is replaced', async () => {
  files.write(log, `one\n${deadly}\n`);
  const { poll, lines, ledger, sources } = files.start();
  await poll();
  files.append(log, 'two\n');
  await poll();
  const bytes = ledger.counts().bytes.get('logs');
  expect(lines()).toEqual(['one']);
  expect(bytes).toBe(8);
  expect(sources.files()).toEqual([expect.objectContaining({ isDead: true })]);
  expect(ledger.counts().unread.get('logs')).toBe(0);
  writeFileSync(files.path(log), 'all is well again\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'all is well again']);
});

test('of a long log only the end is read, from the start of a line, and that is counted', async () => {
  files.write(log, 'one\ntwo\nthree\nfour\n');
  const { poll, lines, ledger } = files.start({ settings: { catchUpBytes: 8 } });
  await poll();
  expect(lines()).toEqual(['four']);
  expect(ledger.counts().problems.get('logs')?.get('skipped')).toBe(1);
});

test('a line that begins where reading begins is read', async () => {
  files.write(log, 'one\ntwo\nthree\nfour\n');
  const { poll, lines } = files.start({ settings: { catchUpBytes: 'three\nfour\n'.length } });
  await poll();
  expect(lines()).toEqual(['three', 'four']);
});

test('with nothing to catch up with only what comes is read', async () => {
  files.write(log, 'one\ntw');
  const { poll, lines } = files.start({ settings: { catchUpBytes: 0 } });
  await poll();
  files.append(log, 'o\nthree\n');
  await poll();
  expect(lines()).toEqual(['three']);
});

test('the rest of a line that is longer than what is read at once is left out', async () => {
  files.write(log, `${'x'.repeat(3 * pieceBytes)}\nnext\n`);
  const { poll, lines } = files.start({ settings: { catchUpBytes: 2 * pieceBytes } });
  await poll();
  expect(lines()).toEqual(['next']);
});

test('event files are read whole however long they are', async () => {
  files.write('a/events.out.tfevents.1.h.2.3', 'one\ntwo\nthree\n');
  const { poll, lines } = files.start({ settings: { catchUpBytes: 4 } });
  await poll();
  expect(lines()).toEqual(['one', 'two', 'three']);
});

test('a newer event file does not stop an older one', async () => {
  files.write('a/events.out.tfevents.1.h.2.3', 'one\n');
  files.write('a/events.out.tfevents.2.h.2.3', 'two\n');
  const { poll, lines } = files.start();
  await poll();
  files.append('a/events.out.tfevents.1.h.2.3', 'three\n');
  await poll();
  expect(lines('.1.h.2.3')).toEqual(['one', 'three']);
  expect(lines('.2.h.2.3')).toEqual(['two']);
});

test('event files that a run left are read one after the other, as they were written, however the disk answers', async () => {
  const first = 'a/events.out.tfevents.1.h.2.3';
  const second = 'a/events.out.tfevents.2.h.2.3';
  files.write(first, `${'1'.repeat(99)}\n`.repeat(3 * (pieceBytes / 100)), 200);
  files.write(second, `${'2'.repeat(99)}\n`.repeat(2 * (pieceBytes / 100)), 100);
  const read: string[] = [];
  const event_files: CreateDecoder = (deps) => {
    const decoder = createFakeDecoder(deps);
    const push = (bytes: Uint8Array): void => {
      read.push(String.fromCharCode(bytes[0] ?? 0));
      decoder.push(bytes);
    };
    return { ...decoder, push };
  };
  const held: (() => void)[] = [];
  const answersLate: FileSystem['stat'] = (path, done) =>
    diskFileSystem.stat(path, (...answer) => {
      held.push(() => done(...answer));
      // The last that was asked is answered first.
      if (held.length === 2) for (const answerNow of held.splice(0).reverse()) answerNow();
    });
  const { poll } = files.start({
    deps: {
      decoders: { event_files, logs: createFakeDecoder, rank_logs: createFakeDecoder },
      fs: { ...diskFileSystem, stat: answersLate },
    },
  });
  await poll();
  expect(read.join('')).toMatch(/^1{3,}2{2,}$/);
});

test('the budget of a poll is shared fairly, and the rest is read later', async () => {
  files.write('a/big.log', `${'b'.repeat(99)}\n`.repeat(4 * (pieceBytes / 100)));
  files.write('a/small.log', 'small\n');
  const { poll, lines, ledger, journal } = files.start({ settings: { budgetBytes: 2 * pieceBytes } });
  await poll();
  expect(lines('/small.log')).toEqual(['small']);
  expect(ledger.counts().bytes.get('logs')).toBeLessThanOrEqual(2 * pieceBytes + 6);
  expect(ledger.counts().unread.get('logs')).toBeGreaterThan(pieceBytes);
  const [big] = journal.streams.filter(({ id }) => id.endsWith('/big.log'));
  expect(big?.toldAs('settle').at(-1)).toEqual({ call: 'settle', readAtSeconds: undefined });
  await poll();
  await poll();
  expect(lines('/big.log')).toHaveLength(Math.floor(4 * (pieceBytes / 100)));
  expect(ledger.counts().unread.get('logs')).toBe(0);
});

test('what comes while a file is read is read by the next poll', async () => {
  const path = files.write(log, `${'x'.repeat(99)}\n`.repeat(3000));
  const { poll, lines, sources } = files.start();
  await sources.poll();
  const polling = poll();
  const writer = openSync(path, 'a');
  writeSync(writer, 'half a ');
  await polling;
  writeSync(writer, 'line\n');
  closeSync(writer);
  await poll();
  expect(lines().length).toBe(3001);
  expect(lines().at(-1)).toBe('half a line');
});

test('a file that became shorter between look and read does no harm', async () => {
  const path = files.write(log, 'one\n');
  const { poll, lines } = files.start();
  await poll();
  files.append(log, `${'x'.repeat(99)}\n`.repeat(5000));
  const polling = poll();
  const writer = openSync(path, 'r+');
  ftruncateSync(writer, 0);
  closeSync(writer);
  await polling;
  files.append(log, 'again\n');
  await poll();
  await poll();
  expect(lines().at(-1)).toBe('again');
});

test('the ledger knows files, bytes, unread bytes and the time of the poll', async () => {
  files.write(log, 'one\n');
  files.write('a/events.out.tfevents.1.h', 'two\n');
  files.write('a/trainer.global_rank_3.2026-abc.jsonl', 'three\n');
  const { poll, ledger } = files.start();
  await poll();
  const counts = ledger.counts();
  expect(Object.fromEntries(counts.files)).toEqual({ event_files: 1, logs: 1, rank_logs: 1 });
  expect(Object.fromEntries(counts.bytes)).toEqual({ event_files: 4, logs: 4, rank_logs: 6 });
  expect(Object.fromEntries(counts.records)).toEqual({ event_files: 1, logs: 1, rank_logs: 1 });
  expect(counts.pollSeconds).toBeGreaterThan(0);
});

test('decoders are made anew where they are', async () => {
  files.write(log, 'one\ntw');
  const { poll, journal, sources } = files.start();
  await poll();
  await sources.renewDecoders();
  files.append(log, 'o\n');
  await poll();
  expect(linesOf(journal.only('logs'))).toEqual(['one', 'two']);
  expect(journal.only('logs').toldAs('scalar')[1]?.value).toBe(2);
});

test('a file that is replaced between look and read is told once', async () => {
  files.write(log, '');
  let isDue = false;
  const fs: FileSystem = {
    ...diskFileSystem,
    read: (path, ...rest) => {
      if (isDue) renameSync(files.path('other'), path);
      isDue = false;
      return diskFileSystem.read(path, ...rest);
    },
  };
  const { poll, lines } = files.start({ deps: { fs } });
  await poll();
  files.append(log, 'one\n');
  files.write('other', 'two\n');
  isDue = true;
  await poll();
  await poll();
  expect(lines()).toEqual(['two']);
});

test('a file that is another one at every read does not hold up the poll', async () => {
  files.write(log, 'one\n');
  files.write('b/train.log', 'two\n');
  let reads = 0;
  const fs: FileSystem = {
    ...diskFileSystem,
    read: async (path, ...rest) => {
      const piece = await diskFileSystem.read(path, ...rest);
      return path.includes('/a/') ? { ...piece, identity: `0:${reads++}` } : piece;
    },
  };
  const { poll, lines } = files.start({ deps: { fs } });
  await poll();
  expect(lines()).toEqual(['two']);
  expect(reads).toBeLessThan(10);
});

test('a disk that is mounted again with another device number is the same', async () => {
  files.write(log, 'one\n');
  let dev = 7;
  const withDevice = <T extends { readonly identity: string }>(facts: T) => ({
    ...facts,
    identity: facts.identity.replace(/^\d+/, `${dev}`),
    dev,
  });
  const fs: FileSystem = {
    ...diskFileSystem,
    identify: async (path) => withDevice(await diskFileSystem.identify(path)),
    read: async (...asked) => withDevice(await diskFileSystem.read(...asked)),
    stat: (path, done) =>
      diskFileSystem.stat(path, (error, stats) =>
        done(error, stats && { ...stats, dev, isFile: () => stats.isFile() }),
      ),
  };
  const { poll, lines } = files.start({ deps: { fs } });
  await poll();
  dev = 8;
  files.append(log, 'two\n');
  await poll();
  await poll();
  expect(lines()).toEqual(['one', 'two']);
});
