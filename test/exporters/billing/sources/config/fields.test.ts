import fc from 'fast-check';
import {
  equals,
  narrowed,
  oneOfValues,
  parseSelector,
  selectorOf,
} from '../../../../../exporters/billing/sources/config/fields.ts';
import { readGaps } from '../../../../../exporters/billing/sources/config/gaps.ts';
import { readWindowSettings } from '../../../../../exporters/billing/sources/config/windows.ts';

test.each([
  ['up', { name: 'up', matchers: '' }],
  ['a:b_total{}', { name: 'a:b_total', matchers: '' }],
  ['{__name__=~"a|b", c!=""}', { name: '', matchers: '__name__=~"a|b", c!=""' }],
  ['a{b="}", c=\'"\',}', { name: 'a', matchers: 'b="}", c=\'"\'' }],
  ['a{b="\\"", c="x"}', { name: 'a', matchers: 'b="\\"", c="x"' }],
])('the selector %s', (text, parsed) => expect(parseSelector(text)).toEqual(parsed));

test.each(['', '{}', 'rate(a[5m])', 'a[5m]', 'a offset 1h', 'a{b="c"} or d', 'a{b="c}', 'a{b=c}', 'a b', '1'])(
  '%j is no selector',
  (text) => {
    expect(parseSelector(text)).toBeUndefined();
    expect(() => selectorOf({ value: text, where: 'x' })).toThrow(/x must be/);
  },
);

test('more matchers are added to what is there', () => {
  expect(narrowed('a', [])).toBe('a');
  expect(narrowed('a{b="c"}', ['d="e"', ''])).toBe('a{b="c", d="e"}');
  expect(narrowed('{__name__=~"a.*"}', ['d="e"'])).toBe('{__name__=~"a.*", d="e"}');
  expect(() => narrowed('rate(a[1m])', [])).toThrow(RangeError);
});

test('values stand for themselves in a regular expression, and as text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2 }), fc.string(), (values, other) => {
      const [, text = ''] = /^name=~(".*")$/s.exec(oneOfValues('name', values)) ?? [];
      const matches = new RegExp(`^(?:${String(JSON.parse(text))})$`, 's');
      for (const value of values) expect(matches.test(value)).toBe(true);
      expect(matches.test(other)).toBe(values.includes(other));
    }),
  );
  expect(oneOfValues('a', ['b.c'])).toBe('a="b.c"');
  expect(equals('a', 'x"\\')).toBe('a="x\\"\\\\"');
});

const place = (value: unknown) => ({ value, where: 'billing.yaml: gaps' });

test('gaps: for all meters, and for some', () => {
  const gaps = readGaps(
    place({ policy: 'zero', hold_for: '1d', meters: { gpu_time: { policy: 'last_known', last_known_for: '5m' } } }),
    ['gpu_time'],
  );
  expect(gaps.of('memory')).toMatchObject({ policy: 'zero', holdForMs: 86_400_000, minCoverage: 0.95 });
  expect(gaps.of('gpu_time')).toMatchObject({ policy: 'last_known', holdForMs: 86_400_000, lastKnownForMs: 300_000 });
  expect(readGaps(place(undefined), []).of('x')).toMatchObject({ policy: 'hold', bridgeMs: 86_400_000 });
});

test.each<[unknown, string]>([
  [{ policy: 'wait' }, 'gaps.policy must be one of hold, zero, last_known, kubernetes'],
  [{ min_coverage: 95 }, 'gaps.min_coverage must be a share from 0 to 1'],
  [{ bridge: '1s' }, 'gaps.bridge must be a duration from 60s'],
  [{ meters: { gpu_tme: {} } }, 'gaps.meters.gpu_tme is no meter; there are gpu_time'],
  [{ meters: { gpu_time: { meters: {} } } }, 'gaps.meters.gpu_time has the unknown key meters'],
  [{ hold: '1d' }, 'gaps has the unknown key hold'],
])('gaps %j', (value, message) => {
  expect(() => readGaps(place(value), ['gpu_time'])).toThrow(message);
});

const windows = (window: unknown, delay?: unknown, namespaces?: unknown) =>
  readWindowSettings(
    { value: window, where: 'window' },
    { value: delay, where: 'delay' },
    { value: namespaces, where: 'system_namespaces' },
  );

test('windows', () => {
  expect(windows(undefined)).toEqual({ windowMs: 3_600_000, delayMs: 600_000, systemNamespaces: ['kube-system'] });
  expect(windows('5m', '2m', [])).toEqual({ windowMs: 300_000, delayMs: 120_000, systemNamespaces: [] });
  expect(() => windows('7m')).toThrow('window must be one of 1m, 5m, 10m, 15m, 30m, 1h, got "7m"');
  expect(() => windows('60m')).toThrow('window must be one of');
  expect(() => windows('1h', '0s')).toThrow('delay must be a duration from 1s');
  expect(() => windows('1h', '10m', [''])).toThrow('system_namespaces[0] must be a text');
});
