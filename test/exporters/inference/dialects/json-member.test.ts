import fc from 'fast-check';
import { findMember } from '../../../../exporters/inference/dialects/json-member.ts';

/** JSON of an object as people write it, with spaces in places where they may be. */
function written(members: readonly (readonly [string, unknown])[], space: string): string {
  const inner = members.map(
    ([key, value]) =>
      `${space}${JSON.stringify(key)}${space}:${space}${JSON.stringify(value, null, space.length)}${space}`,
  );
  return `${space}{${inner.join(',')}}${space}`;
}

const members = fc.array(fc.tuple(fc.oneof(fc.constant('usage'), fc.constant('model'), fc.string()), fc.jsonValue()), {
  maxLength: 6,
});

test('the value that it finds is the one that a parser takes, and without the member all else is the same', () => {
  fc.assert(
    fc.property(members, fc.constantFrom('', ' ', '\n\t'), (list, space) => {
      const json = written(list, space);
      const parsed = JSON.parse(json) as Record<string, unknown>;
      const found = findMember(json, 'usage');
      expect(found !== undefined).toBe(Object.hasOwn(parsed, 'usage'));
      if (found === undefined) return;
      expect(JSON.parse(json.slice(found.valueStart, found.valueEnd))).toEqual(parsed['usage']);
      if (list.filter(([key]) => key === 'usage').length > 1) return;
      const { usage: _usage, ...rest } = parsed;
      expect(JSON.parse(json.slice(0, found.cutStart) + json.slice(found.cutEnd))).toEqual(rest);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['{"usage":{"a":[1,"}"]},"b":2}', '{"b":2}'],
  ['{"a":1,"usage":null}', '{"a":1}'],
  ['{ "a" : 1 , "usage" : "x" , "b" : 2 }', '{ "a" : 1  , "b" : 2 }'],
  ['{"usage":1}', '{}'],
  ['{"a":"\\"usage\\":1","usage":1.0e5}', '{"a":"\\"usage\\":1"}'],
])('%s without usage is %s', (json, without) => {
  const found = findMember(json, 'usage');
  expect(json.slice(0, found?.cutStart) + json.slice(found?.cutEnd)).toBe(without);
});

test.each(['{}', '[]', '"usage"', '{"a":{"usage":1}}', '{"usages":1}', '{"\\u0075sage":1}', ''])(
  '%s has none',
  (json) => {
    expect(findMember(json, 'usage')).toBeUndefined();
  },
);

test('text that is no JSON ends somewhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', ' ', 'usage', '1'), { maxLength: 30 }),
      (tokens) => {
        findMember(tokens.join(''), 'usage');
      },
    ),
  );
});
