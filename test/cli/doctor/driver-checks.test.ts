import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { driver } from '../../../cli/doctor/checks/driver/driver.ts';
import { judgeKernelModule } from '../../../cli/doctor/checks/driver/kernel-module.ts';
import { library } from '../../../cli/doctor/checks/driver/library.ts';
import { judgeRuntime, oldestNode } from '../../../cli/doctor/checks/driver/runtime.ts';
import { packageRoot } from '../../../kit/package-root.ts';
import { machine } from './machine.ts';

const good = { node: '22.1.0', platform: 'linux', glibc: '2.36' };

test('the oldest Node.js is that of the package', () => {
  const { engines } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  expect(`${engines.node}.0`).toBe(`>=${oldestNode}`);
});

test('Node.js may be newer but not older, and needs Linux and glibc', () => {
  expect(judgeRuntime(good)).toEqual({ status: 'ok', found: '22.1.0 on linux, glibc 2.36' });
  expect(judgeRuntime({ ...good, node: oldestNode }).status).toBe('ok');
  expect(judgeRuntime({ ...good, node: '20.9.0' })).toMatchObject({
    status: 'failure',
    remedy: 'install Node.js 20.19.0 or newer',
  });
  expect(judgeRuntime({ ...good, glibc: undefined })).toMatchObject({
    status: 'failure',
    found: '22.1.0 on linux, no glibc',
    remedy: expect.stringContaining('musl'),
  });
  expect(judgeRuntime({ ...good, platform: 'darwin' })).toMatchObject({ status: 'failure' });
});

test.each([
  ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023', '535.104.05'],
  [
    'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  535.104.05  Release Build  (dvs@host)',
    '535.104.05, the open one',
  ],
])('the version of the kernel module is found in "%s"', (text, found) => {
  expect(judgeKernelModule(text, '12.535.104.05')).toEqual({ status: 'ok', found });
  expect(judgeKernelModule(text, undefined)).toEqual({ status: 'ok', found });
});

test('a library of another version than the kernel module is a failure', () => {
  const text = 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat';
  expect(judgeKernelModule(text, '12.550.54.15')).toEqual({
    status: 'failure',
    found: '535.104.05; the library is of 550.54.15',
    remedy: expect.stringContaining('reload the driver'),
  });
});

test('a version file that holds anything else is passed over', () => {
  expect(judgeKernelModule('\0\x1b[31m', '12.1.1').status).toBe('not_applicable');
  expect(judgeKernelModule('', '12.1.1').status).toBe('not_applicable');
});

test('without a library its absence is the failure, and the driver is not blamed for it', async () => {
  const message = 'no NVML library (not there: a.so, b.so); install the NVIDIA driver';
  const without = machine({ driver: { kind: 'unavailable', state: 'library_not_found', message, library: undefined } });
  expect(await library.run(without)).toEqual({
    status: 'failure',
    found: 'no NVML library (not there: a.so, b.so)',
    remedy: 'install the NVIDIA driver',
  });
  expect((await driver.run(without)).status).toBe('not_applicable');
});

test('a driver that cannot be used is a failure with what NVML said, and the library is well', async () => {
  const message = 'nvmlInit returned unknown (999): look for lines with NVRM in the kernel log (dmesg)';
  const broken = machine({ driver: { kind: 'unavailable', state: 'failed', message, library: '/lib/x.so' } });
  expect(await driver.run(broken)).toEqual({
    status: 'failure',
    found: 'nvmlInit returned unknown (999)',
    remedy: 'look for lines with NVRM in the kernel log (dmesg)',
  });
  expect(await library.run(broken)).toEqual({ status: 'ok', found: '/lib/x.so' });
});

test('a driver that does not answer at all is named with the GPU that it was at', async () => {
  const how = 'did not answer within 20 s';
  const faults = [
    { kind: 'hung', gpu: 3, how },
    { kind: 'hung', gpu: undefined, how },
  ] as const;
  const { status, found } = await driver.run(machine({ driver: { kind: 'silent', library: undefined, faults } }));
  expect({ status, found }).toEqual({ status: 'failure', found: `GPU 3 ${how}; it ${how}` });
});

test('another source of readings needs no driver', async () => {
  const other = machine({ driver: { kind: 'not_asked', reason: '--source=replay does not use the driver' } });
  expect([await library.run(other), await driver.run(other)].map(({ status }) => status)).toEqual([
    'not_applicable',
    'not_applicable',
  ]);
});
