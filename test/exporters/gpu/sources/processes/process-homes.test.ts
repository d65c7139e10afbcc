import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canSeeHostProcesses,
  createProcessHomes,
  maxProcesses,
} from '../../../../../exporters/gpu/sources/processes/process-homes.ts';

interface FakeProcess {
  readonly name?: string | Buffer;
  readonly startTicks?: number;
  readonly cgroup?: string;
}

let procfs: string;

beforeEach(() => {
  procfs = mkdtempSync(join(tmpdir(), 'procfs-'));
  mkdirSync(join(procfs, 'self'));
});

afterEach(() => rmSync(procfs, { recursive: true, force: true }));

function put(pid: number, { name = 'python3', startTicks = 1000, cgroup = '0::/\n' }: FakeProcess): void {
  const folder = join(procfs, `${pid}`);
  mkdirSync(folder, { recursive: true });
  const rest = `R 1 ${pid} ${pid} 0 -1 4194304 ${'0 '.repeat(12)}${startTicks} 3133440 384\n`;
  writeFileSync(join(folder, 'stat'), Buffer.concat([Buffer.from(`${pid} (${name}) ${rest}`)]));
  writeFileSync(join(folder, 'comm'), Buffer.concat([Buffer.from(name), Buffer.from('\n')]));
  writeFileSync(join(folder, 'cgroup'), cgroup);
}

test('processes are told apart by their cgroups', async () => {
  put(10, { cgroup: '0::/system.slice/slurmstepd.scope/job_5/step_0\n' });
  put(11, { cgroup: '0::/kubepods/pod74c13223-5a00-11e9-b385-42010a80018d\n' });
  put(12, { cgroup: '0::/user.slice\n' });
  const homes = await createProcessHomes({ procfs }).find([10, 11, 12, 13, -1, 0, 1.5, Number.NaN]);
  expect([...homes]).toEqual([
    [10, { kind: 'job', jobId: '5' }],
    [11, { kind: 'pod', podUid: '74c13223-5a00-11e9-b385-42010a80018d' }],
    [12, { kind: 'bare', name: 'python3' }],
  ]);
});

test('the same process is read once, and another one with its pid anew', async () => {
  const homes = createProcessHomes({ procfs });
  put(10, { name: 'first' });
  await homes.find([10]);
  put(10, { name: 'renamed' });
  expect((await homes.find([10])).get(10)).toEqual({ kind: 'bare', name: 'first' });
  put(10, { name: 'second', startTicks: 1001 });
  expect((await homes.find([10])).get(10)).toEqual({ kind: 'bare', name: 'second' });
});

test('what is not asked for any more is forgotten', async () => {
  const homes = createProcessHomes({ procfs });
  put(10, { name: 'first' });
  await homes.find([10]);
  await homes.find([]);
  put(10, { name: 'renamed' });
  expect((await homes.find([10])).get(10)).toEqual({ kind: 'bare', name: 'renamed' });
});

test('brackets and blanks in a name do not hide the start time', async () => {
  const homes = createProcessHomes({ procfs });
  put(10, { name: 'a) R 1 (b) ' });
  expect((await homes.find([10])).get(10)).toEqual({ kind: 'bare', name: 'a) R 1 (b) ' });
  put(10, { name: 'a) R 1 (c) ', startTicks: 1001 });
  expect((await homes.find([10])).get(10)).toEqual({ kind: 'bare', name: 'a) R 1 (c) ' });
});

test.each([
  ['control characters', 'a\nb\x1b[31m', 'a\u{FFFD}b\u{FFFD}[31m'],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe]), 'a\u{FFFD}\u{FFFD}'],
  ['characters that turn text around', 'a\u{202E}b', 'a\u{FFFD}b'],
  ['nothing', '', 'unknown'],
  ['blanks', '   ', 'unknown'],
  ['quotes', '"}\\', '"}\\'],
])('a name of %s becomes a harmless label', async (_what, name, label) => {
  put(10, { name });
  expect((await createProcessHomes({ procfs }).find([10])).get(10)).toEqual({ kind: 'bare', name: label });
});

test('a name that no kernel would give is cut', async () => {
  put(10, { name: 'x'.repeat(1000) });
  expect((await createProcessHomes({ procfs }).find([10])).get(10)).toEqual({ kind: 'bare', name: 'x'.repeat(64) });
});

test('a huge cgroup file is read up to its bound', async () => {
  put(10, { cgroup: `${'1:cpu:/\n'.repeat(10_000)}0::/slurm/uid_1/job_2\n` });
  expect((await createProcessHomes({ procfs }).find([10])).get(10)).toMatchObject({ kind: 'bare' });
});

test('a cgroup text of several pages is read to its end', async () => {
  put(10, { cgroup: `1:cpu:/${'a/'.repeat(1900)}\n2:pids:/${'b/'.repeat(1900)}\n0::/slurm/uid_1/job_2\n` });
  expect((await createProcessHomes({ procfs }).find([10])).get(10)).toMatchObject({ kind: 'job', jobId: '2' });
});

test('a kernel without cgroups has only bare processes', async () => {
  put(10, {});
  rmSync(join(procfs, '10', 'cgroup'));
  expect((await createProcessHomes({ procfs }).find([10])).get(10)).toEqual({ kind: 'bare', name: 'python3' });
});

test('a process without a readable start time is left out', async () => {
  put(10, {});
  put(11, {});
  writeFileSync(join(procfs, '11', 'stat'), 'garbage');
  expect([...(await createProcessHomes({ procfs }).find([10, 11])).keys()]).toEqual([10]);
});

test('more processes than allowed are cut off', async () => {
  const pids = Array.from({ length: maxProcesses + 5 }, (_, index) => index + 1);
  put(1, {});
  put(maxProcesses, {});
  put(maxProcesses + 1, {});
  expect([...(await createProcessHomes({ procfs }).find(pids)).keys()]).toEqual([1, maxProcesses]);
});

test('processes that are all gone are no failure', async () => {
  expect((await createProcessHomes({ procfs }).find([10])).size).toBe(0);
});

test('a folder that is no proc file system is, with the option to set', async () => {
  rmSync(join(procfs, 'self'), { recursive: true });
  const message = `${procfs} is not a proc file system: mount /proc of the host there or set --path.procfs to where it is`;
  await expect(createProcessHomes({ procfs }).find([10])).rejects.toThrow(message);
});

test('a file that cannot be read for another reason is a failure with its place', async () => {
  mkdirSync(join(procfs, '10', 'stat'), { recursive: true });
  await expect(createProcessHomes({ procfs }).find([10])).rejects.toThrow(`cannot read ${join(procfs, '10', 'stat')}`);
});

test('the real proc file system has this process and knows no pid 0', async () => {
  const homes = await createProcessHomes({ procfs: '/proc' }).find([process.pid, 0]);
  expect([...homes.keys()]).toEqual([process.pid]);
});

test('host processes are seen where pid 2 is the kernel thread that has it on every host', async () => {
  expect(await canSeeHostProcesses(procfs)).toBe(false);
  put(2, { name: 'bash' });
  expect(await canSeeHostProcesses(procfs)).toBe(false);
  put(2, { name: 'kthreadd' });
  expect(await canSeeHostProcesses(procfs)).toBe(true);
});
