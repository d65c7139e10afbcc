import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type ProcFiles, procFiles } from '../../../../../exporters/training/sources/files/proc-file.ts';
import { createFileWorld, type FileWorld, host, type World } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
  process_(2, { name: 'kthreadd', isKernel: true });
  proc('stat', `cpu 1 2 3\nbtime ${bootedAt}\n`);
});

afterEach(() => files.remove());

const bootedAt = 1_700_000_000;
/** Of the event file, in seconds after boot. */
const begunAt = 5000;

function proc(name: string, text: string): void {
  files.write(`.proc/${name}`, text);
}

interface FakeProcess {
  readonly name?: string;
  readonly startedAt?: number;
  readonly innerPids?: readonly number[];
  readonly isKernel?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

function process_(pid: number, options: FakeProcess = {}): void {
  const { name = 'python (3) x', startedAt = begunAt - 100, innerPids = [], isKernel = false, environment } = options;
  const fields = Array.from({ length: 50 }, (_, index) => (index === 19 ? startedAt * 100 : 0));
  proc(`${pid}/stat`, `${pid} (${name}) ${['S', ...fields.slice(1)].join(' ')}\n`);
  const memory = isKernel ? '' : 'VmSize:\t   100 kB\n';
  proc(`${pid}/status`, `Name:\t${name}\nNSpid:\t${[pid, ...innerPids].join('\t')}\n${memory}`);
  const entries = Object.entries(environment ?? {}).map(([key, value]) => `${key}=${value}\0`);
  if (environment !== undefined) proc(`${pid}/environ`, entries.join(''));
}

function eventFile(pid: number, { folder = 'a', onHost = host, at = begunAt } = {}): string {
  return files.write(`${folder}/events.out.tfevents.${bootedAt + at}.${onHost}.${pid}.0`, 'one\n');
}

const alive = ({ journal }: World) =>
  journal
    .only('event_files')
    .toldAs('writerAlive')
    .map((one) => one.alive);

async function look(): Promise<World> {
  const world = files.start();
  await world.poll();
  return world;
}

test('a process that is there is alive, and gone when it is not there any more', async () => {
  process_(500);
  eventFile(500);
  const world = await look();
  expect(alive(world)).toEqual([true]);
  rmSync(files.path('.proc/500'), { recursive: true });
  await world.poll();
  expect(alive(world)).toEqual([true, false]);
});

test('one that was gone before anybody looked is gone too', async () => {
  eventFile(500);
  expect(alive(await look())).toEqual([false]);
});

test('another process that got the pid later does not count', async () => {
  process_(500, { startedAt: begunAt + 100 });
  eventFile(500);
  expect(alive(await look())).toEqual([false]);
});

test('a thread of the kernel does not count', async () => {
  process_(57, { isKernel: true, startedAt: 1 });
  eventFile(57);
  expect(alive(await look())).toEqual([false]);
});

test('one that ended and waits for its parent does not count', async () => {
  process_(500, { isKernel: true });
  eventFile(500);
  expect(alive(await look())).toEqual([false]);
});

test('nobody can tell of another machine', async () => {
  process_(500);
  eventFile(500, { onHost: 'node8' });
  expect(alive(await look())).toEqual([]);
});

test('nobody can tell from within a container of one that is not seen', async () => {
  rmSync(files.path('.proc/2'), { recursive: true });
  eventFile(500);
  const world = await look();
  expect(alive(world)).toEqual([]);
  process_(500);
  await world.poll();
  rmSync(files.path('.proc/500'), { recursive: true });
  await world.poll();
  expect(alive(world)).toEqual([true, false]);
});

test('nobody can tell where there is no proc file system', async () => {
  rmSync(files.path('.proc'), { recursive: true });
  eventFile(500);
  expect(alive(await look())).toEqual([]);
});

test('nobody can tell of a pid that may be that of a process in a container', async () => {
  process_(9000, { innerPids: [57] });
  process_(57, { isKernel: true, startedAt: 1 });
  eventFile(57);
  expect(alive(await look())).toEqual([]);
});

test('a process in a container that has the name of the host is found', async () => {
  process_(9000, { innerPids: [57], environment: { HOSTNAME: 'other' } });
  process_(9001, {
    innerPids: [4, 57],
    environment: { HOSTNAME: 'train-0', KUBERNETES_SERVICE_HOST: '10.0.0.1', POD_NAMESPACE: 'ml', TOKEN: 'secret' },
  });
  eventFile(57, { onHost: 'train-0' });
  const world = await look();
  expect(alive(world)).toEqual([true]);
  expect(world.journal.only('event_files').identity).toEqual(
    expect.objectContaining({ namespace: 'ml', pod: 'train-0', host: 'train-0' }),
  );
  rmSync(files.path('.proc/9001'), { recursive: true });
  await world.poll();
  expect(alive(world)).toEqual([true, false]);
});

test('the newest event file counts: older ones are of earlier attempts', async () => {
  process_(600);
  eventFile(500, { at: begunAt - 50 });
  eventFile(600);
  const world = await look();
  const told = world.journal.streams.map(({ id, toldAs }) => [id.includes('.500.'), toldAs('writerAlive').length]);
  expect(told.sort()).toEqual([
    [false, 1],
    [true, 0],
  ]);
});

test('when a newer file is of another machine nobody can tell any more', async () => {
  process_(500);
  eventFile(500);
  const world = await look();
  eventFile(500, { onHost: 'node8', at: begunAt + 10 });
  await world.poll();
  await world.poll();
  const later = world.journal.streams.find(({ id }) => id.includes('node8'));
  expect(later?.toldAs('writerAlive').map((one) => one.alive)).toEqual([undefined]);
});

test('the job comes from the environment, unless the path tells', async () => {
  process_(500, { environment: { SLURM_JOB_ID: '4711', HOSTNAME: host } });
  eventFile(500);
  const world = await look();
  expect(world.journal.only('event_files').identity).toEqual(
    expect.objectContaining({ jobId: '4711', pod: '', namespace: '' }),
  );
  rmSync(files.path('a'), { recursive: true });
  eventFile(500, { folder: 'job-12' });
  const other = await look();
  expect(other.journal.only('event_files').identity.jobId).toBe('12');
});

test('an environment that may not be read does no harm', async () => {
  process_(500);
  mkdirSync(files.path('.proc/500/environ'));
  eventFile(500);
  expect(alive(await look())).toEqual([true]);
});

test.each(['', 'garbage', '500 (x', '\0'.repeat(100)])('a stat of %j is no process', async (text) => {
  process_(500);
  proc('500/stat', text);
  eventFile(500);
  expect(alive(await look())).toEqual([false]);
});

test('a process table is looked through once for all runs', async () => {
  process_(9000, { innerPids: [57] });
  for (const folder of ['a', 'b', 'c']) eventFile(58, { folder, onHost: `pod-${folder}` });
  const lists: string[] = [];
  const counting: ProcFiles = {
    ...procFiles,
    list: (path) => {
      lists.push(path);
      return procFiles.list(path);
    },
  };
  const { poll } = files.start({ deps: { procFiles: counting } });
  await poll();
  expect(lists).toHaveLength(1);
});

test('this very process is found in the real proc file system', async () => {
  writeFileSync(files.path('x'), '');
  const { startedAt } = { startedAt: Math.floor(Date.now() / 1000 - process.uptime()) };
  files.write(`a/events.out.tfevents.${startedAt + 5}.${hostname()}.${process.pid}.0`, 'one\n');
  const world = files.start({ settings: { procfs: '/proc', hostName: hostname() } });
  await world.poll();
  expect(alive(world)).toEqual([true]);
});
