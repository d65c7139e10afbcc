import { labelsOfPromql } from '../../../../cli/rules/promql/labels-of-promql.ts';
import { signals } from '../../../../exporters/prediction/anomaly/signals.ts';
import { entityKinds } from '../../../../exporters/prediction/entity.ts';
import { defaultLabelNames } from '../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { catalogue } from '../../../../metrics/index.ts';

test.each(signals)('the query of $name gives one value for each entity, of series that we know', ({ kind, query }) => {
  const labels = labelsOfPromql(query({ labels: defaultLabelNames, matchers: ['job="a"'] }), catalogue);
  expect(labels).toEqual(new Set(kind === 'gpu' ? ['cluster', 'node', 'instance', 'uuid'] : ['cluster', 'node']));
});

test('every signal has a name of its own and a floor', () => {
  expect(new Set(signals.map(({ name }) => name)).size).toBe(signals.length);
  for (const { name, floor } of signals) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(floor.absolute > 0 || floor.relative > 0).toBe(true);
  }
  expect(new Set(signals.map(({ kind }) => kind))).toEqual(new Set(entityKinds));
});
