import type { CheckResult } from '../../../cli/doctor/check.ts';
import { gpuNames } from '../../../cli/doctor/gpu-names.ts';
import { splitRemedy } from '../../../cli/doctor/reason.ts';
import { jsonReport } from '../../../cli/doctor/report/json.ts';
import { textReport } from '../../../cli/doctor/report/text.ts';
import { version } from '../../../kit/version.ts';

const well: CheckResult = { name: 'driver', title: 'driver', group: 'driver', status: 'ok', found: '580.65.06' };
const results: readonly CheckResult[] = [
  well,
  {
    name: 'gpus',
    title: 'GPUs that answer',
    group: 'gpus',
    status: 'failure',
    found: '7 of 8; GPU 3: gpu_is_lost',
    remedy: 'look for lines with NVRM or Xid in the kernel log, then reset the GPU',
  },
  { name: 'ecc', title: 'ECC', group: 'gpus', status: 'warning', found: 'off on GPU 1', remedy: 'switch it on' },
  { name: 'mig', title: 'MIG', group: 'gpus', status: 'not_applicable', found: 'these GPUs have none' },
  { name: 'rows', title: 'memory repair', group: 'gpus', status: 'not_applicable', found: 'these GPUs have none' },
];
const plain = { colour: false, width: 80 };

test('the text has groups, remedies below what they are for, and a last line that sums up', () => {
  expect(textReport(results, plain)).toBe(`FleetLens ${version}: what the GPU exporter needs on this machine

Driver
  ok    driver            580.65.06

GPUs
  FAIL  GPUs that answer  7 of 8; GPU 3: gpu_is_lost
                          → look for lines with NVRM or Xid in the kernel log,
                            then reset the GPU
  warn  ECC               off on GPU 1
                          → switch it on
  -     not applicable: MIG, memory repair

Something is missing or broken: 1 failure, 1 warning, 1 ok.
`);
});

test('the last line says whether the exporter can run', () => {
  expect(textReport([well], plain)).toMatch(/\nAll is well: 1 ok\.\n$/);
  const warned = results.filter(({ status }) => status !== 'failure');
  expect(textReport(warned, plain)).toMatch(/\nThe exporter can run, but not all of it works: 1 warning, 1 ok\.\n$/);
});

test('only a terminal gets colours', () => {
  expect(textReport(results, plain)).not.toContain('\x1b');
  expect(textReport(results, { ...plain, colour: true })).toContain('\x1b[1;31mFAIL\x1b[0m  GPUs that answer');
});

test('the JSON has the version, the summary and all checks', () => {
  expect(JSON.parse(jsonReport(results))).toEqual({
    version: 1,
    fleetlens: version,
    summary: { status: 'failure', ok: 1, warnings: 1, failures: 1, not_applicable: 2 },
    checks: results,
  });
});

test.each([
  [[3], 'GPU 3'],
  [[1, 0], 'GPU 0, 1'],
  [[0, 2, 3, 4, 7], 'GPU 0, 2 to 4, 7'],
])('the GPUs %j are named together', (indexes, text) => {
  expect(gpuNames(indexes)).toBe(text);
});

test.each([
  ['a (b; c); do this', { found: 'a (b; c)', remedy: 'do this' }],
  ['a (9): look for b', { found: 'a (9)', remedy: 'look for b' }],
  ['a: b', { found: 'a: b', remedy: undefined }],
])('the remedy of "%s" stands apart', (message, parts) => {
  expect(splitRemedy(message)).toEqual(parts);
});
