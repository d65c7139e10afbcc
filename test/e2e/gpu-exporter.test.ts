import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf, isRunning } from '../support/child-process.ts';
import { endCliProcesses, type RunningDaemon, sampleValue, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { buildFakeNvml, type FakeLine, type MissingPart, writeFakeState } from '../support/fake-nvml.ts';

/** The compiled exporter with its real child process, over the fake NVML library. */
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-e2e-'));
const statePath = join(folder, 'state');

const fast = ['--gpu.interval=500ms', '--gpu.timeout=300ms', '--gpu.patience=500ms'];

afterEach(endCliProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

async function startExporter(
  lines: readonly FakeLine[],
  { without = [], args = fast }: { without?: readonly MissingPart[]; args?: readonly string[] } = {},
): Promise<RunningDaemon> {
  writeFakeState(statePath, lines);
  const library = buildFakeNvml({ without });
  return startDaemonProcess(['gpu', `--nvml.library=${library}`, ...args], { env: { FAKE_NVML_STATE: statePath } });
}

function until(url: string, what: string, isSo: (text: string) => boolean): Promise<string> {
  return eventually(what, async () => {
    const text = await scrape(url);
    return isSo(text) ? text : undefined;
  });
}

const isResponsive = (text: string): boolean => sampleValue(text, 'gpu_driver_responsive') === 1;
const isUnresponsive = (text: string): boolean => sampleValue(text, 'gpu_driver_responsive') === 0;
const temperatures = (text: string): number =>
  text.split('\n').filter((line) => line.startsWith('gpu_temperature_celsius{')).length;
const showsAll = (count: number) => (text: string) => isResponsive(text) && temperatures(text) === count;

async function driverProcess({ child }: RunningDaemon): Promise<number> {
  return eventually('the process that calls the driver', () => childrenOf(child.pid)[0]);
}

test('shows every GPU, and is ready only then', async () => {
  const { url } = await startExporter(['count=8']);
  const text = await until(url, 'eight GPUs', showsAll(8));
  expect(sampleValue(text, 'gpu_devices')).toBe(8);
  expect((await fetch(`${url}/-/ready`)).status).toBe(200);
});

test('kill -9 of the driver process: readings go at once, /metrics stays, and it recovers by itself', async () => {
  const daemon = await startExporter(['count=4']);
  await until(daemon.url, 'four GPUs', showsAll(4));
  process.kill(await driverProcess(daemon), 'SIGKILL');
  const text = await until(daemon.url, 'the crash to show', isUnresponsive);
  expect(temperatures(text)).toBe(0);
  expect(sampleValue(text, 'fleetlens_collector_success{collector="thermal"}')).toBe(0);
  expect((await fetch(`${daemon.url}/-/ready`)).status).toBe(503);
  const after = await until(daemon.url, 'recovery', showsAll(4));
  expect(sampleValue(after, 'gpu_driver_restarts_total{reason="crashed"}')).toBe(1);
});

test('kill -STOP of the driver process: shown as unresponsive, ended, and replaced', async () => {
  const daemon = await startExporter(['count=4']);
  await until(daemon.url, 'four GPUs', showsAll(4));
  const stopped = await driverProcess(daemon);
  process.kill(stopped, 'SIGSTOP');
  const text = await until(daemon.url, 'the hang to show', isUnresponsive);
  expect(sampleValue(text, 'gpu_driver_state{state="unresponsive"}')).toBe(1);
  expect(temperatures(text)).toBe(0);
  const after = await until(daemon.url, 'recovery', showsAll(4));
  expect(sampleValue(after, 'gpu_driver_restarts_total{reason="hung"}')).toBe(1);
  expect(await driverProcess(daemon)).not.toBe(stopped);
});

test('a GPU whose calls hang is left alone, and the others go on', async () => {
  const daemon = await startExporter(['count=4']);
  await until(daemon.url, 'four GPUs', showsAll(4));
  writeFakeState(statePath, ['count=4', 'gpu.2.hang=1']);
  await until(daemon.url, 'the hang to show', isUnresponsive);
  const text = await until(daemon.url, 'the other GPUs', showsAll(3));
  expect(text).toMatch(/gpu_failure_info\{gpu_id="2",uuid="GPU-[^"]+",error="call_hung"\} 1/);
  expect(text).toMatch(/gpu_up\{gpu_id="2",uuid="GPU-[^"]+"\} 0/);
  expect(sampleValue(text, 'gpu_devices')).toBe(4);
});

test('a driver call that hangs for all GPUs and comes back is a recovery without a restart', async () => {
  const daemon = await startExporter(['count=2'], {
    args: ['--gpu.interval=500ms', '--gpu.timeout=300ms', '--gpu.patience=1m'],
  });
  await until(daemon.url, 'two GPUs', showsAll(2));
  writeFakeState(statePath, ['count=2', 'hang=nvmlDeviceGetUtilizationRates']);
  await until(daemon.url, 'the hang to show', isUnresponsive);
  writeFakeState(statePath, ['count=2']);
  const text = await until(daemon.url, 'recovery', showsAll(2));
  expect(sampleValue(text, 'gpu_driver_restarts_total{reason="hung"}')).toBe(0);
});

test('a GPU whose calls crash the library is left alone, and XID counts outlive the crash', async () => {
  const daemon = await startExporter(['count=3']);
  await until(daemon.url, 'three GPUs', showsAll(3));
  writeFakeState(statePath, ['count=3', 'xid=1:0:48']);
  await until(daemon.url, 'the XID', (text) => /gpu_xid_errors_total\{gpu_id="0".*xid="48"\} 1/.test(text));
  writeFakeState(statePath, ['count=3', 'xid=1:0:48', 'gpu.1.crash=1']);
  const text = await until(daemon.url, 'the other GPUs', showsAll(2));
  expect(text).toMatch(/gpu_failure_info\{gpu_id="1".*error="call_crashed"\} 1/);
  expect(text).toMatch(/gpu_xid_errors_total\{gpu_id="0".*xid="48"\} 1/);
});

test('a lost GPU is down with its reason, and the others are shown', async () => {
  const daemon = await startExporter(['count=4']);
  await until(daemon.url, 'four GPUs', showsAll(4));
  writeFakeState(statePath, ['count=4', 'gpu.3=lost']);
  const text = await until(daemon.url, 'the loss', (next) => /gpu_up\{gpu_id="3".*\} 0/.test(next));
  expect(text).toMatch(/gpu_failure_info\{gpu_id="3".*error="gpu_is_lost"\} 1/);
  expect(temperatures(text)).toBe(3);
  expect(sampleValue(text, 'fleetlens_collector_success{collector="thermal"}')).toBe(1);
});

test('a library without newer functions still gives what older ones tell', async () => {
  const { url } = await startExporter(['count=1'], {
    without: ['MEMORY_V2', 'TEMPERATURE_V', 'FIELD_VALUES', 'CLOCKS_EVENT_REASONS', 'EVENTS'],
  });
  const text = await until(url, 'one GPU', showsAll(1));
  expect(text).toContain('gpu_memory_used_bytes{');
  expect(text).not.toContain('gpu_memory_reserved_bytes{');
  expect(text).toContain('gpu_energy_joules_total{');
});

test('without a library it stays up, says so once with the remedy, and shows it', async () => {
  const daemon = await startDaemonProcess(['gpu', '--nvml.library=/nowhere/libnvidia-ml.so.1', ...fast]);
  const text = await until(
    daemon.url,
    'the state',
    (next) => sampleValue(next, 'gpu_driver_state{state="library_not_found"}') === 1,
  );
  expect(text).not.toContain('gpu_driver_responsive');
  await eventually('three attempts', () => (daemon.child.stderr().includes('cannot be read') ? true : undefined));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const complaints = daemon.child
    .stderr()
    .split('\n')
    .filter((line) => line.includes('cannot be read'));
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain('install the NVIDIA driver');
  expect((await fetch(`${daemon.url}/-/healthy`)).status).toBe(200);
  expect((await fetch(`${daemon.url}/-/ready`)).status).toBe(503);
});

test('SIGTERM ends the exporter and its driver process, also one that hangs', async () => {
  const daemon = await startExporter(['count=2']);
  await until(daemon.url, 'two GPUs', showsAll(2));
  const driver = await driverProcess(daemon);
  writeFakeState(statePath, ['count=2', 'gpu.0.hang=1', 'gpu.1.hang=1']);
  await until(daemon.url, 'the hang to show', isUnresponsive);
  daemon.child.kill('SIGTERM');
  expect(await daemon.child.ended).toBe(0);
  expect(isRunning(driver)).toBe(false);
});

describe('letting go of the driver', () => {
  const isReleased = (text: string): boolean => sampleValue(text, 'gpu_driver_state{state="released"}') === 1;

  test('POST /-/release ends the process that holds it and /-/resume brings the readings back', async () => {
    const daemon = await startExporter(['count=2']);
    await until(daemon.url, 'two GPUs', showsAll(2));
    const answer = await fetch(`${daemon.url}/-/release?duration=10m`, { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([200, 'the driver is free for 600 s\n']);
    expect(childrenOf(daemon.child.pid)).toEqual([]);
    const text = await until(daemon.url, 'the release to show', isReleased);
    expect(temperatures(text)).toBe(0);
    expect(sampleValue(text, 'gpu_driver_released_until_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 + 500);
    const ready = await fetch(`${daemon.url}/-/ready`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringMatching(/let go of until \d{4}-/)]);
    await fetch(`${daemon.url}/-/resume`, { method: 'POST' });
    await until(daemon.url, 'two GPUs again', showsAll(2));
  });

  test('SIGUSR2 lets go and takes again, and the driver is taken again by itself when the time is over', async () => {
    const daemon = await startExporter(['count=2'], { args: [...fast, '--gpu.release-duration=1s'] });
    await until(daemon.url, 'two GPUs', showsAll(2));
    process.kill(daemon.child.pid, 'SIGUSR2');
    await until(daemon.url, 'the release to show', isReleased);
    await until(daemon.url, 'two GPUs again', showsAll(2));
  });

  test.each(['0s', '25h', 'soon', '-1s', '1m&duration=2m'])('duration=%s is refused', async (duration) => {
    const daemon = await startExporter(['count=1']);
    const answer = await fetch(`${daemon.url}/-/release?duration=${duration}`, { method: 'POST' });
    expect(answer.status).toBe(400);
  });
});

test('with fewer GPUs than expected the node is not ready and says so', async () => {
  const daemon = await startExporter(['count=2', 'gpu.1=lost'], { args: [...fast, '--gpu.expected=2'] });
  const text = await until(daemon.url, 'the GPU that answers', showsAll(1));
  expect(sampleValue(text, 'gpu_expected_devices')).toBe(2);
  const ready = await fetch(`${daemon.url}/-/ready`);
  expect([ready.status, await ready.text()]).toEqual([503, 'not ready: 1 GPUs answer, --gpu.expected is 2\n']);
});

test('after XID 119 the GPU is not called any more, and the others go on', async () => {
  const daemon = await startExporter(['count=2']);
  await until(daemon.url, 'two GPUs', showsAll(2));
  // Any further call to the GPU would crash the process.
  writeFakeState(statePath, ['count=2', 'xid=1:1:119']);
  const shows = (text: string): boolean => text.includes('error="xid_119"');
  await until(daemon.url, 'the GPU to be left alone', shows);
  writeFakeState(statePath, ['count=2', 'xid=1:1:119', 'gpu.1.crash=1']);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const text = await scrape(daemon.url);
  expect(temperatures(text)).toBe(1);
  expect(sampleValue(text, 'gpu_driver_restarts_total{reason="crashed"}')).toBe(0);
});
