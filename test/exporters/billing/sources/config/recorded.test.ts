import { defaultMeters } from '../../../../../exporters/billing/meters/default-meters.ts';
import { parseSelector } from '../../../../../exporters/billing/sources/config/fields.ts';
import { recordedSelector } from '../../../../../exporters/billing/sources/config/recorded.ts';
import { catalogue } from '../../../../../metrics/index.ts';
import { longTermName, longTermSeries } from '../../../../../metrics/long-term.ts';
import { recordingGroups } from '../../../../../rules/recording/index.ts';

test.each([
  ['up', 'target:up:last1m'],
  ['gpu_info{uuid="a", node=~"b.*"}', 'target:gpu_info:last1m{uuid="a", node=~"b.*"}'],
  ['kube_pod_info', 'kube_pod_info'],
  ['app_seats{region="eu"}', 'app_seats{region="eu"}'],
  ['{__name__=~"gpu_up|x"}', '{__name__=~"gpu_up|x"}'],
])('%s is read as %s', (selector, recorded) => {
  expect(recordedSelector(selector)).toBe(recorded);
});

test('the rules record what is read, and nothing else', () => {
  const [group] = recordingGroups.filter((each) => each.group === 'billing-long-term');
  const rules = Object.values(group?.series ?? {}).map(({ name, expr }) => [name, expr.promql]);
  expect(rules).toEqual(longTermSeries.map(({ name }) => [longTermName(name), name]));
  expect(group?.optional).toBe(true);
});

test('all series of our exporters that the default meters read are recorded', () => {
  const selectors = defaultMeters.flatMap(({ sources }) =>
    sources.flatMap(({ selector, joins = [] }) => [selector ?? 'gpu_up', ...joins.map(({ series }) => series)]),
  );
  const names = new Set(selectors.map((selector) => parseSelector(selector)?.name ?? ''));
  const ours = [...names].filter((name) => catalogue.get(name)?.source.startsWith('external:') === false);
  expect(ours.length).toBeGreaterThan(6);
  expect(ours.filter((name) => recordedSelector(name) === name)).toEqual([]);
});
