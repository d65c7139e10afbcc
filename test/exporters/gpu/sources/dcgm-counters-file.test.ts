import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCountersFile } from '../../../../exporters/gpu/sources/dcgm-counters-file.ts';
import { ConfigError } from '../../../../kit/errors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-counters-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string): string {
  const file = join(folder, 'counters.csv');
  writeFileSync(file, text);
  return file;
}

test('a file is read', () => {
  const { fields } = readCountersFile(fileOf('DCGM_FI_DEV_GPU_TEMP, gauge, x\n'));
  expect(fields.map(({ field }) => field.names['dcgm-4.8'])).toEqual(['DCGM_FI_DEV_GPU_TEMP']);
});

test('a file that fills the bound is read, one byte more is an error', () => {
  const row = 'DCGM_FI_DEV_GPU_TEMP, gauge, x\n';
  const text = row + '#'.repeat(1024 * 1024 - row.length);
  expect(readCountersFile(fileOf(text)).fields).toHaveLength(1);
  const file = fileOf(`${text}#`);
  expect(() => readCountersFile(file)).toThrow(
    new ConfigError(`--dcgm.counters-file: ${file} cannot be read: it is larger than 1 MiB`),
  );
});

test('what is no file is an error that names it, and nothing waits for a pipe', () => {
  const folderName = join(folder, 'folder');
  const pipe = join(folder, 'pipe');
  mkdirSync(folderName);
  execFileSync('mkfifo', [pipe]);
  for (const file of [folderName, pipe])
    expect(() => readCountersFile(file)).toThrow(
      new ConfigError(`--dcgm.counters-file: ${file} cannot be read: it is no file`),
    );
  expect(() => readCountersFile(join(folder, 'missing.csv'))).toThrow(/^--dcgm.counters-file: .*missing.csv.*ENOENT/);
});

test('a bad row is told with file and line', () => {
  const file = fileOf('\nDCGM_FI_DEV_GPU_TEMP, dial, x');
  expect(() => readCountersFile(file)).toThrow(`${file} line 2 has the type "dial"`);
});

test('bytes that are no text do no harm', () => {
  const file = join(folder, 'binary.csv');
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80]));
  expect(() => readCountersFile(file)).toThrow(ConfigError);
});
