import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaptureFile } from '../../exporters/gpu/sources/capture/capture-file.ts';
import { parseCapture } from '../../exporters/gpu/sources/capture/parse-capture.ts';
import { type Ended, endCliProcesses, runCli, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { buildFakeNvml, type FakeLine, writeFakeState } from '../support/fake-nvml.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-capture-'));
const state = join(folder, 'state');
afterEach(endCliProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

function capture(lines: readonly FakeLine[], ...args: readonly string[]): Promise<Ended> {
  writeFakeState(state, lines);
  const library = `--nvml.library=${buildFakeNvml()}`;
  return runCli(['gpu', 'capture', library, ...args], { env: { FAKE_NVML_STATE: state } });
}

test('prints a capture, and says on standard error what is going on and what is in it', async () => {
  const { status, stdout, stderr } = await capture(['count=2', 'name=NVIDIA H100 80GB HBM3']);
  expect(status).toBe(0);
  const { origin, rounds, devices } = parseCapture('standard output', stdout);
  expect({ origin, rounds, devices: [...devices.keys()] }).toEqual({
    origin: 'recorded',
    rounds: 2,
    devices: ['system', 'gpu0', 'gpu1'],
  });
  expect(stdout).toContain('NVIDIA H100 80GB HBM3');
  expect(stdout).not.toContain('fa4e-4e57');
  expect(stderr).toMatch(/^fleetlens gpu capture: reading GPU 0$/m);
  expect(stderr).toMatch(/^fleetlens gpu capture: done\. UUIDs and serial numbers are replaced/m);
});

test('writes a file, and no other over it unless forced to', async () => {
  const file = join(folder, 'a.json');
  const first = await capture(['count=1'], `--output=${file}`);
  expect(first).toMatchObject({ status: 0, stdout: '' });
  expect(first.stderr).toContain(`wrote ${file}`);
  expect(readCaptureFile(file).devices.has('gpu0')).toBe(true);

  const second = await capture(['count=2'], `--output=${file}`);
  expect(second).toEqual({
    status: 2,
    stdout: '',
    stderr: `fleetlens gpu capture: --output ${file} is there already; give another name, or --force to replace it\n`,
  });
  expect(readCaptureFile(file).devices.has('gpu1')).toBe(false);

  expect(await capture(['count=2'], `--output=${file}`, '--force')).toMatchObject({ status: 0 });
  expect(readCaptureFile(file).devices.has('gpu1')).toBe(true);
});

test('a folder that is not there is named', async () => {
  const { status, stderr } = await capture(['count=1'], `--output=${join(folder, 'nowhere', 'a.json')}`);
  expect(status).toBe(2);
  expect(stderr).toMatch(/cannot write --output .*nowhere\/a\.json: ENOENT/);
});

test('without NVML there is no file, and the remedy is told', async () => {
  const file = join(folder, 'none.json');
  const { status, stdout, stderr } = await runCli([
    'gpu',
    'capture',
    '--nvml.library=libnowhere.so.1',
    `--output=${file}`,
  ]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/no NVML library .*not there: libnowhere\.so\.1.*install the NVIDIA driver/);
  expect(existsSync(file)).toBe(false);
});

test('a driver that is not loaded is named with its remedy', async () => {
  const { status, stderr } = await capture(['init=9']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/driver_not_loaded.*modprobe nvidia/);
});

test('a driver that hangs is left after the time, with the GPU that hung', async () => {
  const { status, stderr } = await capture(['count=3', 'gpu.1.hang=1'], '--timeout=5s');
  expect(status).toBe(1);
  expect(stderr).toMatch(/the driver did not answer within 5 s while GPU 1 was read; look for NVRM in the kernel log/);
});

test('a driver that crashes is named with the GPU', async () => {
  const { status, stderr } = await capture(['count=3', 'gpu.2.crash=1']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/ended early \(SIGSEGV\) while GPU 2 was read/);
});

test('the capture of a machine is shown by the exporter of another', async () => {
  const file = join(folder, 'handed-on.json');
  await capture(['count=2', 'name=NVIDIA H200'], `--output=${file}`);
  const { url } = await startDaemonProcess(['gpu', '--source=replay', `--replay.file=${file}`]);
  const text = await eventually('the GPUs of the capture', async () => {
    const scraped = await scrape(url);
    return scraped.includes('gpu_info') ? scraped : undefined;
  });
  expect(text).toMatch(/^gpu_info\{gpu_id="1",uuid="GPU-00000000-0000-4000-8000-000000000001",model="NVIDIA H200",/m);
  expect(text).toContain('gpu_source_info{source="replay"} 1');
  expect(text).toMatch(/^fleetlens_collector_success\{collector="thermal"\} 1$/m);
});

test('a capture that cannot be read keeps the exporter from starting', async () => {
  const file = join(folder, 'torn.json');
  writeFileSync(file, '{"format": "fleetlens-nvml-cap');
  const { status, stderr } = await runCli(['gpu', '--source=replay', `--replay.file=${file}`]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/torn\.json is no JSON .*it may be torn, take the capture again/);
});

test('help of both commands tells of it', async () => {
  const help = await runCli(['gpu', '--help']);
  expect(help.stdout).toContain('fleetlens gpu capture');
  const own = await runCli(['gpu', 'capture', '--help']);
  expect(own).toMatchObject({ status: 0 });
  expect(own.stdout).toContain('Usage: fleetlens gpu capture');
});
