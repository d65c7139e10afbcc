import { meterSeries } from '../../../../exporters/billing/metering/meter-series.ts';
import { accrual, span } from '../../../support/billing-device.ts';

const source = { resource: ['namespace', 'pod'], sku: ['model'], holder: { namespace: 'namespace', app: 'label_app' } };
const input = { meter: 'gpu_energy', cluster: 'c1', source, systemNamespaces: ['kube-system'] };

test('series that differ in nothing that is asked for are added up, sorted by key', () => {
  const series = [
    { labels: { namespace: 'b', pod: 'p', instance: 'x:1' }, accrual: accrual([0, 10, 5]) },
    { labels: { namespace: 'b', pod: 'p', instance: 'x:2' }, accrual: accrual([0, 10, 7]) },
    { labels: { namespace: 'a', pod: 'p', model: 'm', label_app: 'web', node: 'n1' }, accrual: accrual([0, 10, 1]) },
    { labels: { namespace: 'kube-system', pod: 'dns' }, accrual: accrual([0, 10, 3]) },
    { labels: { namespace: 'c' }, accrual: accrual([10, 20, 3]) },
  ];
  const common = {
    meter: 'gpu_energy',
    cluster: 'c1',
    node: '',
    sku: '',
    state: 'used',
    reason: '',
    share: { num: 1, den: 1 },
  };
  expect(meterSeries({ ...input, series }, [span(0, 10), span(10, 20)])).toEqual([
    [
      { ...common, resource: 'b/p', holder: { namespace: 'b' }, quantity: 12n },
      { ...common, resource: 'kube-system/dns', holder: { namespace: 'kube-system' }, state: 'system', quantity: 3n },
      { ...common, node: 'n1', resource: 'a/p', sku: 'm', holder: { app: 'web', namespace: 'a' }, quantity: 1n },
    ],
    [{ ...common, resource: 'c', holder: { namespace: 'c' }, quantity: 3n }],
  ]);
});

test('what was not used has no row', () => {
  expect(meterSeries({ ...input, series: [{ labels: {}, accrual: accrual([0, 10, 1]) }] }, [span(0, 5)])).toEqual([[]]);
});
