import fc from 'fast-check';
import { parseStatsd } from '../../../../../exporters/training/decoders/push/statsd.ts';

const plain = { sampleRate: 1, tags: new Map(), timeSeconds: undefined };

test('a gauge of DogStatsD with tags', () => {
  expect(parseStatsd('training.loss:1.23|g|#run:exp1,job_id:77,step:100')).toEqual({
    metrics: [
      {
        ...plain,
        name: 'training.loss',
        values: [1.23],
        type: 'gauge',
        tags: new Map([
          ['run', 'exp1'],
          ['job_id', '77'],
          ['step', '100'],
        ]),
      },
    ],
    problems: 0,
  });
});

test('several lines, several values, a sample rate, a time, and fields of later versions', () => {
  const text = 'a:1|c|@0.1\r\n\nb:1:2:3|h|c:ci-123|T1656581400|#url:http://x:1,flag,:x\nc:-5|g\nd:12|ms\ne:1|d\n';
  expect(parseStatsd(text)).toEqual({
    metrics: [
      { ...plain, name: 'a', values: [1], type: 'counter', sampleRate: 0.1 },
      {
        ...plain,
        name: 'b',
        values: [1, 2, 3],
        type: 'histogram',
        tags: new Map([['url', 'http://x:1']]),
        timeSeconds: 1656581400,
      },
      { ...plain, name: 'c', values: [-5], type: 'gauge' },
      { ...plain, name: 'd', values: [12], type: 'milliseconds' },
      { ...plain, name: 'e', values: [1], type: 'histogram' },
    ],
    problems: 0,
  });
});

test.each([
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
  ['Infinity', Infinity],
  ['1e-3', 0.001],
  ['+.5', 0.5],
  ['1.', 1],
])('%s is a number', (text, value) => {
  expect(parseStatsd(`a:${text}|g`).metrics[0]?.values).toEqual([value]);
});

test.each([
  'a',
  ':1|g',
  'a:|g',
  'a:1',
  'a:1|',
  'a:1|s',
  'a:x|g',
  'a:0x10|g',
  'a:1|c|@0',
  'a:1|c|@2',
  'a:1|c|@x',
  'a:1|g|Tx',
  '_e{5,4}:title|text',
  '_sc|name|0',
  'a:1::2|g',
])('%s counts as a problem and does not hide the next line', (line) => {
  const { metrics, problems } = parseStatsd(`${line}\nloss:1|g`);
  expect(problems).toBe(1);
  expect(metrics.map(({ name }) => name)).toEqual(['loss']);
});

test('every line of any text is a metric or a problem', () => {
  const piece = fc.constantFrom(
    'a',
    ':',
    '|',
    '#',
    '@',
    '1',
    '.',
    'g',
    'ms',
    'c',
    '\n',
    ',',
    'T',
    'nan',
    '\0',
    '\ud800',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      const { metrics, problems } = parseStatsd(given);
      const lines = given.split('\n').filter((line) => line.trim() !== '');
      expect(metrics.length + problems).toBe(lines.length);
    }),
  );
});
