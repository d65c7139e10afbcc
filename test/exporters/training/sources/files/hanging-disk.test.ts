import { diskFileSystem, type FileSystem } from '../../../../../exporters/training/sources/files/file-system.ts';
import { createFileWorld, type FileWorld } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
});

afterEach(() => files.remove());

const patienceSeconds = 0.03;

/** A disk of the network, of which some paths do not answer. */
function networkDisk(hangs: (operation: string, path: string) => boolean) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  function through<T>(operation: string, path: string, work: () => Promise<T>): Promise<T> {
    asked.push(`${operation} ${path}`);
    if (!hangs(operation, path)) return work();
    return new Promise((resolve, reject) => waiting.push(() => work().then(resolve, reject)));
  }
  const fs: FileSystem = {
    isLocal: async () => false,
    stat: (path, done) => {
      asked.push(`stat ${path}`);
      if (hangs('stat', path)) waiting.push(() => diskFileSystem.stat(path, done));
      else diskFileSystem.stat(path, done);
    },
    identify: (path) => through('identify', path, () => diskFileSystem.identify(path)),
    list: (path, ...rest) => through('list', path, () => diskFileSystem.list(path, ...rest)),
    realPath: (path) => through('realPath', path, () => diskFileSystem.realPath(path)),
    read: (path, ...rest) => through('read', path, () => diskFileSystem.read(path, ...rest)),
  };
  return {
    fs,
    asked,
    answer: async () => {
      for (const go of waiting.splice(0)) go();
      await diskFileSystem.identify('/');
      await diskFileSystem.identify('/');
    },
  };
}

test.each(['stat', 'read'])(
  'files of a disk whose %s hangs are given up and counted, and go on later',
  async (which) => {
    files.write('a/1.log', 'one\n');
    files.write('a/2.log', 'two\n');
    let isHanging = false;
    const disk = networkDisk((operation) => isHanging && operation === which);
    const { poll, lines, ledger } = files.start({ deps: { fs: disk.fs }, settings: { patienceSeconds } });
    await poll();
    files.append('a/1.log', 'three\n');
    isHanging = true;
    await poll();
    const asked = disk.asked.length;
    await poll();
    expect(disk.asked.slice(asked).filter((one) => one.startsWith(`${which} `))).toEqual([]);
    expect(ledger.counts().problems.get('logs')?.get('unreadable')).toBeGreaterThanOrEqual(2);
    expect([...lines()].sort()).toEqual(['one', 'two']);
    isHanging = false;
    await disk.answer();
    await poll();
    await poll();
    expect(lines('1.log')).toEqual(['one', 'three']);
    expect(lines('2.log')).toEqual(['two']);
  },
);

test('what a read that was given up brings later does not get into another file', async () => {
  files.write('a/1.log', 'one\n');
  files.write('b/2.log', 'two\n');
  let bringLate: (() => void) | undefined;
  let isHanging = false;
  const fs: FileSystem = {
    ...diskFileSystem,
    read: async (path, position, buffer) => {
      if (path.endsWith('1.log') && isHanging && bringLate === undefined) {
        return new Promise((resolve) => {
          bringLate = () => {
            buffer.fill(0x21);
            resolve({ identity: '', bytesRead: buffer.length });
          };
        });
      }
      const piece = await diskFileSystem.read(path, position, buffer);
      // Between the answer of the kernel and its use here.
      bringLate?.();
      return piece;
    },
    // Of two disks, so that one goes on while the other hangs.
    identify: async (path) => ({ ...(await diskFileSystem.identify(path)), dev: path.includes('/a/') ? 1 : 2 }),
    stat: (path, done) =>
      diskFileSystem.stat(path, (error, stats) =>
        done(error, stats && { ...stats, dev: path.includes('/a/') ? 1 : 2, isFile: () => stats.isFile() }),
      ),
  };
  const { poll, lines } = files.start({ deps: { fs }, settings: { patienceSeconds } });
  await poll();
  files.append('a/1.log', 'three\n');
  files.append('b/2.log', 'four\n');
  isHanging = true;
  await poll();
  isHanging = false;
  await poll();
  expect(lines('2.log')).toEqual(['two', 'four']);
  expect(lines('1.log')).toEqual(['one', 'three']);
});

test('a folder that hangs does not keep the others from being read', async () => {
  files.write('a/x/1.log', 'one\n');
  files.write('b/2.log', 'two\n');
  let isHanging = true;
  const disk = networkDisk((_operation, path) => isHanging && path.endsWith('/x'));
  const { poll, lines, ledger } = files.start({ deps: { fs: disk.fs }, settings: { patienceSeconds } });
  await poll();
  expect(lines()).toEqual(['two']);
  expect(ledger.counts().problems.get('event_files')?.get('unreadable')).toBe(1);
  isHanging = false;
  await disk.answer();
  await poll();
  expect(lines()).toEqual(['two', 'one']);
});

test('to stop does not wait for a disk that hangs for long', async () => {
  files.write('a/1.log', 'one\n');
  let isHanging = true;
  const disk = networkDisk(() => isHanging);
  const { sources } = files.start({ deps: { fs: disk.fs }, settings: { patienceSeconds: 3600 } });
  sources.start();
  await sources.stop();
  expect(sources.isReady()).toBe(false);
  isHanging = false;
  await disk.answer();
});
