import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMarked, readBounded, replaceFile, within } from '../../kit/state-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-state-'));
  path = join(folder, 'state');
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

test('what a kill left beside it is no obstacle', async () => {
  writeFileSync(`${path}.new`, 'half');
  await replaceFile(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('a file is replaced by one of its owner alone, with nothing beside it', async () => {
  writeFileSync(path, 'old', { mode: 0o644 });
  await replaceFile(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['state']);
});

test('what cannot be put in place leaves nothing behind, and its reason is told', async () => {
  mkdirSync(path);
  await expect(replaceFile(path, 'new')).rejects.toThrow('EISDIR');
  expect(readdirSync(folder)).toEqual(['state']);
});

test.each([
  ['{"format":"x"}', true],
  ['{"for', true],
  ['', true],
  ['\0\0', true],
  ['{"format":"y"}', false],
  ['\0{', false],
  ['{\0', false],
])('%j is ours: %p', (text, isOurs) => {
  expect(isMarked(text, '{"format":"x"')).toBe(isOurs);
});

test('work that is late is not waited for, and work in time leaves no timer', async () => {
  jest.useFakeTimers();
  try {
    const never = within(1000, new Promise<string>(() => undefined), 'late');
    jest.advanceTimersByTime(1000);
    expect(await never).toBe('late');
    expect(await within(1000, Promise.resolve('done'), 'late')).toBe('done');
    await expect(within(1000, Promise.reject(new Error('broken')), 'late')).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
