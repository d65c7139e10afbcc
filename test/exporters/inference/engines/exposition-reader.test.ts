import * as fc from 'fast-check';
import { boundOf, createExpositionReader } from '../../../../exporters/inference/engines/exposition-reader.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { formatValue } from '../../../../kit/exposition/format-value.ts';
import { renderLabels } from '../../../../kit/exposition/samples.ts';

function read(text: string, ...names: readonly string[]) {
  const reader = createExpositionReader(new Set(names.length > 0 ? names : ['a', 'b']));
  reader.push(text);
  return reader.end().map(({ name, labels, value }) => [name, { ...labels }, value]);
}

test('reads wanted samples and no others', () => {
  expect(read('# HELP a Help.\n# TYPE a gauge\na 1\nab 2\nb{x="1",y="2"} 3.5\nc{x="1"} 4\n')).toEqual([
    ['a', {}, 1],
    ['b', { x: '1', y: '2' }, 3.5],
  ]);
});

test.each([
  ['a nan', Number.NaN],
  ['a NaN', Number.NaN],
  ['a +Inf', Number.POSITIVE_INFINITY],
  ['a -Inf', Number.NEGATIVE_INFINITY],
  ['a inf', Number.POSITIVE_INFINITY],
  ['a 1.7646480120153542e+09', 1764648012.0153542],
  ['a -2E3', -2000],
  ['a 5.', 5],
  ['a .5', 0.5],
  ['a 12 1700000000000', 12],
  ['a 12 # {trace_id="KOO5S4vxi0o"} 0.67 1700000000.1', 12],
  ['a{x="1"}  7\t', 7],
  ['a 3\r', 3],
])('reads the value of %j', (line, value) => {
  expect(read(`${line}\n`)[0]?.[2]).toBe(value);
});

test.each([
  'a',
  'a ',
  'a x',
  'a 0x10',
  'a 1_000',
  'a 1e',
  'a{x="1" 2',
  'a{x=1} 2',
  'a{x="1"}',
  'a{x="1"}2',
  'a{="1"} 2',
  'a{x="1"y="2"} 2',
  'a{x="1",x="2"} 2',
  'a{x="\\"} 2',
  'a 1,5',
])('a broken line costs itself alone: %j', (line) => {
  expect(read(`b 1\n${line}\nb 2\n`, 'a', 'b').map(([name]) => name)).toEqual(['b', 'b']);
});

test('escapes and braces in label values', () => {
  expect(read('a{x="}{,\\"=\\\\\\n\\q",y="ü"} 1\n')).toEqual([['a', { x: '}{,"=\\\n\\q', y: 'ü' }, 1]]);
});

test('labels with names of JavaScript are labels', () => {
  const [sample] = read('a{__proto__="1",constructor="2"} 1\n');
  expect(JSON.stringify(sample)).toContain('"constructor":"2"');
});

test('the last line of a torn page is left out, as its number may be cut', () => {
  expect(read('a 1\nb 123')).toEqual([['a', {}, 1]]);
});

test.each([
  ['an HTML page', '<html>\n<body>a 1</body>\n</html>\n'],
  ['JSON', '{"error": "not found"}\n'],
  ['nothing', ''],
  ['words', 'Hello there\nthis is a server\n'],
])('refuses %s', (_what, text) => {
  expect(() => read(text)).toThrow('answered with something that is no metrics for Prometheus');
});

test('a page without a wanted sample is a page', () => {
  expect(read('# TYPE c counter\n')).toEqual([]);
  expect(read('c{x="1"} 5\n')).toEqual([]);
});

test('a line without end and a flood of samples are refused', () => {
  expect(() => read(`a 1\n${'x'.repeat(70_000)}`)).toThrow('has a line of more than 65536 characters');
  expect(() => read('a 1\n'.repeat(50_001))).toThrow('has more than 50000 samples');
});

test.each([
  ['+Inf', Number.POSITIVE_INFINITY],
  ['Inf', Number.POSITIVE_INFINITY],
  ['0.005', 0.005],
  ['1e+06', 1e6],
  ['', undefined],
  ['abc', undefined],
  ['NaN', undefined],
  [undefined, undefined],
])('the bound of le=%j', (le, bound) => expect(boundOf(le)).toBe(bound));

test('however the text is cut, the samples are the same', () => {
  const labels = fc.dictionary(fc.stringMatching(/^[a-z_]\w{0,5}$/), fc.string({ unit: 'binary' }), { maxKeys: 3 });
  void fc.assert(
    fc.property(
      fc.array(fc.tuple(labels, fc.double({ noNaN: true }))),
      fc.integer({ min: 1, max: 40 }),
      (rows, size) => {
        const text = rows
          .map(([of, value]) => `a${renderLabels(Object.keys(of), of)} ${formatValue(value)}\n`)
          .join('');
        const reader = createExpositionReader(new Set(['a']));
        reader.push('# TYPE a gauge\n');
        for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
        const wanted = rows.map(([of, value]) => [{ ...of }, value === 0 ? 0 : value]);
        expect(reader.end().map(({ labels: found, value }) => [{ ...found }, value])).toEqual(wanted);
      },
    ),
  );
});

test('nothing but SourceError comes out of any text', () => {
  void fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      try {
        read(`a${text}\nb{${text}} 1\n`);
      } catch (error) {
        expect(error).toBeInstanceOf(SourceError);
      }
    }),
  );
});
