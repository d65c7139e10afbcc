import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SavedTimes } from '../../../../../exporters/gpu/attribution/allocated-time.ts';
import { readState, writeState } from '../../../../../exporters/gpu/sources/attribution/saved-times.ts';
import {
  createTimesFile,
  maxStateBytes,
  type TimesFile,
} from '../../../../../exporters/gpu/sources/attribution/times-file.ts';
import { createLog } from '../../../../../kit/log.ts';

const savedAt = 1_700_000_000;
const bootId = '0d1cbbf0-1c1f-4bb6-8c35-7ad8a8c5ee24';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
let path = '';
let bootIdFile = '';
let lines: string[] = [];
let now = savedAt;

beforeEach(() => {
  const own = join(folder, String(count++));
  mkdirSync(own);
  path = join(own, 'state.json');
  bootIdFile = join(own, 'boot_id');
  writeFileSync(bootIdFile, `${bootId}\n`);
  lines = [];
  now = savedAt;
});

function stateFile(): TimesFile {
  const log = createLog({ level: 'info', format: 'json', daemon: 'gpu', write: (line) => void lines.push(line) });
  const clock = { now: () => now, monotonic: () => 0 };
  return createTimesFile(path, { clock, log, bootIdFile });
}

function warnings(): readonly string[] {
  return lines.filter((line) => JSON.parse(line).level === 'warn');
}

function timesWith(seconds: number, holders = 1): SavedTimes {
  return {
    observed: [{ kind: 'pods', observedSecondsAgo: 1, countedSecondsAgo: 0 }],
    entries: Array.from({ length: holders }, (_, index) => ({
      device: { index: 0, uuid: 'GPU-0', gpuInstanceId: 3 },
      holder: { kind: 'pod', namespace: 'ml', pod: `pod-${index}`, container: 'main' },
      seconds,
      shareSeconds: seconds / 2,
      replicas: 1,
    })),
  };
}

const jobEntry: SavedTimes['entries'][number] = {
  device: { index: 1, uuid: 'GPU-1' },
  holder: { kind: 'job', jobId: '77', userId: '1000' },
  seconds: 4,
  shareSeconds: 4,
  endedSecondsAgo: 10,
};

test('what was saved is there after a restart, with the time since', async () => {
  const times = { ...timesWith(12.5), entries: [...timesWith(12.5).entries, jobEntry] };
  await stateFile().save(times);
  now = savedAt + 30;
  expect(await stateFile().load()).toEqual({ times, agoSeconds: 30 });
  expect(lines).toEqual([]);
});

test('only its owner may read the file, and nothing else is left in the folder', async () => {
  await stateFile().save(timesWith(1));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, '..')).sort()).toEqual(['boot_id', 'state.json']);
});

test('without a file there is nothing to go on from, and nothing to warn of', async () => {
  expect(await stateFile().load()).toBe(undefined);
  expect(lines).toEqual([]);
});

test('a wall clock that was set back gives no negative time', async () => {
  await stateFile().save(timesWith(1));
  now = savedAt - 1000;
  expect((await stateFile().load())?.agoSeconds).toBe(0);
});

test.each([
  ['an hour passed', passAnHour],
  ['the machine was booted', () => writeFileSync(bootIdFile, 'another\n')],
  ['the boot cannot be told', () => rmSync(bootIdFile)],
])('it starts at 0 after %s, and says so', async (_, change) => {
  await stateFile().save(timesWith(1));
  change();
  expect(await stateFile().load()).toBe(undefined);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(path);
});

function passAnHour(): void {
  now += 3600;
}

const good = writeState({ bootId, savedAtSeconds: savedAt, times: timesWith(1) });

describe('a damaged file', () => {
  test.each([
    ['is empty', ''],
    ['is full of zeros', '\0'.repeat(500)],
    ['was cut off', good.slice(0, -20)],
    ['was cut off early', good.slice(0, 5)],
    ['has a newer version', good.replace('"version":1', '"version":2')],
    ['has values that cannot be', good.replace('"seconds":1', '"seconds":-1')],
    ['has a holder that is none', good.replace('"kind":"pod"', '"kind":"cat"')],
  ])('that %s costs one warning and is written anew', async (_, text) => {
    writeFileSync(path, text);
    const file = stateFile();
    expect(await file.load()).toBe(undefined);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain(path);
    expect(warnings()[0]).toContain('remedy');
    await file.save(timesWith(5));
    expect((await stateFile().load())?.times).toEqual(timesWith(5));
  });
});

describe('a file of somebody else', () => {
  test.each([
    ['is text', 'root:x:0:0:root:/root:/bin/bash\n'],
    ['is other JSON', '{"hello":"world"}'],
    ['is too large', 'x'.repeat(maxStateBytes + 10)],
  ])('that %s costs one warning and is left alone', async (_, text) => {
    writeFileSync(path, text);
    const file = stateFile();
    expect(await file.load()).toBe(undefined);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain('--attribution.state-file');
    await file.save(timesWith(5));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('a file that cannot be written', () => {
  test('costs one warning, and is told when it can be written again', async () => {
    const file = stateFile();
    rmSync(join(path, '..'), { recursive: true });
    await file.save(timesWith(1));
    await file.save(timesWith(2));
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain(path);
    mkdirSync(join(path, '..'));
    writeFileSync(bootIdFile, bootId);
    await file.save(timesWith(3));
    expect(lines).toHaveLength(2);
    expect((await stateFile().load())?.times).toEqual(timesWith(3));
  });

  test('keeps the state that it has', async () => {
    await stateFile().save(timesWith(1));
    const before = readFileSync(path, 'utf8');
    mkdirSync(`${path}.new/full`, { recursive: true });
    await stateFile().save(timesWith(2));
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(warnings()).toHaveLength(1);
  });

  test('because it is a folder costs a warning at the start', async () => {
    mkdirSync(path);
    const file = stateFile();
    expect(await file.load()).toBe(undefined);
    await file.save(timesWith(1));
    expect(warnings().length).toBeGreaterThan(0);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(existsSync(`${path}.new`)).toBe(false);
  });
});

test('a link that somebody put in the place of the temporary file is not followed', async () => {
  const victim = join(path, '..', 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, `${path}.new`);
  await stateFile().save(timesWith(1));
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect((await stateFile().load())?.times).toEqual(timesWith(1));
});

test('whenever the process is killed, the file holds one whole state, and never an older one than before', async () => {
  const file = stateFile();
  await file.save(timesWith(0, 200));
  let last = 0;
  let reads = 0;
  let isDone = false;
  const saving = (async () => {
    for (let second = 1; second <= 60; second++) await file.save(timesWith(second, 200));
    isDone = true;
  })();
  while (!isDone) {
    const state = readState(readFileSync(path, 'utf8'));
    const seconds = state?.times.entries[199]?.seconds ?? -1;
    expect(seconds).toBeGreaterThanOrEqual(last);
    last = seconds;
    reads++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await saving;
  expect(reads).toBeGreaterThan(20);
});
