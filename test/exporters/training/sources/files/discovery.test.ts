import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import type { Journal } from '../../../../../exporters/training/journal.ts';
import { diskFileSystem, type FileSystem } from '../../../../../exporters/training/sources/files/file-system.ts';
import { createFakeJournal } from '../../../../support/fake-journal.ts';
import { createFileWorld, type FileWorld, host, linesOf, type World } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
});

afterEach(() => files.remove());

const runs = ({ journal }: World) => [...new Set(journal.streams.map(({ identity }) => identity.run))].sort();
const ids = ({ journal }: World) => journal.streams.map(({ id }) => id.slice(files.folder.length + 1)).sort();

async function polled(options?: Parameters<FileWorld['start']>[0]): Promise<World> {
  const world = files.start(options);
  await world.poll();
  return world;
}

test.each([
  ['*', ['a', 'b c', 'ü.log']],
  ['*/', ['a', 'b c']],
  ['b*', ['b c']],
  ['a', ['a']],
  ['a/', ['a']],
  ['./a/../a/', ['a']],
  ['?', ['a']],
  ['[ab]*', ['a', 'b c']],
  ['[!a]*', ['b c', 'ü.log']],
  ['a/*', ['deep', 'train.log']],
  ['*/*', ['a/deep', 'a/train.log', 'b c/日本.log']],
  ['*/deep', ['a/deep']],
  ['*/train.log', ['a/train.log']],
  ['a/train.log', ['train.log']],
  ['**/*.log', ['a/deep/er/x.log', 'a/train.log', 'b c/日本.log', 'ü.log']],
  ['**/er', ['a/deep/er']],
  ['**/deep/**', ['a/deep/er']],
  ['**', ['TOP', 'a', 'a/deep/er', 'b c']],
  ['none/*', []],
  ['a/train.log/*', []],
])('%s finds %j', async (pattern, expected) => {
  files.write('a/train.log', 'one\n');
  files.write('a/deep/er/x.log', 'two\n');
  files.write('b c/日本.log', 'three\n');
  files.write('ü.log', 'four\n');
  files.write('notes.txt', 'none\n');
  files.write('.hidden/x.log', 'none\n');
  files.write('a/.git/x.log', 'none\n');
  const world = await polled({ patterns: [pattern] });
  const top = files.folder.slice(files.folder.lastIndexOf('/') + 1);
  expect(
    runs(world)
      .map((run) => (run === top ? 'TOP' : run))
      .sort(),
  ).toEqual([...expected].sort());
});

test('absolute and relative patterns find the same run once', async () => {
  files.write('a/train.log', 'one\n');
  const world = await polled({ patterns: ['*', `${files.folder}/a`, 'a/'] });
  expect(world.lines()).toEqual(['one']);
  expect(world.journal.only('logs').identity).toEqual({
    key: files.path('a'),
    run: 'a',
    longName: files.path('a'),
    jobId: '',
    host: '',
    namespace: '',
    pod: '',
  });
});

test('a file that a pattern names is a log whatever its name', async () => {
  files.write('a/training-output.txt', 'one\n');
  const world = await polled({ patterns: ['*/training-*.txt'] });
  expect(world.lines()).toEqual(['one']);
});

test('the files of a run inside another are those of the inner one', async () => {
  files.write('a/train.log', 'outer\n');
  files.write('a/eval/eval.log', 'inner\n');
  const { journal } = await polled({ patterns: ['*', '*/eval'] });
  expect(journal.streams.map(({ identity, id }) => [identity.run, id]).sort()).toEqual([
    ['a', files.path('a/train.log')],
    ['a/eval', files.path('a/eval/eval.log')],
  ]);
});

test('of two names for a run folder the one that is no link counts', async () => {
  files.write('run-5/train.log', 'one\n');
  symlinkSync('run-5', files.path('latest'));
  const world = await polled();
  expect(runs(world)).toEqual(['run-5']);
  expect(world.lines()).toEqual(['one']);
});

test('a link to a run folder elsewhere is followed', async () => {
  files.write('.elsewhere/x/train.log', 'one\n');
  symlinkSync(files.path('.elsewhere/x'), files.path('a'));
  const world = await polled();
  expect(runs(world)).toEqual(['a']);
  expect(world.journal.only('logs').identity.key).toBe(files.path('.elsewhere/x'));
});

test('links that lead back, to themselves or to nothing end somewhere', async () => {
  files.write('a/b/train.log', 'one\n');
  symlinkSync('..', files.path('a/b/up'));
  symlinkSync(files.folder, files.path('a/top'));
  symlinkSync('loop', files.path('a/loop'));
  symlinkSync('loop.log', files.path('a/loop.log'));
  symlinkSync('nothing', files.path('a/nothing'));
  symlinkSync('a', files.path('z'));
  const world = await polled({ patterns: ['**/*.log', '*'], settings: { depth: 20 } });
  expect(world.lines()).toEqual(['one']);
  expect(world.ledger.counts().problems.size).toBe(0);
});

test('a folder to which links lead is read once', async () => {
  files.write('a/b/c/train.log', 'one\n');
  for (let index = 0; index < 5; index++) symlinkSync('..', files.path(`a/b/c/up-${index}`));
  const listed: string[] = [];
  const fs: FileSystem = {
    ...diskFileSystem,
    list: (path, ...rest) => {
      listed.push(path);
      return diskFileSystem.list(path, ...rest);
    },
  };
  await polled({ deps: { fs }, settings: { depth: 20 } });
  expect(listed).toEqual([files.folder, files.path('a'), files.path('a/b'), files.path('a/b/c')]);
});

test('folders are read to the depth that is set', async () => {
  files.write('a/0.log', '0\n');
  files.write('a/1/1.log', '1\n');
  files.write('a/1/2/2.log', '2\n');
  expect((await polled({ settings: { depth: 0 } })).lines()).toEqual(['0']);
  expect([...(await polled({ settings: { depth: 1 } })).lines()].sort()).toEqual(['0', '1']);
});

test('new runs and new files are found', async () => {
  files.write('a/1.log', 'one\n');
  const world = await polled();
  files.write('a/2.log', 'two\n');
  files.write('b/3.log', 'three\n');
  await world.poll();
  expect([...world.lines()].sort()).toEqual(['one', 'three', 'two']);
});

test('files that were written last too long ago are not opened, until they grow', async () => {
  files.write('a/old.log', 'old\n', 8000);
  files.write('a/new.log', 'new\n', 7000);
  const opened: string[] = [];
  const fs: FileSystem = {
    ...diskFileSystem,
    read: (path, ...rest) => {
      opened.push(path);
      return diskFileSystem.read(path, ...rest);
    },
  };
  const world = await polled({ deps: { fs } });
  expect(world.lines()).toEqual(['new']);
  expect(opened).toEqual([files.path('a/new.log')]);
  files.append('a/old.log', 'grown\n');
  await world.poll();
  expect(world.lines('old.log')).toEqual(['old', 'grown']);
});

test('a run that grew old is let go of as a whole, and read anew when it goes on', async () => {
  files.write('a/1.log', 'one\n', 3000);
  files.write('a/2.log', 'two\n');
  const world = await polled();
  files.clock.advance(5000);
  await world.poll();
  expect(world.sources.files()).toHaveLength(2);
  files.clock.advance(5000);
  await world.poll();
  expect(world.sources.files()).toHaveLength(0);
  expect(world.journal.only('logs', '2.log').toldAs('close')).toHaveLength(1);
  const now = files.clock.now();
  files.append('a/2.log', 'three\n');
  utimesSync(files.path('a/2.log'), now, now);
  await world.poll();
  expect(world.lines('2.log')).toEqual(['two', 'two', 'three']);
});

test('files beyond the limit are left out and counted once', async () => {
  for (let index = 0; index < 5; index++) files.write(`a/${index}.log`, `${index}\n`);
  const world = await polled({ settings: { maxFiles: 3 } });
  await world.poll();
  expect(world.sources.files()).toHaveLength(3);
  expect(world.ledger.counts().dropped.get('files')).toBe(2);
  rmSync(files.path('a/0.log'));
  for (let look = 0; look < 3; look++) await world.poll();
  expect(world.sources.files()).toHaveLength(3);
  expect(world.lines()).toHaveLength(4);
});

test('folders and entries beyond the limits of a look are left out, counted and logged once', async () => {
  for (let index = 0; index < 10; index++) files.write(`a/${index}/x.log`, `${index}\n`);
  for (const walkLimits of [
    { folders: 5, entries: 1000 },
    { folders: 1000, entries: 8 },
  ]) {
    const world = await polled({ deps: { walkLimits } });
    await world.poll();
    expect(world.lines().length).toBeLessThan(10);
    expect(world.ledger.counts().dropped.get('files')).toBe(1);
    expect(world.log.filter((line) => line.includes('more than is looked through'))).toHaveLength(1);
  }
});

test.each(['1.log', 'events.out.tfevents.1.h'])(
  'where the journal takes no further run its %s is not read again and again, and it is when there is room',
  async (name) => {
    files.write(`a/${name}`, 'one\n');
    files.write(`b/${name}`, 'two\n');
    const fake = createFakeJournal();
    let refused = files.path('b');
    const journal: Journal = {
      openStream: (identity, ...rest) =>
        identity.key === refused ? undefined : fake.journal.openStream(identity, ...rest),
    };
    const { poll, ledger } = files.start({ deps: { journal } });
    await poll();
    const { bytes } = ledger.counts();
    const before = new Map(bytes);
    await poll();
    await poll();
    expect(bytes).toEqual(before);
    expect(fake.streams.flatMap(linesOf)).toEqual(['one']);
    refused = '';
    await poll();
    expect(fake.streams.flatMap(linesOf)).toEqual(['one', 'two']);
  },
);

test('a log that says nothing of a training takes no run', async () => {
  files.write('a/other.log', 'no whole line');
  const world = await polled();
  expect(world.journal.streams).toEqual([]);
  expect(world.sources.files()).toHaveLength(1);
});

test('10,000 files in one folder and 2,000 folders are found', async () => {
  for (let index = 0; index < 10_000; index++) files.write(`a/${index}.log`, `${index}\n`);
  for (let index = 0; index < 2000; index++) files.write(`b/${index}/events.out.tfevents.1.h`, `${index}\n`);
  const world = await polled();
  expect(world.lines('.log')).toHaveLength(10_000);
  expect(world.lines('tfevents.1.h')).toHaveLength(2000);
  await world.poll();
  expect(world.lines()).toHaveLength(12_000);
}, 60_000);

test('the event loop goes on while folders are looked through', async () => {
  for (let index = 0; index < 300; index++) files.write(`a/${index}/x.log`, 'x\n');
  const world = files.start();
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await world.poll();
  isDone = true;
  expect(turns).toBeGreaterThan(300);
});

describe('folders that did not change', () => {
  function listingDisk(isLocal: boolean) {
    const listed: string[] = [];
    const fs: FileSystem = {
      ...diskFileSystem,
      isLocal: async () => isLocal,
      list: (path, ...rest) => {
        listed.push(path);
        return diskFileSystem.list(path, ...rest);
      },
    };
    return { fs, listed };
  }

  test('are not read again on a disk of this machine, and what is new in them is found', async () => {
    files.write('a/x/1.log', 'one\n');
    files.clock.advance(10);
    const { fs, listed } = listingDisk(true);
    const world = await polled({ deps: { fs } });
    listed.splice(0);
    await world.poll();
    expect(listed).toEqual([]);
    files.write('a/x/2.log', 'two\n');
    await world.poll();
    expect(world.lines('2.log')).toEqual(['two']);
    expect(listed).toEqual([files.path('a/x')]);
    rmSync(files.path('a/x'), { recursive: true });
    files.write('a/x/3.log', 'three\n');
    // It may have got the inode of one that was deleted, which shows when that is gone for good.
    for (let look = 0; look < 4; look++) await world.poll();
    expect(world.lines('3.log')).toEqual(['three']);
  });

  test('are read again on a disk of the network', async () => {
    files.write('a/1.log', 'one\n');
    files.clock.advance(10);
    const { fs, listed } = listingDisk(false);
    const world = await polled({ deps: { fs } });
    listed.splice(0);
    await world.poll();
    expect(listed).toEqual([files.folder, files.path('a')]);
  });

  test('are read again if they changed just before they were read', async () => {
    files.write('a/1.log', 'one\n');
    const { fs, listed } = listingDisk(true);
    const world = await polled({ deps: { fs } });
    listed.splice(0);
    await world.poll();
    expect(listed).toEqual([files.folder, files.path('a')]);
  });
});

test('a run keeps its key when its folder is moved to another name of the same pattern: it is another run', async () => {
  files.write('a/1.log', 'one\n');
  const world = await polled();
  renameSync(files.path('a'), files.path('b'));
  await world.poll();
  await world.poll();
  expect(runs(world)).toEqual(['a', 'b']);
  expect(world.journal.only('logs', '/a/').toldAs('close')).toHaveLength(1);
});

describe('identities', () => {
  test('take the job from the path of the file and the host from the name of an event file', async () => {
    files.write('job-12/x.log', 'one\n');
    files.write('a/job-13.log', 'one\n');
    files.write(`a/events.out.tfevents.1.${host}.5.0`, 'two\n');
    const { journal } = await polled();
    expect(journal.only('logs', 'job-12').identity).toEqual(expect.objectContaining({ run: 'job-12', jobId: '12' }));
    expect(journal.only('logs', 'job-13').identity).toEqual(expect.objectContaining({ run: 'a', jobId: '13' }));
    expect(journal.only('event_files').identity).toEqual(expect.objectContaining({ run: 'a', jobId: '', host }));
  });

  test('of a folder of a pod are that of the pod', async () => {
    const pod = 'var/log/pods/ml_train-0_0a1b2c3d-0000-1111-2222-333344445555';
    files.write(`${pod}/main/0.log`, 'one\n');
    const { journal } = await polled({ patterns: ['var/log/pods/*/*/*.log'] });
    expect(journal.only('logs').identity).toEqual(
      expect.objectContaining({
        key: files.path(pod, 'main'),
        run: 'ml/train-0/main',
        namespace: 'ml',
        pod: 'train-0',
      }),
    );
    files.write(`${pod}/main/1.log`, 'two\n');
    const world = await polled({ patterns: ['var/log/pods/*/*/*.log'] });
    expect(new Set(world.journal.streams.map(({ identity }) => identity.key)).size).toBe(1);
  });
});

describe('without permission', () => {
  const errno = (code: string) => Object.assign(new Error(`${code}: not for you`), { code });

  test('a folder is counted, logged once, and read when that changes', async () => {
    files.write('a/1.log', 'one\n');
    files.write('a/secret/2.log', 'two\n');
    let isAllowed = false;
    const fs: FileSystem = {
      ...diskFileSystem,
      list: (path, ...rest) =>
        path.endsWith('secret') && !isAllowed ? Promise.reject(errno('EACCES')) : diskFileSystem.list(path, ...rest),
    };
    const world = await polled({ deps: { fs } });
    await world.poll();
    expect(world.lines()).toEqual(['one']);
    expect(world.ledger.counts().problems.get('event_files')?.get('unreadable')).toBe(2);
    expect(world.log.filter((line) => line.includes('EACCES'))).toHaveLength(1);
    isAllowed = true;
    await world.poll();
    expect(world.lines()).toEqual(['one', 'two']);
    expect(world.log.filter((line) => line.includes('can be read again'))).toHaveLength(1);
  });

  test.each(['EACCES', 'EIO', 'ESTALE', 'EISDIR', 'EMFILE'])(
    'a read that fails with %s is tried again',
    async (code) => {
      files.write('a/1.log', 'one\n', 100);
      files.write('a/2.log', 'two\n');
      let isBroken = true;
      const fs: FileSystem = {
        ...diskFileSystem,
        read: (path, ...rest) =>
          path.endsWith('1.log') && isBroken ? Promise.reject(errno(code)) : diskFileSystem.read(path, ...rest),
      };
      const world = await polled({ deps: { fs } });
      await world.poll();
      expect(world.lines()).toEqual(['two']);
      expect(world.ledger.counts().problems.get('logs')?.get('unreadable')).toBe(2);
      expect(world.log.filter((line) => line.includes(code))).toHaveLength(1);
      isBroken = false;
      await world.poll();
      expect(world.lines()).toEqual(['two', 'one']);
      const readAt = world.journal.only('logs', '1.log').toldAs('settle')[0]?.readAtSeconds;
      expect(readAt).toBeCloseTo(files.clock.now() - 100, 0);
    },
  );

  test.each(['EACCES', 'EIO', 'ESTALE'])('a look that fails with %s loses nothing', async (code) => {
    files.write('a/1.log', 'one\n');
    let isBroken = false;
    const fs: FileSystem = {
      ...diskFileSystem,
      stat: (path, done) => (isBroken ? done(errno(code), undefined) : diskFileSystem.stat(path, done)),
    };
    const world = await polled({ deps: { fs } });
    isBroken = true;
    files.append('a/1.log', 'two\n');
    for (let look = 0; look < 3; look++) await world.poll();
    expect(world.ledger.counts().problems.get('logs')?.get('unreadable')).toBe(3);
    isBroken = false;
    await world.poll();
    expect(world.lines()).toEqual(['one', 'two']);
  });
});

test('the folder is a real one, so that the tests mean what they say', () => {
  mkdirSync(files.path('x'));
  chmodSync(files.path('x'), 0o700);
  expect(realpathSync(files.folder)).toBe(files.folder);
  expect(ids(files.start())).toEqual([]);
});
