import { formatValue } from '../../../kit/exposition/format-value.ts';
import { createSampleWriter, renderLabels } from '../../../kit/exposition/samples.ts';
import { defineMetrics } from '../../../metrics/define.ts';
import { catalogue } from './sample-catalogue.ts';

test.each<[number | bigint, string]>([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [0, '0'],
  [-0, '0'],
  [1e300, '1e+300'],
  [1e-7, '1e-7'],
  [0.1, '0.1'],
  [18_446_744_073_709_551_615n, '18446744073709551615'],
  [9_007_199_254_740_993n, '9007199254740993'],
  [-5n, '-5'],
])('%p is written as %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test('labels come in the order of the names and without braces where there are none', () => {
  expect(renderLabels(['b', 'a'], { a: 'x', b: 'y"\\\n' })).toBe('{b="y\\"\\\\\\n",a="x"}');
  expect(renderLabels([], {})).toBe('');
});

describe('a writer', () => {
  test('leaves out what is missing, and keeps a measured zero', () => {
    const { emit, families } = createSampleWriter(catalogue);
    emit('test_errors_total', { reason: 'a' }, undefined);
    emit('test_read_bytes_total', {}, 0);
    expect(families().map(({ name, lines }) => [name, lines.join('')])).toEqual([
      ['test_read_bytes_total', 'test_read_bytes_total 0\n'],
    ]);
  });

  test('gives families in the order of the catalogue and samples in that of their coming', () => {
    const { emit, families } = createSampleWriter(catalogue);
    emit('test_read_bytes_total', {}, 1);
    emit('test_errors_total', { reason: 'b' }, 1);
    emit('test_errors_total', { reason: 'a' }, 2n);
    expect(families().map(({ lines }) => lines.join(''))).toEqual([
      'test_errors_total{reason="b"} 1\ntest_errors_total{reason="a"} 2\n',
      'test_read_bytes_total 1\n',
    ]);
  });

  test('gives every sample its own labels, also those that share an object or a metric', () => {
    const { emit, families } = createSampleWriter(catalogue);
    const shared = { model: 'm', kind: 'k', reason: 'r' };
    for (let turn = 0; turn < 600; turn++) {
      emit('test_temperature_celsius', shared, turn);
      emit('test_errors_total', shared, turn);
      emit('test_errors_total', { reason: String(turn) }, turn);
      emit('test_read_bytes_total', {}, turn);
    }
    const lines = (write: (turn: number) => string) => Array.from({ length: 600 }, (_, turn) => write(turn)).join('');
    expect(families().map((family) => family.lines.join(''))).toEqual([
      lines((turn) => `test_temperature_celsius{model="m",kind="k"} ${turn}\n`),
      lines((turn) => `test_errors_total{reason="r"} ${turn}\ntest_errors_total{reason="${turn}"} ${turn}\n`),
      lines((turn) => `test_read_bytes_total ${turn}\n`),
    ]);
  });

  test('can be asked again after more has come', () => {
    const { emit, families } = createSampleWriter(catalogue);
    emit('test_read_bytes_total', {}, 1);
    expect(families()[0]?.lines).toEqual(['test_read_bytes_total 1\n']);
    emit('test_errors_total', { reason: 'x' }, 2);
    expect(families().map(({ lines }) => lines.join(''))).toEqual([
      'test_errors_total{reason="x"} 2\n',
      'test_read_bytes_total 1\n',
    ]);
  });

  test('knows nothing of another one', () => {
    createSampleWriter(catalogue).emit('test_read_bytes_total', {}, 1);
    expect(createSampleWriter(catalogue).families()).toEqual([]);
  });

  test('refuses, by the compiler and when run, what the catalogue does not have', () => {
    const { emit, families } = createSampleWriter(catalogue);
    // @ts-expect-error no such metric
    expect(() => emit('test_other', {}, 1)).toThrow('test_other is not in the catalogue');
    // @ts-expect-error a label is missing
    emit('test_temperature_celsius', { model: 'x' }, 1);
    // @ts-expect-error no such label
    emit('test_errors_total', { reason: 'x', gpu: '0' }, 1);
    expect(families().map(({ lines }) => lines.join(''))).toEqual([
      'test_temperature_celsius{model="x",kind=""} 1\n',
      'test_errors_total{reason="x"} 1\n',
    ]);
  });
});

describe('a histogram', () => {
  test('is written with cumulative buckets, the sum and the count, after the labels of its metric', () => {
    const { emitHistogram, families } = createSampleWriter(catalogue);
    emitHistogram('test_wait_seconds', { model: 'a"' }, { counts: [2, 0, 3], sum: 7.5 });
    expect(families().map(({ name, kind, lines }) => [name, kind, lines.join('')])).toEqual([
      [
        'test_wait_seconds',
        'histogram',
        [
          'test_wait_seconds_bucket{model="a\\"",le="0.1"} 2',
          'test_wait_seconds_bucket{model="a\\"",le="1"} 2',
          'test_wait_seconds_bucket{model="a\\"",le="+Inf"} 5',
          'test_wait_seconds_sum{model="a\\""} 7.5',
          'test_wait_seconds_count{model="a\\""} 5\n',
        ].join('\n'),
      ],
    ]);
  });

  test('needs no labels', () => {
    const plain = defineMetrics('plain', {
      plain_seconds: { kind: 'histogram', unit: 'seconds', help: 'Plain.', labels: [], buckets: [1] },
    });
    const { emitHistogram, families } = createSampleWriter(plain);
    emitHistogram('plain_seconds', {}, { counts: [1, 1], sum: 3 });
    expect(families()[0]?.lines.join('')).toBe(
      'plain_seconds_bucket{le="1"} 1\nplain_seconds_bucket{le="+Inf"} 2\nplain_seconds_sum 3\nplain_seconds_count 2\n',
    );
  });

  test('is written whole, however many there are, in texts of some hundred lines', () => {
    const { emit, emitHistogram, families } = createSampleWriter(catalogue);
    const labels = { model: 'a' };
    for (let index = 0; index < 200; index++) {
      emitHistogram('test_wait_seconds', { model: String(index) }, { counts: [index, 0, 0], sum: 0 });
      emit('test_temperature_celsius', { ...labels, kind: 'k' }, index);
    }
    const { lines = [] } = families().find(({ name }) => name === 'test_wait_seconds') ?? {};
    const counts = lines.join('').match(/^test_wait_seconds_count\{.*$/gm);
    expect(counts).toEqual(
      Array.from({ length: 200 }, (_, index) => `test_wait_seconds_count{model="${index}"} ${index}`),
    );
    expect(lines.map((text) => text.split('\n').length - 1)).toEqual([260, 260, 260, 220]);
  });
});
