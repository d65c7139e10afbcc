import { precursorsOf } from '../../../../exporters/prediction/evaluation/precursors.ts';
import { dayMs, gpu, hourMs, incident, startMs } from '../fleet.ts';

const sign = (days: number, name = 'a') => ({
  entity: gpu(name),
  atMs: startMs + days * dayMs,
  kind: 'xid_48',
  weight: 0.3,
});
const at = (days: number, name = 'a') => incident(gpu(name), startMs + days * dayMs);
const hour = hourMs / dayMs;

test.each([
  ['an hour before', [sign(40 - hour)], 1],
  ['less than an hour before', [sign(40 - hour / 2)], 0],
  ['after it', [sign(41)], 0],
  ['30 days before', [sign(10)], 1],
  ['more than 30 days before', [sign(9.9)], 0],
  ['of somebody else', [sign(39, 'b')], 0],
])('a sign %s', (_, signs, withSign) => {
  expect(precursorsOf([at(40)], signs)).toMatchObject({
    incidents: 1,
    withSign,
    withEarlierFailure: 0,
    without: 1 - withSign,
  });
});

test('an earlier incident is one too, where there is no sign', () => {
  expect(precursorsOf([at(0), at(20), at(60), at(80, 'b')], [])).toEqual({
    incidents: 4,
    withSign: 0,
    withEarlierFailure: 1,
    without: 3,
    shareWithout: 0.75,
  });
  expect(precursorsOf([at(0), at(20)], [sign(10)])).toMatchObject({ withSign: 1, withEarlierFailure: 0, without: 1 });
});

test('of no incident there is no share', () => {
  expect(precursorsOf([], [sign(1)])).toMatchObject({ incidents: 0, shareWithout: undefined });
});
