import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statuses } from '../../../cli/doctor/finding.ts';
import { type Ended, endCliProcesses, runCli, startDaemonProcess } from '../../support/cli.ts';
import { startFakeHttpServer } from '../../support/fake-http-server.ts';
import { startFakeKubelet } from '../../support/fake-kubelet.ts';
import { buildFakeNvml, type FakeLine, writeFakeState } from '../../support/fake-nvml.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-doctor-'));
const state = join(folder, 'state');
/** A copy, so that processes that were started with it can be told from those of other tests. */
const library = join(folder, 'libnvidia-ml.so.1');

beforeAll(() => copyFileSync(buildFakeNvml(), library));
afterEach(endCliProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

const usual = [
  `--nvml.library=${library}`,
  '--web.listen-address=127.0.0.1:0',
  '--xid.kernel-log=none',
  '--no-processes.enabled',
  `--path.procfs=${folder}`,
  `--kubernetes.pod-resources-socket=${join(folder, 'absent.sock')}`,
];
const outside = { NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'utility' };

function doctor(lines: readonly FakeLine[], ...args: readonly string[]): Promise<Ended> {
  writeFakeState(state, lines);
  return runCli(['doctor', 'gpu', ...usual, ...args], { env: { ...outside, FAKE_NVML_STATE: state } });
}

interface Told {
  readonly status: string;
  readonly found: string;
  readonly remedy?: string;
}

/** What the JSON report says about one check. */
function told({ stdout }: Ended, name: string): Told | undefined {
  const { checks }: { readonly checks: readonly (Told & { readonly name: string })[] } = JSON.parse(stdout);
  const found = checks.find((check) => check.name === name);
  return found && { status: found.status, found: found.found, ...(found.remedy ? { remedy: found.remedy } : {}) };
}

test('a healthy node is well', async () => {
  const { status, stdout, stderr } = await doctor(['count=2', 'name=NVIDIA H100 80GB HBM3'], '--gpu.expected=2');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^ {2}ok {4}NVML library +\S+libnvidia-ml\.so\.1$/m);
  expect(stdout).toMatch(/^ {2}ok {4}NVIDIA driver +580\.65\.06, CUDA 13\.0, NVML 13\.580\.65\.06$/m);
  expect(stdout).toMatch(/^ {2}ok {4}GPUs that answer +2 of 2 \(NVIDIA H100 80GB HBM3\)$/m);
  expect(stdout).toMatch(/^ {2}ok {4}activity \(GPM\) +measured$/m);
  expect(stdout).toMatch(/\n\nAll is well: \d+ ok\.\n$/);
});

test('the JSON has a fixed form', async () => {
  const ended = await doctor(['count=1'], '--json');
  const report = JSON.parse(ended.stdout);
  expect(Object.keys(report)).toEqual(['version', 'fleetlens', 'summary', 'checks']);
  expect(report.version).toBe(1);
  expect(Object.keys(report.summary)).toEqual(['status', 'ok', 'warnings', 'failures', 'not_applicable']);
  expect(report.summary).toMatchObject({ status: 'ok', warnings: 0, failures: 0 });
  for (const { found, remedy, status, ...rest } of report.checks) {
    expect(statuses).toContain(status);
    expect(typeof found).toBe('string');
    expect(remedy === undefined).toBe(status === 'ok' || status === 'not_applicable');
    expect(Object.keys(rest)).toEqual(['name', 'title', 'group']);
  }
  expect(report.checks.map(({ name }: { readonly name: string }) => name)).toEqual([
    'runtime',
    'nvml_library',
    'driver',
    'kernel_module',
    'gpus',
    'readings',
    'activity',
    'reading_time',
    'throttling',
    'ecc',
    'memory_repair',
    'recovery_action',
    'mig',
    'persistence_mode',
    'device_nodes',
    'user',
    'xid_events',
    'kernel_log',
    'pod_resources',
    'pod_list',
    'pod_logs',
    'job_files',
    'state_file',
    'counters_file',
    'container',
    'nvidia_runtime',
    'host_processes',
    'mig_monitor',
    'configuration',
    'port',
  ]);
});

test('without NVML the remedy stands right below', async () => {
  const { status, stdout } = await doctor([], '--nvml.library=libnowhere.so.1');
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^ {2}FAIL {2}NVML library +no NVML library \(not there: libnowhere\.so\.1\)\n +→ install the NVIDIA driver/m,
  );
  expect(stdout).toMatch(/\n\nSomething is missing or broken: \d+ failures, \d+ ok\.\n$/);
});

test('a driver that is not loaded is a failure with its remedy', async () => {
  const ended = await doctor(['init=9'], '--json');
  expect(ended.status).toBe(1);
  expect(told(ended, 'driver')).toEqual({
    status: 'failure',
    found: expect.stringContaining('the NVIDIA kernel driver is not loaded'),
    remedy: expect.stringContaining('modprobe nvidia'),
  });
  expect(told(ended, 'gpus')?.status).toBe('not_applicable');
});

test('a GPU that is lost is named, and the others are still told about', async () => {
  const ended = await doctor(['count=3', 'gpu.1=lost', 'gpu.2.persistence=0'], '--json');
  expect(ended.status).toBe(1);
  expect(told(ended, 'gpus')).toMatchObject({
    status: 'failure',
    found: expect.stringContaining('GPU 1: gpu_is_lost'),
  });
  expect(told(ended, 'persistence_mode')).toMatchObject({
    status: 'warning',
    found: expect.stringMatching(/^off on GPU 2,/),
  });
});

test('a GPU that hangs is named, the others are still told about, and no process is left behind', async () => {
  const ended = await doctor(['count=3', 'gpu.1.hang=1'], '--json', '--timeout=4s');
  expect(ended.status).toBe(1);
  expect(told(ended, 'driver')?.status).toBe('ok');
  expect(told(ended, 'gpus')).toMatchObject({
    status: 'failure',
    found: expect.stringMatching(/^2 of 3 .*; GPU 1: did not answer within 4 s$/),
  });
  expect(told(ended, 'ecc')?.status).toBe('ok');
  expect(processesWith(library)).toEqual([]);
});

test('a GPU that crashes the library is named, and the others are still told about', async () => {
  const ended = await doctor(['count=3', 'gpu.2.crash=1'], '--json');
  expect(ended.status).toBe(1);
  expect(told(ended, 'gpus')?.found).toMatch(/^2 of 3 .*; GPU 2: ended the process that called it \(SIGSEGV\)$/);
});

test('a driver that hangs before the first GPU is a failure of the driver', async () => {
  const ended = await doctor(['hang=nvmlInit_v2'], '--json', '--timeout=1s');
  expect(ended.status).toBe(1);
  expect(told(ended, 'driver')).toMatchObject({ status: 'failure', found: 'it did not answer within 1 s' });
  expect(processesWith(library)).toEqual([]);
});

test('warnings alone leave the exit status 0', async () => {
  const ended = await doctor(['count=2', 'all.persistence=0', 'unsupported=events']);
  expect(ended.status).toBe(0);
  expect(ended.stdout).toMatch(/^ {2}warn {2}XID events of NVML +not heard/m);
  expect(ended.stdout).toMatch(/\n\nThe exporter can run, but not all of it works: 2 warnings, \d+ ok\.\n$/);
});

test('texts of the driver and of files do not reach the terminal as escape sequences', async () => {
  mkdirSync(join(folder, 'driver', 'nvidia'), { recursive: true });
  writeFileSync(join(folder, 'driver', 'nvidia', 'version'), '\x1b[2J'.repeat(100_000));
  const jobs = join(folder, 'hostile-jobs');
  mkdirSync(jobs);
  execFileSync('mkfifo', [join(jobs, '0')]);
  writeFileSync(join(jobs, '\x1b]0;x\x07'), '\x1b[31m');
  const ended = await doctor(['count=1', 'name=\x1b[31mred\x07', 'driver=\x1b[2J'], `--jobs.mapping-path=${jobs}`);
  expect(ended.status).toBe(0);
  expect(ended.stdout).toContain('\u{FFFD}[31mred\u{FFFD}');
  expect(ended.stdout).toContain('no jobs now; 2 bad entries');
  expect([...ended.stdout].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
});

test('a file that never answers costs its own check alone, and the process ends', async () => {
  const procfs = join(folder, 'stuck-proc');
  mkdirSync(join(procfs, '2'), { recursive: true });
  execFileSync('mkfifo', [join(procfs, '2', 'stat')]);
  const args = ['--json', '--processes.enabled', `--path.procfs=${procfs}`, '--timeout=1s'];
  const ended = await doctor(['count=1'], ...args);
  expect(ended.status).toBe(1);
  expect(told(ended, 'host_processes')).toMatchObject({ status: 'failure', found: 'no answer within 2 s' });
  expect(told(ended, 'gpus')?.status).toBe('ok');
});

test('a kubelet is asked for its GPUs, and one that does not answer is a failure', async () => {
  const socket = join(folder, 'kubelet.sock');
  const kubelet = await startFakeKubelet(socket);
  const args = ['--json', `--kubernetes.pod-resources-socket=${socket}`, '--timeout=1s'];
  try {
    const devices = [{ resource: 'nvidia.com/gpu', ids: ['GPU-a'] }];
    kubelet.setPods([{ namespace: 'ml', name: 'train', containers: [{ name: 'main', devices }] }]);
    kubelet.setAllocatable([{ resource: 'nvidia.com/gpu', ids: ['GPU-a', 'GPU-b'] }]);
    expect(told(await doctor(['count=1'], ...args), 'pod_resources')).toEqual({
      status: 'ok',
      found: '1 container with GPUs; allocatable: 2 nvidia.com/gpu',
    });
    kubelet.behave('slow');
    const late = await doctor(['count=1'], ...args);
    expect(late.status).toBe(1);
    expect(told(late, 'pod_resources')).toMatchObject({
      status: 'failure',
      found: expect.stringContaining('List was not answered within 1 s'),
    });
  } finally {
    await kubelet.stop();
  }
});

test('a pod list that turns the token down is a failure, and the token stays secret', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'very-secret');
  const server = await startFakeHttpServer((response) => response.writeHead(401).end());
  try {
    const list = [`--kubernetes.pod-list-url=${server.url}/pods`, `--kubernetes.pod-list-token-file=${tokenFile}`];
    const ended = await doctor(['count=1'], '--json', ...list);
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer very-secret');
    expect(ended.status).toBe(1);
    expect(told(ended, 'pod_list')).toMatchObject({
      status: 'failure',
      found: expect.stringContaining('answered 401'),
    });
    expect(ended.stdout + ended.stderr).not.toContain('very-secret');
  } finally {
    await server.stop();
  }
});

test('a port with our own exporter is well, one with dcgm-exporter is a failure', async () => {
  const { url } = await startDaemonProcess(['gpu', '--source=simulated']);
  const own = await doctor(['count=1'], '--json', `--web.listen-address=${new URL(url).host}`);
  expect(told(own, 'port')).toMatchObject({ status: 'ok', found: expect.stringContaining('FleetLens already: ready') });

  const page = '<html><head><title>GPU Exporter</title></head></html>';
  const server = await startFakeHttpServer((response) => response.end(page));
  try {
    const other = await doctor(['count=1'], '--json', `--web.listen-address=${new URL(server.url).host}`);
    expect(other.status).toBe(1);
    expect(told(other, 'port')).toMatchObject({
      status: 'failure',
      found: expect.stringContaining('taken by dcgm-exporter'),
      remedy: expect.stringContaining('--web.listen-address=:'),
    });
  } finally {
    await server.stop();
  }
});

test('the configuration of the exporter is what is checked', async () => {
  const file = join(folder, 'gpu.yaml');
  writeFileSync(file, 'gpu:\n  expected: 9\nadmin:\n  token-file: /nowhere/token\n');
  const ended = await doctor(['count=2'], '--json', `--config.file=${file}`);
  expect(ended.status).toBe(1);
  expect(told(ended, 'gpus')).toMatchObject({
    status: 'failure',
    found: expect.stringContaining('--gpu.expected is 9'),
  });
  expect(told(ended, 'configuration')).toMatchObject({
    status: 'failure',
    found: expect.stringContaining('--admin.token-file'),
  });
});

test('a simulated fleet needs no driver', async () => {
  const ended = await doctor([], '--json', '--source=simulated', '--nvml.library=libnowhere.so.1');
  expect(ended.status).toBe(0);
  const unused = { status: 'not_applicable', found: '--source=simulated does not use the driver' };
  for (const name of ['driver', 'gpus', 'ecc', 'device_nodes', 'xid_events']) expect(told(ended, name)).toEqual(unused);
});

test('bad options are one line and exit status 2', async () => {
  expect(await doctor([], '--timeout=never')).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^fleetlens doctor gpu: --timeout must be a duration from 1s to 5m.*\n$/),
  });
  expect(await doctor([], '--jsn')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('did you mean --json?'),
  });
});

test('the command is found by its first word, and tells its options', async () => {
  expect(await runCli(['doctor'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('  doctor gpu '),
  });
  const help = await runCli(['doctor', 'gpu', '--help']);
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('Usage: fleetlens doctor gpu');
  expect(help.stdout).toContain('--gpu.expected=');
  expect(help.stdout).not.toContain('--config.check');
});

/** Ids of processes that have the text in their command line. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
