import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBounded, readUpTo } from '../../kit/bounded-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-bounded-'));
  path = join(folder, 'file');
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['äbc', 4, 'äbc'],
  ['abcd', 4, 'abcd'],
  ['abcde', 4, 'abcde'],
  ['abcdefgh', 4, 'abcde'],
  ['', 4, ''],
])('of %j with a limit of %d bytes %j is read', async (text, maxBytes, read) => {
  writeFileSync(path, text);
  expect(await readBounded(path, maxBytes)).toBe(read);
});

test('no file has no text, and a folder is refused', async () => {
  expect(await readBounded(path, 10)).toBeUndefined();
  await expect(readBounded(folder, 10)).rejects.toThrow('no plain file');
  writeFileSync(path, '');
  await expect(readBounded(join(path, 'x'), 10)).rejects.toThrow('ENOTDIR');
});

test('what was read is closed', async () => {
  writeFileSync(path, 'text');
  const isOpen = () => readdirSync('/proc/self/fd').some((fd) => linkOf(`/proc/self/fd/${fd}`) === path);
  await readBounded(path, 10);
  expect(isOpen()).toBe(false);
});

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(fd);
  } catch {
    return undefined;
  }
}

test.each([0, 1, 5, 20_000, 100_000])('of a file without a size the first %d bytes are read', async (limit) => {
  const text = 'x'.repeat(50_000);
  writeFileSync(path, text);
  expect((await readUpTo(path, limit)).length).toBe(Math.min(limit, text.length));
  expect((await readUpTo('/proc/self/status', 4)).toString()).toBe('Name');
});
