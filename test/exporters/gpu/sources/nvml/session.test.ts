import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DriverUnavailable } from '../../../../../exporters/gpu/sources/nvml/unavailable.ts';
import { closeFakeSessions, openFakeSession, removeFakeState } from './fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test.each([
  [9, 'driver_not_loaded', /nvmlInit returned driver_not_loaded \(9\): .*modprobe nvidia/],
  [18, 'version_mismatch', /lib_rm_version_mismatch \(18\): .*reload the driver or reboot/],
  [4, 'no_permission', /no_permission \(4\): .*\/dev\/nvidiactl/],
  [12, 'library_not_found', /library_not_found \(12\): .*reinstall/],
  [999, 'failed', /unknown \(999\): .*NVRM/],
] as const)('nvmlInit that returns %i means %s', (code, state, message) => {
  const open = () => openFakeSession([`init=${code}`]);
  expect(open).toThrow(DriverUnavailable);
  expect(open).toThrow(expect.objectContaining({ state, message: expect.stringMatching(message) }));
});

test.each([
  [1, 'failed'],
  [9, 'driver_not_loaded'],
  [18, 'version_mismatch'],
] as const)('code %i under a running session ends it', (code, state) => {
  const { session, setState } = openFakeSession([]);
  setState([`driver_gone=${code}`]);
  expect(() => session.collect()).toThrow(expect.objectContaining({ state }));
  expect(() => session.poll()).toThrow(expect.objectContaining({ state }));
});

test('a driver that goes away between two GPUs ends the session, not only the GPU', () => {
  const { session, setState } = openFakeSession([]);
  setState(['gpu.5.error.nvmlDeviceGetFanSpeed=9']);
  expect(() => session.collect()).toThrow(expect.objectContaining({ state: 'driver_not_loaded' }));
});

test('a driver that lists no GPU any more ends the session', () => {
  const { session, setState } = openFakeSession(['count=2']);
  setState(['count=0']);
  expect(() => session.collect()).toThrow(/no longer lists any GPU, it listed 2 before/);
});

test('a count that fails for once leaves the list as it is', () => {
  const { session, setState } = openFakeSession(['count=2']);
  setState(['error.nvmlDeviceGetCount_v2=10']);
  expect(session.collect().gpus).toHaveLength(2);
});

test('close frees the event set, shuts NVML down once, and is harmless twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-nvml-'));
  const log = join(folder, 'log');
  const { session, calls } = openFakeSession(['count=1', `shutdown_log=${log}`]);
  session.close();
  session.close();
  expect(calls.get('nvmlShutdown')).toBe(1);
  expect(readFileSync(log, 'utf8')).toBe('shutdown with 0 event sets and 0 GPM samples open\n');
  rmSync(folder, { recursive: true });
});
