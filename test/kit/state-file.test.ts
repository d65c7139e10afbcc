import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../kit/log.ts';
import { createStateFile, type StateFileSettings } from '../../kit/state-file.ts';

let folder: string;
let path: string;
let warnings: { readonly msg: string; readonly reason: string; readonly remedy: string }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-state-'));
  path = join(folder, 'state');
  warnings = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

function stateFile(settings: Partial<StateFileSettings<string>> = {}) {
  const log = createLog({
    level: 'warn',
    format: 'json',
    daemon: 'test',
    write: (line) => warnings.push(JSON.parse(line)),
  });
  const parse = (text: string): string | undefined => /^mark:(\w+)\n$/.exec(text)?.[1];
  return createStateFile({
    path,
    option: '--my.state',
    mark: 'mark:',
    maxBytes: 100,
    consequence: 'it starts anew',
    parse,
    log,
    ...settings,
  });
}

test('what was saved is loaded, in a file of its owner alone, with nothing beside it', async () => {
  writeFileSync(path, 'mark:old\n', { mode: 0o644 });
  await stateFile().save('mark:new\n');
  expect(await stateFile().load()).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['state']);
  expect(warnings).toEqual([]);
});

test('without a file there is nothing to go on from, and nothing to warn of', async () => {
  expect(await stateFile().load()).toBeUndefined();
  expect(warnings).toEqual([]);
});

test('what a kill left beside it is no obstacle', async () => {
  writeFileSync(`${path}.new`, 'half');
  await stateFile().save('mark:new\n');
  expect(readFileSync(path, 'utf8')).toBe('mark:new\n');
});

test('what did not change is not written again', async () => {
  const file = stateFile();
  await file.save('mark:a\n');
  rmSync(path);
  await file.save('mark:a\n');
  expect(readdirSync(folder)).toEqual([]);
  await file.save('mark:b\n');
  expect(readdirSync(folder)).toEqual(['state']);
});

test.each(['mark:', 'mark:!\n', 'mar', '', '\0\0', `mark:${'x'.repeat(100)}\n`])(
  'a damaged file, %j, is told and written anew',
  async (text) => {
    writeFileSync(path, text);
    const file = stateFile();
    expect(await file.load()).toBeUndefined();
    expect(warnings).toMatchObject([
      { msg: 'the state file is not used, so it starts anew', reason: 'it is damaged, or of another version' },
    ]);
    await file.save('mark:new\n');
    expect(readFileSync(path, 'utf8')).toBe('mark:new\n');
  },
);

test.each(['another:x', '\0{', 'm\0'])('a file of somebody else, %j, is told and left alone', async (text) => {
  writeFileSync(path, text);
  const file = stateFile();
  expect(await file.load()).toBeUndefined();
  expect(warnings[0]?.remedy).toContain('--my.state');
  await file.save('mark:new\n');
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a file that cannot be read or replaced is told once, and nothing is left beside it', async () => {
  mkdirSync(path);
  const file = stateFile();
  expect(await file.load()).toBeUndefined();
  await file.save('mark:a\n');
  await file.save('mark:b\n');
  expect(warnings.map(({ reason }) => reason)).toEqual(['it is no plain file', expect.stringContaining('EISDIR')]);
  expect(readdirSync(folder)).toEqual(['state']);
});

test('a state that is larger than what would be read again is not written', async () => {
  await stateFile().save('x'.repeat(101));
  expect(warnings[0]?.reason).toBe('the state is larger than 100 bytes');
  expect(readdirSync(folder)).toEqual([]);
});

test('a disk that does not answer in time is told, and what comes meanwhile is not waited for', async () => {
  const file = stateFile({ patienceSeconds: 0 });
  const first = file.save('mark:a\n');
  await file.save('mark:b\n');
  await first;
  expect(warnings.map(({ reason }) => reason)).toEqual(['the disk does not answer within 0 s']);
});
