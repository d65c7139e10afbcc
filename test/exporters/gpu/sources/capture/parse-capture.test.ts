import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaptureFile } from '../../../../../exporters/gpu/sources/capture/capture-file.ts';
import { parseCapture } from '../../../../../exporters/gpu/sources/capture/parse-capture.ts';
import { printCapture } from '../../../../../exporters/gpu/sources/capture/print-capture.ts';
import { takeFakeCapture } from '../../../../support/captures/take-fake-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-captures-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = {
  format: 'fleetlens-nvml-capture/1',
  origin: 'recorded',
  rounds: 2,
  symbols: ['nvmlInit_v2'],
  devices: { system: { nvmlInit_v2: 'success' }, gpu0: { nvmlDeviceGetFanSpeed: [{ values: [31] }, 'not_supported'] } },
};

function parse(changes: object): unknown {
  return parseCapture('a.json', JSON.stringify({ ...good, ...changes }));
}

function gpu0(calls: object): object {
  return { devices: { gpu0: calls } };
}

test('a file says what was printed into it', async () => {
  const capture = await takeFakeCapture({ lines: ['count=2'], aSecondLater: ['all.temperature=88'] });
  const text = printCapture(capture);
  expect(printCapture(parseCapture('a.json', text))).toBe(text);
  expect(text).toContain('\n      "nvmlDeviceGetPowerUsage": {"values":[612345]},\n');
});

test('values beyond what a JSON number holds are exact', () => {
  const calls = {
    nvmlDeviceGetTotalEnergyConsumption: { values: ['18446744073709551615'] },
    'field 83': { type: 'u64', value: '9007199254740993' },
    'field 90': { type: 'double', value: '0x7ff8000000000001' },
    'gpm 1': { value: 0.1 },
  };
  const capture = parseCapture('a.json', JSON.stringify({ ...good, ...gpu0(calls) }));
  expect(JSON.parse(printCapture(capture)).devices.gpu0).toEqual(calls);
  expect(capture.devices.get('gpu0')?.get('field 83')?.[0]?.output).toMatchObject({ bits: 9_007_199_254_740_993n });
});

describe('what is wrong is named with its file and place', () => {
  test.each<[string, object, RegExp]>([
    [
      'another version',
      { format: 'fleetlens-nvml-capture/2' },
      /^a\.json: format is .*capture\/2, which this version cannot/,
    ],
    ['another format', { format: undefined }, /^a\.json: format must be fleetlens-nvml-capture\/1.*got undefined/],
    ['an unknown origin', { origin: 'guessed' }, /origin must be one of recorded, written from .*got "guessed"/],
    ['no rounds', { rounds: 0 }, /rounds must be an integer from 1/],
    ['no devices', { devices: [] }, /devices must be an object, got \[\]/],
    [
      'a device of another name',
      { devices: { cpu0: {} } },
      /a key of devices must be a device such as gpu0.*got "cpu0"/,
    ],
    ['too many symbols', { symbols: Array(2001).fill('x') }, /symbols has 2001 items; it may have at most 2000/],
    ['a code that is none', gpu0({ a: 'broken' }), /devices\.gpu0\["a"\] must be a return code of NVML.*got "broken"/],
    ['an answer without content', gpu0({ a: {} }), /devices\.gpu0\["a"\] must be an object with text, values/],
    [
      'more answers than rounds',
      gpu0({ a: ['success', 'success', 'success'] }),
      /\["a"\] has 3 items; it may have at most 2/,
    ],
    [
      'a number below zero',
      gpu0({ a: { values: [1, -1] } }),
      /\["a"\]\.values\[1\] must be an integer from 0 to 2\^64 - 1, got -1/,
    ],
    ['a number of 65 bits', gpu0({ a: { values: ['18446744073709551616'] } }), /an integer from 0 to 2\^64 - 1/],
    ['half a byte', gpu0({ a: { values: ['0xabc'] } }), /whole bytes in hexadecimal digits after 0x, got "0xabc"/],
    ['a long struct', gpu0({ a: { values: [`0x${'00'.repeat(65_537)}`] } }), /at most 65536 bytes/],
    ['a long text', gpu0({ a: { text: 'x'.repeat(1025) } }), /\.text must be a text of at most 1024 characters/],
    ['a field type that is none', gpu0({ 'field 1': { type: 'u128', value: 1 } }), /\.type must be one of double, u32/],
    [
      'a process without pid',
      gpu0({ a: { processes: [{ usedBytes: 1 }] } }),
      /\.processes\[0\]\.pid must be an integer/,
    ],
    ['a handle to nowhere', gpu0({ a: { handle: '../x' } }), /\.handle must be a device such as gpu0/],
    [
      'more GPUs than a machine has',
      { devices: { system: { nvmlDeviceGetCount_v2: { values: [4_000_000_000] } } } },
      /devices\.system\["nvmlDeviceGetCount_v2"\]\.values\[0\] must be an integer from 0 to 64, got 4000000000/,
    ],
  ])('%s', (_what, changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  test('a key that could steer a terminal is shown without its control characters', () => {
    expect(() => parse(gpu0({ '\u001b[31m': 'broken' }))).toThrow(/gpu0\["\\x1b\[31m"\]/);
  });
});

describe('a file', () => {
  test('that is torn says so', () => {
    const file = join(folder, 'torn.json');
    writeFileSync(file, JSON.stringify(good));
    truncateSync(file, 100);
    expect(() => readCaptureFile(file)).toThrow(/torn\.json is no JSON \(.*\); it may be torn/);
  });

  test('that is too large is not read', () => {
    const file = join(folder, 'large.json');
    writeFileSync(file, '');
    truncateSync(file, 33 * 2 ** 20);
    expect(() => readCaptureFile(file)).toThrow(/large\.json has 33 MiB; a capture has at most 32 MiB/);
  });

  test.each([
    ['is not there', '/nowhere/a.json', /cannot read the capture \/nowhere\/a\.json: it is not there/],
    ['is a device', '/dev/zero', /cannot read the capture \/dev\/zero: it is no file/],
  ])('that %s says so', (_what, file, message) => {
    expect(() => readCaptureFile(file)).toThrow(message);
  });
});
