import { linkTo } from '../../../grafana-plugin/src/pages/links/page-links';

const app = '/a/fleetlens-gpucluster-app';

test('a link keeps time, data source and clusters, and nothing else', () => {
  const search = '?from=now-6h&to=now&var-cluster=a&var-cluster=b&var-node=n&var-datasource=p&map=busy';
  expect(linkTo({ to: 'gpu', uuid: 'GPU-1' }, search)).toBe(
    `${app}/fleet/gpu/GPU-1?from=now-6h&to=now&var-cluster=a&var-cluster=b&var-datasource=p`,
  );
});

test.each([
  [{ to: 'node', node: 'a/b?c#d%' }, `${app}/fleet/node/a%2Fb%3Fc%23d%25`],
  [{ to: 'job', namespace: 'n', pod: '<b>' }, `${app}/fleet/job/n/%3Cb%3E`],
  [{ to: 'run', run: 'team-a/x&y=1' }, `${app}/training/run?var-run=team-a%2Fx%26y%3D1`],
  [{ to: 'risk', uuid: 'GPU-1' }, `${app}/risk?gpu=GPU-1`],
  [{ to: 'risk' }, `${app}/risk`],
  [{ to: 'cost', tenant: 'a b' }, `${app}/cost?var-tenant=a+b`],
  [{ to: 'inventory', q: 'GPU-1' }, `${app}/inventory?q=GPU-1`],
] as const)('%j leads to %s', (target, url) => {
  expect(linkTo(target, '')).toBe(url);
});
