import { render, screen, within } from '@testing-library/react';
import React from 'react';
import { readDrifts } from '../../../../grafana-plugin/src/pages/inventory/answers/drift';
import { readFindings } from '../../../../grafana-plugin/src/pages/inventory/answers/findings';
import { readOverview } from '../../../../grafana-plugin/src/pages/inventory/answers/overview';
import { readSources } from '../../../../grafana-plugin/src/pages/inventory/answers/sources';
import { InventoryOverview } from '../../../../grafana-plugin/src/pages/inventory/InventoryOverview';
import { racksByPlace } from '../../../../grafana-plugin/src/pages/inventory/racks-by-place';
import findings from '../../../fixtures/grafana-plugin/cmdb/findings.json';
import history from '../../../fixtures/grafana-plugin/cmdb/history.json';
import overview from '../../../fixtures/grafana-plugin/cmdb/overview.json';
import sources from '../../../fixtures/grafana-plugin/cmdb/sources.json';
import { fakeInventory } from '../../panels/cmdblookup/fake-inventory';

const drift = {
  drift: [
    {
      item: { id: 1, class: 'server', name: 'sim-1', state: 'in_service' },
      aspect: 'bios_version',
      expected: '1.2',
      actual: '<i>1.1</i>',
    },
  ],
  total: 3,
};
const all = {
  '/overview': { data: overview },
  '/findings': { data: findings },
  '/drift': { data: drift },
  '/sources': { data: sources },
  '/changes': { data: history },
};

test('counts, racks, findings, drift, maintenance, sources and changes', async () => {
  const asked = fakeInventory(all);
  render(<InventoryOverview site={['sim-site']} cluster={[]} />);
  expect(await screen.findByTestId('key-figures')).toHaveTextContent(`Items${overview.items}`);
  const map = screen.getByTestId('rack-map');
  expect(within(map).getByRole('link', { name: /sim-rack-1/ })).toHaveAttribute(
    'href',
    expect.stringContaining('?item='),
  );
  expect(await screen.findByText(findings.findings[0]?.reason ?? '')).toBeInTheDocument();
  expect(screen.getByTestId('findings')).toHaveTextContent('and 2 more');
  expect(await screen.findByTestId('drift')).toHaveTextContent('BIOS is <i>1.1</i>, expected 1.2');
  expect(await screen.findByText('New fan in sim-1')).toBeInTheDocument();
  expect((await within(screen.getByTestId('sources')).findAllByText('good')).length).toBe(sources.sources.length);
  expect(asked.find(({ url }) => url.endsWith('/overview'))?.params).toEqual({ site: ['sim-site'], cluster: [] });
});

test('an inventory that does not answer is said once', async () => {
  fakeInventory({ ...all, '/overview': { status: 502, data: { message: 'dial tcp: connection refused' } } });
  render(<InventoryOverview site={[]} cluster={[]} />);
  expect(await screen.findAllByTestId('service-problem')).toHaveLength(1);
});

test('an empty inventory says how it is filled', async () => {
  const empty = { items: 0, classes: [], racks: [], servers_without_rack: 0 };
  fakeInventory({ ...all, '/overview': { data: empty }, '/sources': { data: { sources: [] } } });
  render(<InventoryOverview site={[]} cluster={[]} />);
  expect(await screen.findByText(/No racks are known here/)).toBeInTheDocument();
  expect(await screen.findByText(/No source is configured/)).toBeInTheDocument();
});

test('a source that fails, one that was never asked and one that is out of the configuration', async () => {
  const [good] = sources.sources;
  const last = good?.last_look;
  const list = [
    { ...good, name: 'a', last_look: { ...last, outcome: 'failed', reason: 'connection refused' } },
    { ...good, name: 'b', last_look: null },
    { ...good, name: 'c', configured: false },
    { ...good, name: 'd', last_look: { ...last, problems: ['x', 'y'] } },
  ];
  fakeInventory({ ...all, '/sources': { data: { sources: list } } });
  render(<InventoryOverview site={[]} cluster={[]} />);
  const rows = await within(await screen.findByTestId('sources')).findAllByRole('row');
  expect(rows.slice(1).map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^a.*failedconnection refused/),
    expect.stringMatching(/^b.*not looked yet/),
    expect.stringMatching(/^c.*no longer configured/),
    expect.stringMatching(/^d.*2 problems/),
  ]);
});

test('racks stand by site and room, in the order of the inventory', () => {
  const { racks } = readOverview(overview);
  const [rack] = racks;
  if (rack === undefined) throw new Error('no rack');
  const elsewhere = {
    ...rack,
    id: 9001,
    name: 'b1',
    site: { id: 900, class: 'site', name: 'ber', state: 'in_service' },
    room: undefined,
  };
  expect(racksByPlace([...racks, elsewhere]).map(({ site, rooms }) => [site, rooms.map(({ room }) => room)])).toEqual([
    ['sim-site', ['sim-hall-1']],
    ['ber', [undefined]],
  ]);
});

test.each([
  ['an overview', readOverview],
  ['findings', readFindings],
  ['drift', readDrifts],
  ['sources', readSources],
])('%s of another service is refused', (_name, read: (value: unknown) => unknown) => {
  for (const foreign of [null, 'text', { items: 'x', findings: 3, drift: {}, sources: 'x' }])
    expect(() => read(foreign)).toThrow(Error);
});
