import fc from 'fast-check';
import { FindError, parseFind } from '../../../../exporters/cmdb/find/find-language.ts';

const attributes = new Set(['model', 'driver_version', 'gpu_count']);

test.each<[typed: string, words: readonly string[], filters: readonly string[]]>([
  ['', [], []],
  ['  node-7   h200 ', ['node-7', 'h200'], []],
  ['Node-7 NODE-7', ['node-7'], []],
  ['class:gpu state:failed', [], ['class=gpu', 'state=failed']],
  ['class:gpu,server', [], ['class=gpu|server']],
  ['-class:port x', ['x'], ['!class=port']],
  ['model:"NVIDIA H200"', [], ['model=nvidia h200']],
  ['model:"a, b"', [], ['model=a, b']],
  ['"class:gpu"', ['class:gpu'], []],
  ['"two words"', ['two words'], []],
  [String.raw`"a \"quoted\" word"`, ['a "quoted" word'], []],
  ['"never closed', ['never closed'], []],
  ['Tenant:Blue', [], ['tenant=blue']],
  ['rack:r1*', [], ['rack=r1*']],
  ['3c:ec:ef:00:00:10', ['3c:ec:ef:00:00:10'], []],
  ['fe80::1', ['fe80::1'], []],
  ['dead:beef::1', ['dead:beef::1'], []],
  ['fe:', ['fe:'], []],
  ['mac:3c:ec:ef:00:00:10', [], ['mac=3c:ec:ef:00:00:10']],
  ['class:', ['class:'], []],
  ['.*+?^$(){}|[]\\', ['.*+?^$(){}|[]\\'], []],
  ['a\u0000b\u001bc', ['a', 'b', 'c'], []],
  ['Straße ＦＵＬＬ ﬁber', ['strasse', 'full', 'fiber'], []],
  ['機器 стойка', ['機器', 'стойка'], []],
])('%p', (typed, words, filters) => {
  const query = parseFind(typed, attributes);
  expect(query.words).toEqual(words);
  expect(
    query.filters.map(({ key, values, isNegated }) => `${isNegated ? '!' : ''}${key}=${values.join('|')}`),
  ).toEqual(filters);
});

test.each([
  ['rakc:r1', /^no key "rakc", did you mean "rack"\? Keys are class, /],
  ['modle:h200', /did you mean "model"\?/],
  ['netbox:dcim.device:12', /^no key "netbox" Keys are .*put text that has a colon in quotes$/],
  ['class:gup', /^no class "gup", did you mean "gpu"\? There are: site, room/],
  ['state:broken', /^no state "broken" There are: planned, in_service/],
  ['class:,', /^"class:" has no value$/],
  ['model:""', /^"model:" has no value$/],
  ['__proto__:x', /^no key "__proto__"/],
  ['constructor:x', /^no key "constructor"/],
])('%p is refused with the remedy', (typed, message) => {
  expect(() => parseFind(typed, attributes)).toThrow(FindError);
  expect(() => parseFind(typed, attributes)).toThrow(message);
});

test('an error shows the beginning of a very long key', () => {
  expect(() => parseFind(`${'k'.repeat(400)}:1`, attributes)).toThrow(/^no key "k{60}…"/);
});

test('a query that is too long is cut, and says so', () => {
  const query = parseFind('x'.repeat(10_000), attributes);
  expect(query.words).toEqual(['x'.repeat(500)]);
  expect(query.notes).toEqual(['only the first 500 characters are looked for']);
  expect(parseFind(Array.from({ length: 40 }, (_, index) => `w${index}`).join(' '), attributes)).toMatchObject({
    words: { length: 16 },
    notes: ['only the first 16 words are looked for'],
  });
});

test('whatever is typed is a query or a FindError, in no time', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 2000 }),
        fc.string({ unit: fc.constantFrom(...'":\\-*, abc'), maxLength: 2000 }),
      ),
      (typed) => {
        try {
          const { words } = parseFind(typed, attributes);
          for (const word of words) expect(word).not.toMatch(/[\p{Cc}]/u);
        } catch (error) {
          expect(error).toBeInstanceOf(FindError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
