import type { Counters } from '../../../../exporters/gpu/names/counters.ts';
import { parseCountersFile } from '../../../../exporters/gpu/names/counters-file.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { fullGpu, viewOf } from './full-view.ts';
import { render } from './rendered.ts';

/** Rows as they are found in the wild: blanks after names, commas and quotes in help, other line ends, padding of a spreadsheet. */
const wild = [
  '\uFEFF# Format,,',
  '# DCGM FIELD, Prometheus metric type, help message',
  '',
  'DCGM_FI_DEV_SM_CLOCK,  gauge, SM clock frequency (in MHz).',
  '   ',
  'DCGM_FI_DEV_DEC_UTIL ,     gauge, Decoder utilization (in %).',
  'DCGM_FI_DEV_GPU_TEMP, gauge, The "core", in degrees, C,,',
  '"DCGM_FI_DEV_POWER_USAGE","gauge","Power ""drawn"", in W"',
  '# DCGM_FI_DEV_FB_FREE, gauge, Commented out.',
  'DCGM_FI_DEV_FAN_SPEED,gauge',
  'DCGM_FI_DRIVER_VERSION, label, Driver Version',
  'DCGM_FI_DEV_SERIAL,label,',
].join('\r\n');

const parse = (text: string): Counters => parseCountersFile('counters.csv', text);
const fieldsOf = ({ fields }: Counters) =>
  fields.map(({ field, kind, helps }) => [field.names['dcgm-4.8'], kind, helps['dcgm-4.8']]);
const failureOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return 'no ConfigError';
};

test('a file as it is found in the wild', () => {
  const counters = parse(wild);
  expect(fieldsOf(counters)).toEqual([
    ['DCGM_FI_DEV_SM_CLOCK', 'gauge', 'SM clock frequency (in MHz).'],
    ['DCGM_FI_DEV_DEC_UTIL', 'gauge', 'Decoder utilization (in %).'],
    ['DCGM_FI_DEV_GPU_TEMP', 'gauge', 'The "core", in degrees, C'],
    ['DCGM_FI_DEV_POWER_USAGE', 'gauge', 'Power "drawn", in W'],
    ['DCGM_FI_DEV_FAN_SPEED', 'gauge', undefined],
  ]);
  expect(counters.labels.map(({ names }) => names['dcgm-4.8'])).toEqual([
    'DCGM_FI_DRIVER_VERSION',
    'DCGM_FI_DEV_SERIAL',
  ]);
  expect(counters.unknown).toEqual([]);
});

test('what is shown is what the file chooses, with its type and help, and the labels that it names', () => {
  const { text, names } = render([viewOf([fullGpu()])], { counters: parse(wild) });
  expect(names).toEqual([
    'DCGM_FI_DEV_SM_CLOCK',
    'DCGM_FI_DEV_DEC_UTIL',
    'DCGM_FI_DEV_GPU_TEMP',
    'DCGM_FI_DEV_POWER_USAGE',
    'DCGM_FI_DEV_FAN_SPEED',
    'fleetlens_config_unknown_fields',
  ]);
  expect(text).toContain('# HELP DCGM_FI_DEV_POWER_USAGE Power "drawn", in W\n');
  expect(text).toContain('# HELP DCGM_FI_DEV_FAN_SPEED Intended fan speed as a share of full speed (%).\n');
  expect(text).toContain('DCGM_FI_DRIVER_VERSION="580.65.06",DCGM_FI_DEV_SERIAL="1650000000001"');
  const untyped = render([viewOf([fullGpu()])], { counters: parse('DCGM_FI_DEV_SM_CLOCK,counter,x') });
  expect(untyped.text).toContain('# TYPE DCGM_FI_DEV_SM_CLOCK counter\n');
  expect(untyped.text).not.toContain('DRIVER_VERSION');
});

test('names of 4.9 and of 1.x choose the same fields', () => {
  const wanted = [['DCGM_FI_DEV_FB_USED', 'gauge', undefined]];
  expect(fieldsOf(parse('DCGM_FI_DEV_FB_USED_BYTES, gauge,'))).toEqual(wanted);
  expect(fieldsOf(parse('dcgm_fb_used, gauge,'))).toEqual(wanted);
  expect(parse('dcgm_fb_used,gauge,\nDCGM_FI_SYSTEM_DRIVER_VERSION,label,x').labels).toHaveLength(1);
});

test('a help is for the unit of the name beside it', () => {
  const helpsOf = (row: string) => parse(row).fields[0]?.helps;
  expect(helpsOf('dcgm_sm_clock, gauge, in MHz')).toEqual({ 'dcgm-4.8': 'in MHz' });
  expect(helpsOf('DCGM_FI_DEV_SM_CLOCK_HERTZ, gauge, in Hz')).toEqual({ 'dcgm-4.9': 'in Hz' });
  expect(helpsOf('DCGM_FI_DEV_GPU_TEMP, gauge, in C')).toEqual({ 'dcgm-4.8': 'in C', 'dcgm-4.9': 'in C' });
  const text = render([viewOf([fullGpu()])], {
    sets: ['dcgm-4.8', 'dcgm-4.9'],
    counters: parse('DCGM_FI_DEV_SM_CLOCK, gauge, in MHz'),
  }).text;
  expect(text).toContain('# HELP DCGM_FI_DEV_SM_CLOCK in MHz\n');
  expect(text).toContain('# HELP DCGM_FI_DEV_SM_CLOCK_HERTZ Clock of the streaming multiprocessors (Hz).\n');
});

test('the last row of a field counts', () => {
  const twice = 'DCGM_FI_PROF_PCIE_TX_BYTES, counter, old\nDCGM_FI_PROF_PCIE_TX_BYTES, gauge, new';
  expect(fieldsOf(parse(twice))).toEqual([['DCGM_FI_PROF_PCIE_TX_BYTES', 'gauge', 'new']]);
});

test('what is not known is left out and told by line: fields, labels, and one in the place of the other', () => {
  const text = [
    'DCGM_FI_DEV_GPU_TEMP, gauge, x',
    'DCGM_FI_DEV_NVSWITCH_POWER, gauge, x',
    '# DCGM_FI_COMMENT, gauge, x',
    'DCGM_FI_DEV_BRAND, label, x',
    'DCGM_FI_DEV_SM_CLOCK, label, x',
    'DCGM_FI_DRIVER_VERSION, gauge, x',
    `${'X'.repeat(10_000)}, gauge, x`,
  ].join('\n');
  expect(parse(text).unknown).toEqual([
    { line: 2, name: 'DCGM_FI_DEV_NVSWITCH_POWER' },
    { line: 4, name: 'DCGM_FI_DEV_BRAND' },
    { line: 5, name: 'DCGM_FI_DEV_SM_CLOCK' },
    { line: 6, name: 'DCGM_FI_DRIVER_VERSION' },
    { line: 7, name: `${'X'.repeat(80)}…` },
  ]);
  expect(fieldsOf(parse(text))).toHaveLength(1);
});

test.each([
  ['histogram', 'has the type "histogram"'],
  ['summary', 'has the type "summary"'],
  ['Gauge', 'has the type "Gauge"'],
  ['', 'has no type'],
])('the type %j is an error that names the place', (type, found) => {
  expect(failureOf(`# x\nDCGM_FI_DEV_GPU_TEMP, ${type}, x`)).toBe(
    `counters.csv line 2 ${found}; write gauge, counter or label after the name of the field`,
  );
});

test.each(['', '# nothing\n', 'DCGM_FI_NO_SUCH, gauge, x', 'DCGM_FI_DRIVER_VERSION, label, x'])(
  'a file that chooses nothing is an error: %j',
  (text) => {
    expect(failureOf(text)).toBe(
      'counters.csv names no field that can be shown; docs/reference/dcgm-names.md lists them',
    );
  },
);
