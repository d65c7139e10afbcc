import fc from 'fast-check';
import { createLineMerge } from '../../../../../exporters/training/sources/command/line-merge.ts';

type Piece = readonly [output: string, text: string];

function merged(pieces: readonly Piece[]): string {
  const taken: Buffer[] = [];
  const merge = createLineMerge((bytes) => taken.push(Buffer.from(bytes)));
  for (const [output, text] of pieces) merge.push(output, Buffer.from(text, 'latin1'));
  merge.end();
  return Buffer.concat(taken).toString('latin1');
}

test('lines come out whole, in the order in which they end', () => {
  const pieces: readonly Piece[] = [
    ['out', 'a1'],
    ['err', 'b1\nb2'],
    ['out', '.\na2\na3'],
    ['err', '.\n'],
  ];
  expect(merged(pieces)).toBe('b1\na1.\na2\nb2.\na3\n');
});

test('the bar that is on the screen comes before the line that is written over it', () => {
  const pieces: readonly Piece[] = [
    ['err', '\r 1/10'],
    ['out', 'first\n'],
    ['err', '\r 2/10'],
    ['out', 'sec'],
    ['out', 'ond\n'],
    ['err', '\r 3/10\n'],
  ];
  expect(merged(pieces)).toBe('\r 1/10\rfirst\n\r 2/10\rsecond\n\r 3/10\n');
});

test('a line without end is cut, and does not fill the memory', () => {
  const piece = 'x'.repeat(40_000);
  expect(
    merged([
      ['out', piece],
      ['out', piece],
      ['err', 'b\n'],
      ['out', '.\n'],
    ]),
  ).toBe(`${piece}${piece}\nb\n.\n`);
});

test('of one output alone everything comes out as it went in, whatever the pieces', () => {
  const piece = fc.array(fc.constantFrom('a', '\n', '\r', 'ÿ')).map((characters) => characters.join(''));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      const end = text === '' || /[\r\n]$/.test(text) ? '' : '\n';
      expect(merged(pieces.map((each) => ['out', each] as const))).toBe(text + end);
    }),
  );
});

test('of two outputs the lines of each stay in order', () => {
  const piece = fc.tuple(fc.constantFrom('a', 'b'), fc.array(fc.constantFrom('', '\n'), { maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(piece), (drawn) => {
      let count = 0;
      const pieces = drawn.map(
        ([output, ends]) => [output, ends.map((end) => `${output}${count++}.${end}`).join('')] as const,
      );
      const lines = merged(pieces).split('\n');
      for (const output of ['a', 'b']) {
        const own = pieces.filter(([name]) => name === output).map(([, text]) => text);
        expect(lines.filter((line) => line.startsWith(output)).join('\n')).toBe(own.join('').replace(/\n$/, ''));
      }
    }),
  );
});
