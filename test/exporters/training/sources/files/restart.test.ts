import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { FileState } from '../../../../../exporters/training/sources/files/file-state.ts';
import { readFileState } from '../../../../../exporters/training/sources/files/read-file-state.ts';
import { createFileWorld, type FileWorld, linesOf } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
});

afterEach(() => files.remove());

const log = 'a/train.log';

/** As it comes back from the disk. */
const throughJson = (state: FileState): FileState => readFileState(JSON.parse(JSON.stringify(state)));

async function savedAfter(text: string): Promise<FileState> {
  files.write(log, text);
  const { poll, sources } = files.start();
  await poll();
  return throughJson(sources.save());
}

async function linesAfter(restored: FileState): Promise<readonly string[]> {
  const { poll, lines } = files.start({ restored });
  await poll();
  await poll();
  return lines();
}

test('a later exporter goes on where the earlier one was', async () => {
  const saved = await savedAfter('one\n');
  files.append(log, 'two\n');
  expect(await linesAfter(saved)).toEqual(['two']);
});

test('a line that was half read is read whole, with what the decoder knew', async () => {
  const saved = await savedAfter('one\ntw');
  files.append(log, 'o\n');
  const { poll, journal } = files.start({ restored: saved });
  await poll();
  expect(journal.only('logs').toldAs('scalar')).toEqual([{ call: 'scalar', tag: 'two', value: 2 }]);
});

test('what was written while nobody read is of when it was written, and what comes then is of now', async () => {
  const saved = await savedAfter('one\n');
  files.append(log, 'two\n');
  files.age(log, 100);
  const { poll, journal } = files.start({ restored: saved });
  await poll();
  files.append(log, 'three\n');
  await poll();
  expect(
    journal
      .only('logs')
      .toldAs('settle')
      .map(({ readAtSeconds = Number.NaN }) => Math.round(files.clock.now() - readAtSeconds)),
  ).toEqual([100, 0]);
});

test('a file that did not grow is not opened', async () => {
  const saved = await savedAfter('one\n');
  const { poll, ledger, journal } = files.start({ restored: saved });
  await poll();
  expect(ledger.counts().bytes.size).toBe(0);
  expect(journal.only('logs').toldAs('scalar')).toEqual([]);
});

test('a file that is shorter now is read from its beginning', async () => {
  const saved = await savedAfter('one\ntwo\n');
  writeFileSync(files.path(log), 'new\n');
  expect(await linesAfter(saved)).toEqual(['new']);
});

test('another file under the name is read from its beginning', async () => {
  const saved = await savedAfter('one\n');
  writeFileSync(files.path('other'), 'one\nnew\n');
  renameSync(files.path('other'), files.path(log));
  expect(await linesAfter(saved)).toEqual(['one', 'new']);
});

test('a file that was written anew under its inode is read from its beginning', async () => {
  const saved = await savedAfter('one\n');
  writeFileSync(files.path(log), 'uno\ndos\n');
  expect(await linesAfter(saved)).toEqual(['uno', 'dos']);
});

test('a disk that was mounted again with another device number is the same', async () => {
  const saved = await savedAfter('one\n');
  files.append(log, 'two\n');
  const [file] = saved.files;
  if (file === undefined) throw new Error('nothing was saved');
  const identity = file.identity.replace(/^\d+/, '99999');
  expect(await linesAfter({ ...saved, files: [{ ...file, identity }] })).toEqual(['two']);
});

test('files that are not there for a while are kept in the state', async () => {
  const saved = await savedAfter('one\n');
  renameSync(files.path('a'), files.path('.away'));
  const { poll, sources } = files.start({ restored: saved });
  await poll();
  const kept = throughJson(sources.save());
  expect(kept.files).toHaveLength(1);
  renameSync(files.path('.away'), files.path('a'));
  files.append(log, 'two\n');
  expect(await linesAfter(kept)).toEqual(['two']);
});

test('files that are gone are forgotten after some looks', async () => {
  const saved = await savedAfter('one\n');
  rmSync(files.path('a'), { recursive: true });
  const { poll, sources } = files.start({ restored: saved });
  for (let look = 0; look < 3; look++) await poll();
  expect(sources.save().files).toEqual([]);
});

test('a second exporter that changed nothing saves the same', async () => {
  const saved = await savedAfter('one\ntw');
  const { poll, sources } = files.start({ restored: saved });
  await poll();
  const withoutSeam = ({ files: all }: FileState) => all.map(({ seam, ...rest }) => rest);
  expect(withoutSeam(throughJson(sources.save()))).toEqual(withoutSeam(saved));
});

test('wherever it is killed and however the bytes come, each line is told once', async () => {
  const text = 'alpha\nbeta\n\ngamma delta\nüñí\nend\n';
  const bytes = Buffer.from(text);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ length: fc.nat(9), restarts: fc.boolean() }), { maxLength: 12 }),
      async (steps) => {
        const world = createFileWorld();
        try {
          const path = world.write(log, '');
          let current = world.start();
          const told: string[] = [];
          let at = 0;
          for (const { length, restarts } of [...steps, { length: bytes.length, restarts: false }]) {
            appendFileSync(path, bytes.subarray(at, at + length));
            at = Math.min(bytes.length, at + length);
            await current.poll();
            if (!restarts) continue;
            told.push(...current.lines());
            current = world.start({ restored: throughJson(current.sources.save()) });
          }
          expect([...told, ...current.lines()]).toEqual(text.split('\n').slice(0, -1));
        } finally {
          await world.remove();
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a file that rotation gave a name of a log between the exporters goes on under it', async () => {
  const saved = await savedAfter('one\n');
  files.append(log, 'two\n');
  renameSync(files.path(log), files.path('a/train-1.log'));
  files.write(log, 'three\n');
  expect(await linesAfter(saved)).toEqual(['two', 'three']);
});

test('a rotation between the exporters to a name of no log loses what came between', async () => {
  const saved = await savedAfter('one\n');
  files.append(log, 'two\n');
  renameSync(files.path(log), files.path('a/train.log.1'));
  files.write(log, 'three\n');
  const { poll, journal, ledger } = files.start({ restored: saved });
  await poll();
  await poll();
  // What came into the old file while nobody looked is lost: its name does not say that it was one of these.
  expect(linesOf(journal.only('logs'))).toEqual(['three']);
  expect(ledger.counts().problems.size).toBe(0);
});

describe('what is saved', () => {
  test('is read back as it was', async () => {
    const saved = await savedAfter('one\ntw');
    expect(readFileState(saved)).toEqual(saved);
    expect(saved.files).toEqual([
      expect.objectContaining({ path: files.path(log), kind: 'logs', offset: 4, position: 6, isOpen: true }),
    ]);
  });

  test('is never taken if it is not right, whatever it is', () => {
    const good = {
      path: '/a/x.log',
      kind: 'logs',
      identity: '1:2',
      offset: 3,
      position: 4,
      seam: { length: 4, hash: 5 },
      isInsideLine: false,
      isOpen: true,
    };
    expect(readFileState({ files: [good], runs: [] }).files).toHaveLength(1);
    const bad = [
      { path: 'relative' },
      { path: '/'.repeat(5000) },
      { kind: 'trainer_state' },
      { kind: 7 },
      { identity: 'x' },
      { offset: -1 },
      { offset: 5 },
      { offset: 0.5 },
      { position: Number.NaN },
      { position: '4' },
      { seam: null },
      { seam: { length: 5, hash: 5 } },
      { seam: { length: 1000, hash: 5 } },
    ];
    for (const change of bad) expect(readFileState({ files: [{ ...good, ...change }], runs: [] }).files).toEqual([]);
  });

  test('may be anything', () => {
    fc.assert(
      fc.property(fc.anything(), (saved) => {
        readFileState(saved);
        readFileState({ files: [saved], runs: [saved] });
      }),
    );
  });
});
