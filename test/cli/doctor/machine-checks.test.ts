import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCapabilities } from '../../../cli/doctor/capabilities.ts';
import { judgeMigMonitor } from '../../../cli/doctor/checks/container/mig-monitor.ts';
import { judgeRuntimeVariables } from '../../../cli/doctor/checks/container/nvidia-runtime.ts';
import { deviceNodes, judgeDeviceNodes } from '../../../cli/doctor/checks/permissions/device-nodes.ts';
import { judgeUser } from '../../../cli/doctor/checks/permissions/user.ts';
import { judgeCounters } from '../../../cli/doctor/checks/sources/counters-file.ts';
import { jobFiles } from '../../../cli/doctor/checks/sources/job-files.ts';
import { judgeAuto, kernelLog } from '../../../cli/doctor/checks/sources/kernel-log.ts';
import { podLogs } from '../../../cli/doctor/checks/sources/pod-logs.ts';
import { judgeAnswer } from '../../../cli/doctor/checks/sources/pod-resources.ts';
import { stateFile } from '../../../cli/doctor/checks/sources/state-file.ts';
import { xidEvents } from '../../../cli/doctor/checks/sources/xid-events.ts';
import { type ContainerTraces, containerOf } from '../../../cli/doctor/container.ts';
import { findContainer } from '../../../cli/doctor/machine.ts';
import { exam, gpu, machine } from './machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

const none: ContainerTraces = {
  isKubernetes: false,
  hasDockerenv: false,
  hasContainerenv: false,
  manager: undefined,
  cgroup: '0::/user.slice/user-1000.slice/session-2.scope\n',
};

test.each([
  [none, undefined],
  [{ ...none, cgroup: '0::/system.slice/docker.service\n' }, undefined],
  [{ ...none, isKubernetes: true, hasDockerenv: true }, 'Kubernetes pod'],
  [{ ...none, cgroup: '0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-2.scope' }, 'Kubernetes pod'],
  [{ ...none, hasDockerenv: true }, 'Docker container'],
  [{ ...none, cgroup: '0::/system.slice/docker-0123456789abcdef.scope' }, 'Docker container'],
  [{ ...none, hasContainerenv: true }, 'Podman container'],
  [{ ...none, manager: 'lxc' }, 'container'],
])('from the traces %j the container is told', (traces, container) => {
  expect(containerOf(traces)).toBe(container);
});

test('traces of a container are looked for in files, and their absence is one too', () => {
  const root = join(folder, 'root');
  mkdirSync(join(root, 'run'), { recursive: true });
  const places = { root, ownCgroupFile: join(root, 'cgroup') };
  expect(findContainer({}, places)).toBeUndefined();
  writeFileSync(join(root, '.dockerenv'), '');
  expect(findContainer({}, places)).toBe('Docker container');
  expect(findContainer({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, places)).toBe('Kubernetes pod');
});

test('capabilities are counted, and the two that matter are told', () => {
  expect(parseCapabilities('Name:\tnode\nCapEff:\t000001ffffffffff\n')).toEqual({
    number: 41,
    has: { syslog: true, sysAdmin: true },
  });
  expect(parseCapabilities('CapEff:\t0000000400000000\n')).toEqual({
    number: 1,
    has: { syslog: true, sysAdmin: false },
  });
  expect(parseCapabilities('CapEff:\t0000000000200000\n')?.has).toEqual({ syslog: false, sysAdmin: true });
  expect(parseCapabilities('CapEff:\tzz\n')).toBeUndefined();
  expect(parseCapabilities('')).toBeUndefined();
});

test('the user is told, and that SYS_ADMIN is not needed', () => {
  expect(judgeUser(65_534, { number: 1, has: { syslog: true, sysAdmin: false } }).found).toBe(
    'user 65534, 1 capability, with SYSLOG',
  );
  expect(judgeUser(0, { number: 41, has: { syslog: true, sysAdmin: true } }).found).toBe(
    'root, 41 capabilities, with SYSLOG; it has SYS_ADMIN, which is not needed',
  );
  expect(judgeUser(0, undefined).found).toBe('root');
});

test('the device files of the driver and of each GPU that answers are looked at', async () => {
  const dev = join(folder, 'dev');
  mkdirSync(dev);
  for (const name of ['nvidiactl', 'nvidia0']) writeFileSync(join(dev, name), '');
  const driver = exam([gpu(0), gpu(5), gpu(6, { failure: 'gpu_is_lost' })]);
  expect(await deviceNodes.run(machine({ dev, driver }))).toMatchObject({
    status: 'warning',
    found: `${dev} has no nvidia5`,
  });
  writeFileSync(join(dev, 'nvidia5'), '');
  expect(await deviceNodes.run(machine({ dev, driver }))).toEqual({
    status: 'ok',
    found: `nvidiactl, nvidia0, nvidia5 in ${dev} can be read and written`,
  });
});

test('device files that are missing or forbidden are a failure if the driver does not answer either', () => {
  const names = ['nvidiactl', 'nvidia0'];
  expect(judgeDeviceNodes('/dev', names, new Map([['nvidiactl', 'missing']]), false)).toMatchObject({
    status: 'failure',
    found: '/dev has no nvidiactl',
    remedy: expect.stringContaining('nvidia-modprobe'),
  });
  expect(judgeDeviceNodes('/dev', names, new Map([['nvidia0', 'not allowed']]), false)).toMatchObject({
    status: 'failure',
    found: 'this user may not read and write nvidia0',
    remedy: expect.stringContaining('let this user read and write them'),
  });
  expect(judgeDeviceNodes('/dev', names, new Map([['nvidiactl', 'missing']]), true).status).toBe('not_applicable');
});

test('a kernel log that cannot be read is a warning with the rights that it takes', () => {
  expect(judgeAuto(undefined, true).status).toBe('ok');
  expect(judgeAuto("EPERM: operation not permitted, open '/dev/kmsg'", true)).toEqual({
    status: 'warning',
    found: expect.stringContaining('kernel.dmesg_restrict is 1; XIDs are heard through NVML alone'),
    remedy: expect.stringContaining('CAP_SYSLOG'),
  });
  expect(judgeAuto('EPERM', false).found).not.toContain('dmesg_restrict');
});

test('a kernel log that was named must be there, and a pipe is not waited for', async () => {
  const file = join(folder, 'kern.log');
  expect(await kernelLog.run(machine({}, [`--xid.kernel-log=${file}`]))).toMatchObject({
    status: 'failure',
    found: expect.stringContaining('ENOENT'),
  });
  execFileSync('mkfifo', [file]);
  expect((await kernelLog.run(machine({}, [`--xid.kernel-log=${file}`]))).status).toBe('ok');
  expect((await kernelLog.run(machine({}, [`--xid.kernel-log=${folder}`]))).status).toBe('failure');
  expect((await kernelLog.run(machine({}, ['--xid.kernel-log=none']))).status).toBe('not_applicable');
});

test('XID events that are not heard are a warning with what the driver said', async () => {
  const complaints = ['nvml: XID events may be missing: nvmlEventSetCreate returned unknown (999)'];
  const deaf = exam([gpu(0)], { hearsEvents: false, complaints });
  const { status, found } = await xidEvents.run(machine({ driver: deaf }));
  expect(status).toBe('warning');
  expect(found).toContain('nvmlEventSetCreate');
  expect((await xidEvents.run(machine())).status).toBe('ok');
});

test('a kubelet that answers without GPUs is a warning, and so are entries that cannot be read', () => {
  const allocatable = new Map([['nvidia.com/gpu', 8]]);
  expect(judgeAnswer({ containers: 3, bad: 0, allocatable })).toEqual({
    status: 'ok',
    found: '3 containers with GPUs; allocatable: 8 nvidia.com/gpu',
  });
  expect(judgeAnswer({ containers: 1, bad: 2, allocatable }).found).toContain('2 entries cannot be read');
  expect(judgeAnswer({ containers: 0, bad: 0, allocatable: new Map() }).status).toBe('warning');
});

test('the folder of jobs is read, with what is bad in it', async () => {
  const path = join(folder, 'jobs');
  const check = () => jobFiles.run(machine({}, [`--jobs.mapping-path=${path}`]));
  expect(await check()).toMatchObject({ status: 'failure', remedy: expect.stringContaining('create the folder') });
  mkdirSync(path);
  expect(await check()).toEqual({ status: 'ok', found: `${path}: no jobs now` });
  writeFileSync(join(path, '0'), '17\n18\n');
  writeFileSync(join(path, '1'), '18\n');
  expect(await check()).toEqual({ status: 'ok', found: `${path}: 3 jobs in 2 files` });
  execFileSync('mkfifo', [join(path, '2')]);
  writeFileSync(join(path, 'readme'), 'x');
  expect(await check()).toMatchObject({ status: 'warning', found: `${path}: 3 jobs in 2 files; 2 bad entries` });
  expect((await jobFiles.run(machine())).status).toBe('not_applicable');
});

test('a state file needs a folder that can be written to', async () => {
  const check = (file: string) => stateFile.run(machine({}, [`--attribution.state-file=${file}`]));
  expect(await check(join(folder, 'state.json'))).toMatchObject({
    status: 'ok',
    found: expect.stringContaining('can be made'),
  });
  writeFileSync(join(folder, 'state.json'), '{}');
  expect((await check(join(folder, 'state.json'))).found).toContain('can be read and replaced');
  expect((await check(folder)).found).toContain('is no plain file');
  expect(await check(join(folder, 'nowhere', 'state.json'))).toMatchObject({
    status: 'failure',
    remedy: expect.stringContaining('StateDirectory'),
  });
});

test('the folder of pod logs only matters where there is a kubelet and no pod list', async () => {
  const missing = `--kubernetes.pod-logs-path=${join(folder, 'no-logs')}`;
  const absent = `--kubernetes.pod-resources-socket=${join(folder, 'no.sock')}`;
  expect((await podLogs.run(machine({}, [missing, absent]))).status).toBe('not_applicable');
  expect(await podLogs.run(machine({}, [missing, absent, '--kubernetes.enabled=on']))).toMatchObject({
    status: 'warning',
    remedy: expect.stringContaining('mount it'),
  });
  const listed = [missing, '--kubernetes.enabled=on', '--kubernetes.pod-list-url=https://127.0.0.1/pods'];
  expect((await podLogs.run(machine({}, listed))).status).toBe('not_applicable');
  const logs = join(folder, 'logs');
  mkdirSync(join(logs, 'ml_train-0_0b7e', 'main'), { recursive: true });
  chmodSync(logs, 0o755);
  expect(await podLogs.run(machine({}, [`--kubernetes.pod-logs-path=${logs}`, '--kubernetes.enabled=on']))).toEqual({
    status: 'ok',
    found: `${logs} has 1 pod`,
  });
});

test('a counters file that is not used, or has rows that cannot be shown, is a warning', () => {
  const unknown = Array.from({ length: 7 }, (_, index) => ({ line: index + 1, name: `FIELD_${index}` }));
  const counters = { fields: [], labels: [], unknown };
  expect(judgeCounters('a.csv', { ...counters, unknown: [] }, true).status).toBe('ok');
  expect(judgeCounters('a.csv', { ...counters, unknown: [] }, false).status).toBe('warning');
  expect(judgeCounters('a.csv', counters, true).found).toMatch(/FIELD_4 \(line 5\) and 2 more$/);
});

const lost = { kind: 'unavailable', state: 'library_not_found', message: 'none', library: undefined } as const;

test.each([
  [{ NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'compute,utility' }, 'ok', 'ok'],
  [{ NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'all' }, 'ok', 'ok'],
  [{}, 'ok', 'failure'],
  [{ NVIDIA_VISIBLE_DEVICES: 'void' }, 'warning', 'failure'],
  [{ NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'compute' }, 'warning', 'failure'],
])('in a container %j is %s if the driver answers and %s if not', (env, answering, unavailable) => {
  const inside = { container: 'container', env } as const;
  expect(judgeRuntimeVariables({ ...inside, driver: exam([]) }).status).toBe(answering);
  expect(judgeRuntimeVariables({ ...inside, driver: lost }).status).toBe(unavailable);
  expect(judgeRuntimeVariables({ ...inside, container: undefined, driver: lost }).status).toBe('not_applicable');
});

test('a container that does not see the instances of a GPU in MIG mode is told how to', () => {
  const driver = exam([gpu(0, { mig: { enabled: true, instances: [] } })]);
  const inside = { container: 'Kubernetes pod', driver } as const;
  expect(judgeMigMonitor({ ...inside, env: {} })).toMatchObject({
    status: 'warning',
    remedy: expect.stringContaining('NVIDIA_MIG_MONITOR_DEVICES=all'),
  });
  expect(judgeMigMonitor({ ...inside, env: { NVIDIA_MIG_MONITOR_DEVICES: 'all' } }).status).toBe('ok');
  expect(judgeMigMonitor({ ...inside, driver: exam([gpu(0)]), env: {} }).status).toBe('not_applicable');
  expect(judgeMigMonitor({ ...inside, container: undefined, env: {} }).status).toBe('not_applicable');
});
