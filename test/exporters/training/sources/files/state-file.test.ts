import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { emptyFileState } from '../../../../../exporters/training/sources/files/file-state.ts';
import { keepState } from '../../../../../exporters/training/sources/files/keep-state.ts';
import {
  fileMark,
  type SavedState,
  trainingStateFile,
} from '../../../../../exporters/training/sources/files/state-file.ts';
import { createLog } from '../../../../../kit/log.ts';
import { createFileWorld, type FileWorld } from './file-world.ts';

let files: FileWorld;
let path: string;
let lines: string[];

beforeEach(() => {
  files = createFileWorld();
  path = files.path('state.json');
  lines = [];
});

afterEach(() => files.remove());

const log = createLog({ level: 'debug', format: 'logfmt', daemon: 'test', write: (line) => void lines.push(line) });
const state: SavedState = {
  files: {
    files: [
      {
        path: '/a/x.log',
        kind: 'logs',
        identity: '1:2',
        offset: 3,
        position: 4,
        seam: { length: 4, hash: 5 },
        isInsideLine: false,
        isOpen: true,
        decoder: { lines: 7 },
      },
    ],
    runs: [{ key: '/a', checkpointsUntil: 12.5, trainerState: 'x' }],
  },
  runs: [{ anything: ['the run book', null] }],
};
const stateFile = (options = {}) => trainingStateFile(path, { log, ...options });

test('what is saved is loaded', async () => {
  await stateFile().save(state);
  expect(await stateFile().load()).toEqual(state);
  expect(lines).toEqual([]);
});

test('only its user may read it, and nothing is left beside it', async () => {
  await stateFile().save(state);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.new`)).toBe(false);
});

test('what a kill left beside it is no obstacle', async () => {
  writeFileSync(`${path}.new`, 'half');
  await stateFile().save(state);
  expect(await stateFile().load()).toEqual(state);
});

test('it is written only if something changed', async () => {
  const file = stateFile();
  await file.save(state);
  rmSync(path);
  await file.save({ ...state });
  expect(existsSync(path)).toBe(false);
  await file.save({ ...state, runs: [] });
  expect(existsSync(path)).toBe(true);
});

test('without a file there is nothing to go on from, and no word of it', async () => {
  expect(await stateFile().load()).toBeUndefined();
  expect(lines).toEqual([]);
});

test.each([
  ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['zeros', () => '\0'.repeat(100)],
  ['of another version', (text: string) => text.replace('"version":1', '"version":2')],
  ['of no files', () => `${fileMark},"version":1}`],
])('a file that is %s is written anew, with a warning', async (_what, damage) => {
  await stateFile().save(state);
  writeFileSync(path, damage(readFileSync(path, 'utf8')));
  const file = stateFile();
  expect(await file.load()).toBeUndefined();
  expect(lines).toEqual([expect.stringContaining('damaged')]);
  await file.save(state);
  expect(await stateFile().load()).toEqual(state);
});

test.each(['my notes\n', '{"format":"fleetlens-gpu-allocated-times"}', '[]'])(
  'a file of somebody else is left alone: %j',
  async (text) => {
    writeFileSync(path, text);
    const file = stateFile();
    expect(await file.load()).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining('something else')]);
    await file.save(state);
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

test('what is damaged in it is left out, and the rest is used', async () => {
  const text = JSON.stringify({
    format: 'fleetlens-training-state',
    version: 1,
    files: { ...state.files, files: [{ path: 7 }, ...state.files.files] },
    runs: state.runs,
  });
  writeFileSync(path, text);
  expect(await stateFile().load()).toEqual(state);
});

test('a state that is too large is not written, and one that is is not read', async () => {
  await stateFile({ maxBytes: 100 }).save(state);
  expect(existsSync(path)).toBe(false);
  expect(lines).toEqual([expect.stringContaining('larger than 100 bytes')]);
  await stateFile().save(state);
  expect(await stateFile({ maxBytes: 100 }).load()).toBeUndefined();
});

test('a disk that cannot be written is reported once, and once more when it can', async () => {
  const folder = files.path('none');
  const file = trainingStateFile(`${folder}/state.json`, { log });
  await file.save(state);
  await file.save({ ...state, runs: 1 });
  expect(lines).toEqual([expect.stringContaining('cannot be written')]);
  mkdirSync(folder);
  await file.save({ ...state, runs: 2 });
  await file.save({ ...state, runs: 3 });
  expect(lines.slice(1)).toEqual([expect.stringContaining('can be written again')]);
});

test('a full disk is reported and leaves the old state', async () => {
  const file = stateFile();
  await file.save(state);
  mkdirSync(`${path}.new`);
  writeFileSync(`${path}.new/x`, '');
  await file.save({ ...state, runs: 1 });
  expect(lines).toEqual([expect.stringContaining('cannot be written')]);
  expect(await stateFile().load()).toEqual(state);
});

test.each([
  ['a folder', () => mkdirSync(path)],
  ['a pipe', () => execFileSync('mkfifo', [path])],
])('%s in its place is no state', async (_what, make) => {
  make();
  expect(await stateFile().load()).toBeUndefined();
  expect(lines).toEqual([expect.stringContaining('no plain file')]);
});

test('it is saved at the end once more', async () => {
  let runs = 1;
  const keeper = keepState(stateFile(), () => ({ files: emptyFileState, runs }), 3600);
  runs = 2;
  await keeper.stop();
  expect((await stateFile().load())?.runs).toBe(2);
});

test('it is saved again and again', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const saved: unknown[] = [];
    let runs = 0;
    const file = { load: async () => undefined, save: async (next: SavedState) => void saved.push(next.runs) };
    const keeper = keepState(file, () => ({ files: emptyFileState, runs: ++runs }));
    jest.advanceTimersByTime(61_000);
    await keeper.stop();
    jest.advanceTimersByTime(61_000);
    expect(saved).toEqual([1, 2, 3]);
  } finally {
    jest.useRealTimers();
  }
});

test('the rights of its folder are left as they are', async () => {
  chmodSync(files.folder, 0o755);
  await stateFile().save(state);
  expect(statSync(files.folder).mode & 0o777).toBe(0o755);
});
