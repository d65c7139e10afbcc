import { diskFileSystem, type FileSystem } from '../../../../../exporters/training/sources/files/file-system.ts';
import { eventually } from '../../../../support/eventually.ts';
import { createFileWorld, type FileWorld } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
});

afterEach(() => files.remove());

const fast = { pollSeconds: 0.01, idlePollSeconds: 3600, discoverySeconds: 3600 };

/** Counts looks by the name of the file. */
function countingDisk() {
  const looks = new Map<string, number>();
  const fs: FileSystem = {
    ...diskFileSystem,
    stat: (path, done) => {
      looks.set(path, (looks.get(path) ?? 0) + 1);
      diskFileSystem.stat(path, done);
    },
  };
  return { fs, looks: (name: string) => looks.get(files.path(name)) ?? 0 };
}

test('files that grew a while ago are looked at seldom, the others often', async () => {
  files.write('a/hot.log', 'one\n');
  files.write('a/idle.log', 'two\n', 700);
  const disk = countingDisk();
  const { sources, lines } = files.start({ settings: fast, deps: { fs: disk.fs } });
  sources.start();
  await eventually('ten looks', () => disk.looks('a/hot.log') >= 10 || undefined);
  expect(disk.looks('a/idle.log')).toBeLessThanOrEqual(2);
  expect(sources.isReady()).toBe(true);
  files.append('a/idle.log', 'three\n');
  files.clock.advance(3600);
  await eventually('the line of the idle file', () => lines('idle.log').length === 2 || undefined);
  const before = disk.looks('a/idle.log');
  await eventually('it is hot now', () => disk.looks('a/idle.log') > before + 5 || undefined);
});

test('what comes is told, new files are found, and after the stop all is quiet', async () => {
  files.write('a/1.log', 'one\n');
  const disk = countingDisk();
  const { sources, lines } = files.start({
    settings: { ...fast, discoverySeconds: 0.01 },
    deps: { fs: disk.fs },
  });
  expect(sources.isReady()).toBe(false);
  sources.start();
  sources.start();
  await eventually('the first line', () => lines().length === 1 || undefined);
  files.write('b/2.log', 'two\n');
  await eventually('the second line', () => lines().length === 2 || undefined);
  await sources.stop();
  const before = disk.looks('a/1.log');
  files.append('a/1.log', 'three\n');
  await sources.stop();
  expect(disk.looks('a/1.log')).toBe(before);
  expect(lines()).toHaveLength(2);
});

test('what the budget of one poll leaves is read without waiting for the next interval', async () => {
  files.write('a/1.log', `${'x'.repeat(99)}\n`.repeat(100));
  const { sources, lines } = files.start({ settings: { ...fast, pollSeconds: 3600, budgetBytes: 5000 } });
  sources.start();
  await eventually('all lines', () => lines().length === 100 || undefined);
});

test('a pattern that comes to match later is enough to be ready now', async () => {
  const { sources } = files.start({ patterns: ['none/*'], settings: fast });
  sources.start();
  await eventually('ready', () => sources.isReady() || undefined);
  expect(sources.files()).toEqual([]);
});
