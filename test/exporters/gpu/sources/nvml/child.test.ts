import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tiers } from '../../../../../exporters/gpu/reading.ts';
import {
  type Answer,
  type ChildOptions,
  progressDriver,
  progressFd,
  progressIdle,
  type Request,
} from '../../../../../exporters/gpu/sources/nvml/protocol.ts';
import { buildDist } from '../../../../support/dist.ts';
import { buildFakeNvml, type FakeLine, writeFakeState } from '../../../../support/fake-nvml.ts';

let entry: string;
let library: string;
let folder: string;
let statePath: string;
let children: Child[] = [];

beforeAll(async () => {
  entry = join(await buildDist(), 'exporters/gpu/sources/nvml/child.js');
  library = buildFakeNvml();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-nvml-child-'));
  statePath = join(folder, 'state');
});
afterEach(async () => {
  const leftOver = children;
  children = [];
  for (const child of leftOver) child.process.kill('SIGKILL');
  await Promise.all(leftOver.map(({ exit }) => exit));
  rmSync(folder, { recursive: true });
});

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Child {
  readonly process: ChildProcess;
  readonly exit: Promise<Exit>;
  next(): Promise<Answer>;
  /** Resolves when it is ready and the progress bytes of its start have arrived, so that the bytes that follow belong to requests. */
  ready(): Promise<void>;
  ask(kind: Request['kind']): Promise<Answer>;
  /** Resolves once the last progress byte is this one. */
  progressed(byte: number): Promise<void>;
  lastProgress(): number | undefined;
  stderr(): string;
}

function startChild(lines: readonly FakeLine[], options: Partial<ChildOptions> = {}): Child {
  writeFakeState(statePath, lines);
  const stdio: ('ignore' | 'pipe' | 'ipc')[] = ['ignore', 'ignore', 'pipe', 'ipc'];
  stdio[progressFd] = 'pipe';
  const child = fork(entry, [JSON.stringify({ libraries: [library], skip: [], ...options })], {
    serialization: 'advanced',
    stdio,
    env: { ...process.env, FAKE_NVML_STATE: statePath },
  });
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const answers: Answer[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  child.on('message', (message) => {
    const take = waiting.shift();
    if (take === undefined) answers.push(message as Answer);
    else take(message as Answer);
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const progress = child.stdio[progressFd] as Readable;
  let last: number | undefined;
  let idles = 0;
  progress.on('data', (chunk: Buffer) => {
    last = chunk.at(-1);
    idles += chunk.filter((byte) => byte === progressIdle).length;
  });
  let id = 0;

  function next(): Promise<Answer> {
    const answer = answers.shift();
    return answer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(answer);
  }

  const started: Child = {
    process: child,
    // The pipe is read to its end first, so the last progress byte is known then. The process's own 'close' event would say the
    // same, but node does not send it after disconnect().
    exit: Promise.all([exited, new Promise((resolve) => progress.once('close', resolve))]).then(([exit]) => exit),
    next,
    ask(kind) {
      id += 1;
      child.send(
        (kind === 'poll' ? { kind, id } : { kind, id, wanted: { tiers, skip: options.skip ?? [] } }) satisfies Request,
      );
      return next();
    },
    async ready() {
      expect(await next()).toMatchObject({ kind: 'ready' });
      // One after finding the GPUs, one after listening to their events.
      while (idles < 2) await new Promise((resolve) => progress.once('data', resolve));
    },
    async progressed(byte) {
      while (last !== byte) await new Promise((resolve) => progress.once('data', resolve));
    },
    lastProgress: () => last,
    stderr: () => stderr,
  };
  children.push(started);
  return started;
}

test('says that it is ready, and answers each request with its id', async () => {
  const child = startChild([]);
  expect(await child.next()).toEqual({ kind: 'ready', gpuCount: 8 });

  const answer = await child.ask('collect');
  expect(answer).toMatchObject({ kind: 'reading', id: 1, reading: { versions: { driver: '580.65.06' } } });
  if (answer.kind !== 'reading') throw new Error('not a reading');
  expect(answer.reading.gpus.map(({ thermal }) => thermal?.coreCelsius)).toEqual([55, 56, 57, 58, 59, 60, 61, 62]);
  expect(Math.abs(answer.reading.takenAtSeconds - Date.now() / 1000)).toBeLessThan(60);
  await child.progressed(progressIdle);

  writeFakeState(statePath, ['xid=1:4:79']);
  expect(await child.ask('poll')).toMatchObject({ kind: 'events', id: 2, events: [{ index: 4, xid: 79 }] });
  expect(await child.ask('poll')).toEqual({ kind: 'events', id: 3, events: [] });
  expect(child.stderr()).toBe('');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s shuts NVML down and exits with 0', async (signal) => {
  const log = join(folder, 'shutdown');
  const child = startChild([`shutdown_log=${log}`]);
  await child.ready();
  child.process.kill(signal);
  expect(await child.exit).toEqual({ code: 0, signal: null });
  expect(readFileSync(log, 'utf8')).toBe('shutdown with 0 event sets and 0 GPM samples open\n');
});

test('when the exporter is gone it shuts NVML down and exits with 0', async () => {
  const log = join(folder, 'shutdown');
  const child = startChild([`shutdown_log=${log}`]);
  await child.ready();
  child.process.disconnect();
  expect(await child.exit).toEqual({ code: 0, signal: null });
  expect(readFileSync(log, 'utf8')).toBe('shutdown with 0 event sets and 0 GPM samples open\n');
});

test('dies of SIGKILL', async () => {
  const child = startChild([]);
  await child.ready();
  child.process.kill('SIGKILL');
  expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' });
});

test('the last progress byte names the GPU whose call hangs, and SIGKILL still works', async () => {
  const child = startChild([]);
  await child.ready();
  writeFakeState(statePath, ['gpu.2.hang=1']);
  void child.ask('collect');
  await child.progressed(2);
  child.process.kill('SIGTERM');
  child.process.kill('SIGKILL');
  expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' });
  expect(child.lastProgress()).toBe(2);
});

test('a call that hangs for a while is answered late, and then a pending SIGTERM is followed', async () => {
  const child = startChild([]);
  await child.ready();
  writeFakeState(statePath, ['hang=nvmlDeviceGetUtilizationRates']);
  const answer = child.ask('collect');
  await child.progressed(0);
  child.process.kill('SIGTERM');
  writeFakeState(statePath, []);
  expect(await answer).toMatchObject({ kind: 'reading', id: 1 });
  expect(await child.exit).toEqual({ code: 0, signal: null });
});

test('a start that hangs on a GPU names it too', async () => {
  const child = startChild(['gpu.6.hang=1']);
  await child.progressed(6);
  child.process.kill('SIGKILL');
  expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' });
  expect(child.lastProgress()).toBe(6);
});

test('a hang outside of any GPU is announced as one of the driver', async () => {
  const child = startChild(['hang=nvmlInit_v2']);
  await child.progressed(progressDriver);
  child.process.kill('SIGKILL');
  await child.exit;
  expect(child.lastProgress()).toBe(progressDriver);
});

test('the last progress byte names the GPU whose call crashes', async () => {
  const child = startChild([]);
  await child.ready();
  writeFakeState(statePath, ['gpu.5.crash=1']);
  void child.ask('collect');
  expect(await child.exit).toEqual({ code: null, signal: 'SIGSEGV' });
  expect(child.lastProgress()).toBe(5);
});

test('a GPU to skip is neither touched nor shown', async () => {
  const child = startChild(['gpu.5.crash=1', 'gpu.2.hang=1'], { skip: [2, 5] });
  expect(await child.next()).toEqual({ kind: 'ready', gpuCount: 8 });
  const answer = await child.ask('collect');
  if (answer.kind !== 'reading') throw new Error(`not a reading: ${answer.kind}`);
  expect(answer.reading.gpus.map(({ index }) => index)).toEqual([0, 1, 3, 4, 6, 7]);
});

test('says why NVML cannot be used, and exits with 0', async () => {
  const child = startChild(['init=9']);
  expect(await child.next()).toMatchObject({ kind: 'init-failed', state: 'driver_not_loaded' });
  expect(await child.exit).toEqual({ code: 0, signal: null });
});

test('says that there is no library, and exits with 0', async () => {
  const child = startChild([], { libraries: ['/nonexistent/libnvidia-ml.so.1'] });
  expect(await child.next()).toMatchObject({
    kind: 'init-failed',
    state: 'library_not_found',
    message: expect.stringContaining('/nonexistent/libnvidia-ml.so.1'),
  });
  expect(await child.exit).toEqual({ code: 0, signal: null });
});

test('says that the driver went away, and exits with 0', async () => {
  const child = startChild([]);
  await child.ready();
  writeFakeState(statePath, ['driver_gone=18']);
  expect(await child.ask('collect')).toMatchObject({ kind: 'driver-gone', state: 'version_mismatch' });
  expect(await child.exit).toEqual({ code: 0, signal: null });
});

test('a handle that the library never gave would crash the fake, and none is ever passed', async () => {
  const child = startChild(['gpu.0=lost', 'gpu.7=lost']);
  await child.ready();
  for (const lines of [['gpu.1=lost'], ['count=3'], ['count=8', 'gpu.2=not_found'], []] as FakeLine[][]) {
    writeFakeState(statePath, lines);
    expect(await child.ask('collect')).toMatchObject({ kind: 'reading' });
    expect(await child.ask('poll')).toMatchObject({ kind: 'events' });
  }
  expect(child.stderr()).toBe('');
});
