import {
  type Draft,
  matchersOf,
  matcherText,
  problemOf,
  readSilences,
  secondsOf,
  silenceBody,
} from '../../../grafana-plugin/src/pages/alerts/silence';

const matcher = { name: 'node', value: 'n1', isEqual: true, isRegex: false };
const draft: Draft = { matchers: [matcher], lasting: '2h', comment: 'new power supply' };

test.each([
  [undefined, {}],
  ['no_matcher', { matchers: [] }],
  ['empty_name', { matchers: [{ ...matcher, name: '9a' }] }],
  ['matches_all', { matchers: [{ ...matcher, isRegex: true, value: '.*' }] }],
  ['matches_all', { matchers: [{ ...matcher, value: '' }] }],
  ['bad_pattern', { matchers: [{ ...matcher, isRegex: true, value: '(' }] }],
  ['bad_duration', { lasting: '2 hours' }],
  ['bad_duration', { lasting: '0h' }],
  ['no_comment', { comment: '  ' }],
] as const)('%s: %j', (problem, changed) => {
  expect(problemOf({ ...draft, ...changed })).toBe(problem);
});

test('lasts from now on, in the name of who made it', () => {
  expect(silenceBody(draft, 'ada', Date.UTC(2026, 0, 1))).toEqual({
    matchers: [matcher],
    startsAt: '2026-01-01T00:00:00.000Z',
    endsAt: '2026-01-01T02:00:00.000Z',
    createdBy: 'ada',
    comment: 'new power supply',
  });
  expect([secondsOf('30m'), secondsOf('1w'), secondsOf('1y')]).toEqual([1800, 604_800, undefined]);
});

test('fits the one alert whose labels it was made of', () => {
  const matchers = matchersOf({ alertname: 'GpuLost', alertstate: 'firing', uuid: 'a"b' });
  expect(matchers.map(matcherText)).toEqual(['alertname="GpuLost"', 'uuid="a\\"b"']);
});

test('those in force stand first; what is no silence says so', () => {
  const of = (id: string, state: string, endsAt: string) => ({
    id,
    status: { state },
    endsAt,
    matchers: [{ name: 'a', value: 'b', isRegex: false }],
  });
  const read = readSilences([
    of('1', 'expired', '2026-01-01T00:00:00Z'),
    of('2', 'active', '2026-01-01T00:00:00Z'),
    of('3', 'expired', '2026-02-01T00:00:00Z'),
  ]);
  expect(read.map(({ id }) => id)).toEqual(['2', '3', '1']);
  expect(() => readSilences({ html: 1 })).toThrow('list of silences');
  expect(() => readSilences([{ status: {} }])).toThrow('no id');
});
