import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import {
  InventoryLookup,
  type InventoryLookupProps,
} from '../../../../grafana-plugin/src/panels/cmdblookup/components/InventoryLookup';
import { nextActive } from '../../../../grafana-plugin/src/panels/cmdblookup/components/use-suggestions';
import history from '../../../fixtures/grafana-plugin/cmdb/history.json';
import impact from '../../../fixtures/grafana-plugin/cmdb/impact.json';
import itemServer from '../../../fixtures/grafana-plugin/cmdb/item-server.json';
import itemsExample from '../../../fixtures/grafana-plugin/cmdb/items-example.json';
import searchNone from '../../../fixtures/grafana-plugin/cmdb/search-none.json';
import searchRefused from '../../../fixtures/grafana-plugin/cmdb/search-refused.json';
import searchTenant from '../../../fixtures/grafana-plugin/cmdb/search-tenant.json';
import { type Answers, fakeInventory } from './fake-inventory';

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
globalThis.ResizeObserver ??= NoObserver;

function show(props: Partial<InventoryLookupProps> = {}) {
  const calls = { onSearch: jest.fn(), onChoose: jest.fn(), onResolved: jest.fn() };
  const view = (more: Partial<InventoryLookupProps> = {}) => (
    <InventoryLookup text="" itemId={undefined} refreshKey={0} timeZone="utc" {...calls} {...props} {...more} />
  );
  const { rerender } = render(view());
  return { ...calls, again: (more: Partial<InventoryLookupProps>) => rerender(view(more)) };
}

describe('an item', () => {
  test('what it is, where, whose, what breaks, what fires and what changed', async () => {
    fakeInventory();
    show({ itemId: 1 });
    expect(await screen.findByRole('heading', { name: 'sim-1' })).toBeInTheDocument();
    expect(await screen.findByTestId('item-place')).toHaveTextContent('sim-site › sim-hall-1 › sim-rack-1 › U2');
    expect(screen.getByTestId('item-class')).toHaveTextContent('Server');
    expect(await screen.findByTestId('alert-list')).toHaveTextContent('GpuTemperatureCritical');
    expect(await screen.findByTestId('impact-tenants')).toHaveTextContent('team-a');
    expect(await screen.findByTestId('maintenance-list')).toHaveTextContent('New fan in sim-1');
    expect(await screen.findByTestId('rack-picture')).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'Rack sim-rack-1 with 48 units, 14 free' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /^U2–9: sim-1, Server, in service, .*, shown here$/ })).toHaveAttribute(
      'aria-current',
      'true',
    );
    expect(await screen.findByTestId('change-list')).toBeInTheDocument();
  });

  test('a neighbour is chosen with Enter, and opens elsewhere with the keys for that', async () => {
    fakeInventory();
    const { onChoose } = show({ itemId: 1 });
    const graph = await screen.findByTestId('relation-graph');
    const link = within(graph).getByRole('link', { name: 'sim-rack-1, in service' });
    expect(link).toHaveAttribute('href', '/a/fleetlens-gpucluster-app/inventory?item=164');
    link.focus();
    await userEvent.keyboard('{Enter}');
    expect(onChoose).toHaveBeenCalledWith(164);
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    expect(onChoose).toHaveBeenCalledTimes(1);
  });

  test('markup and very long words in names are text', async () => {
    const name = `<img src=x onerror="document.title='broken'">${'w'.repeat(300)}`;
    fakeInventory({ '/items/1': { data: { ...itemServer, name, attributes: { model: '<b>bold</b>' } } } });
    show({ itemId: 1 });
    expect(await screen.findByRole('heading', { name })).toBeInTheDocument();
    expect(screen.getByText('<b>bold</b>')).toBeInTheDocument();
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });

  test('one part that fails leaves the others alone', async () => {
    fakeInventory({ '/items/1/impact': { status: 500, data: { error: { code: 'internal', message: 'it failed' } } } });
    show({ itemId: 1 });
    const section = await screen.findByTestId('impact');
    expect(await within(section).findByTestId('service-problem')).toHaveTextContent('The inventory failed');
    expect(await screen.findByTestId('relation-graph')).toBeInTheDocument();
  });

  test('without Alertmanager that is said in small print, and the series of the panel stand in', async () => {
    fakeInventory({ '/alerts': { status: 502, data: { message: 'unsupported protocol scheme ""' } } });
    const labels = { alertname: 'NodeDown', severity: 'critical', node: 'sim-1' };
    show({
      itemId: 1,
      series: [{ labels, annotations: {}, startsAt: undefined, isSilenced: false, isInhibited: false }],
    });
    expect(await screen.findByTestId('alerts-problem')).toHaveTextContent('Alertmanager is not connected yet');
    expect(screen.getByTestId('alert-list')).toHaveTextContent('NodeDown');
  });

  test('nothing else that breaks is said so', async () => {
    fakeInventory({
      '/items/1/impact': {
        data: { ...impact, down: 1, degraded: 0, classes: [], tenants: [], affected: [], truncated: false },
      },
    });
    show({ itemId: 1 });
    expect(await screen.findByTestId('impact-none')).toBeInTheDocument();
  });

  test('of 10,000 jobs 100 are listed, and more when asked for', async () => {
    const [sample] = impact.affected;
    const jobs = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...sample, id: 1000 + index, name: `job-${index}` }));
    const answer = (count: number) => ({
      ...impact,
      down: 10_000,
      classes: [{ class: 'application', down: 10_000, degraded: 0 }],
      affected: jobs(count),
      truncated: true,
    });
    const asked = fakeInventory({ '/items/1/impact': { data: answer(1000) } });
    show({ itemId: 1 });
    const list = await screen.findByTestId('impact-list');
    expect(within(list).getAllByRole('listitem')).toHaveLength(100);
    await userEvent.click(screen.getByTestId('impact-more'));
    await waitFor(() => expect(within(screen.getByTestId('impact-list')).getAllByRole('listitem')).toHaveLength(200));
    expect(asked.filter(({ url }) => url.endsWith('/impact')).map(({ params }) => params?.limit)).toEqual([100, 1000]);
  });

  test('an item that is gone, with what was known of it', async () => {
    fakeInventory({
      '/items/7/history': {
        data: {
          changes: [{ ...history.changes[0], before: history.changes[0]?.after, after: null, action: 'deleted' }],
        },
      },
    });
    show({ itemId: 7 });
    expect(await screen.findByTestId('item-gone')).toHaveTextContent('Server sim-1 is gone');
    expect(screen.getByTestId('change-list')).toHaveTextContent('was deleted');
  });

  test('an item that never was', async () => {
    fakeInventory();
    show({ itemId: 999 });
    expect(await screen.findByTestId('item-gone')).toHaveTextContent('There is no item 999');
  });

  test('a refresh asks again and keeps what is shown', async () => {
    const asked = fakeInventory();
    const { again } = show({ itemId: 1 });
    await screen.findByTestId('rack-picture');
    const before = asked.length;
    again({ refreshKey: 1 });
    expect(screen.getByRole('heading', { name: 'sim-1' })).toBeInTheDocument();
    await waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(before + 6));
  });
});

describe('maintenance', () => {
  test('is offered to editors alone', async () => {
    fakeInventory({}, 'Viewer');
    show({ itemId: 1 });
    await screen.findByTestId('maintenance-list');
    expect(screen.queryByTestId('maintenance-start')).toBeNull();
  });

  test('is begun with what was typed', async () => {
    const asked = fakeInventory({}, 'Editor');
    show({ itemId: 1 });
    await userEvent.click(await screen.findByTestId('maintenance-start'));
    const title = screen.getByRole('textbox', { name: 'What is done' });
    await userEvent.clear(title);
    await userEvent.type(title, 'New PSU');
    await userEvent.click(screen.getByRole('radio', { name: '4h' }));
    await userEvent.click(screen.getByRole('button', { name: 'Announce' }));
    expect(await screen.findByTestId('maintenance-begun')).toHaveTextContent('Announced for 24 items.');
    const post = asked.find(({ method }) => method === 'POST');
    expect(post?.data).toEqual({ title: 'New PSU', scope: { items: [1] }, duration: '4h' });
  });

  test('that is refused says why, and what was typed stays', async () => {
    const refused = { error: { code: 'bad_request', message: 'it is over already', field: 'ends_at' } };
    fakeInventory({ 'POST /maintenance': { status: 400, data: refused } }, 'Editor');
    show({ itemId: 1 });
    await userEvent.click(await screen.findByTestId('maintenance-start'));
    await userEvent.click(screen.getByRole('button', { name: 'Announce' }));
    expect(await screen.findByTestId('service-problem-detail')).toHaveTextContent('it is over already');
    expect(screen.getByTestId('maintenance-form')).toBeInTheDocument();
  });
});

describe('a text', () => {
  test('that stands for one item leads to it', async () => {
    fakeInventory();
    const { onResolved } = show({ text: 'SIM-1' });
    await waitFor(() => expect(onResolved).toHaveBeenCalledWith(1));
  });

  test('a UUID is looked up, and searched for where the lookup has none', async () => {
    const uuid = 'GPU-493ee4b1-fe4c-9f47-5984-4c7a796447ad';
    const asked = fakeInventory({ '/search': { data: searchNone } });
    show({ text: uuid });
    expect(await screen.findByTestId('nothing-found')).toHaveTextContent(uuid);
    expect(asked[0]).toMatchObject({ url: expect.stringMatching(/\/lookup$/), params: { uuid } });
    expect(asked[1]?.params).toMatchObject({ q: uuid });
  });

  test('that several items have makes people choose', async () => {
    fakeInventory({ '/search': { data: searchTenant } });
    const { onChoose, onResolved } = show({ text: 'team' });
    const several = await screen.findByTestId('several-found');
    expect(several).toHaveTextContent(`${searchTenant.total} items fit “team”`);
    const [first] = within(several).getAllByRole('link');
    if (first !== undefined) await userEvent.click(first);
    expect(onChoose).toHaveBeenCalledWith(searchTenant.items[0]?.id);
    expect(onResolved).not.toHaveBeenCalled();
  });

  test('that a tenant and its namespace are called leads to the tenant', async () => {
    fakeInventory({ '/search': { data: searchTenant } });
    const { onResolved } = show({ text: 'team-a' });
    const tenant = searchTenant.items.find((item) => item.class === 'tenant' && item.name === 'team-a');
    await waitFor(() => expect(onResolved).toHaveBeenCalledWith(tenant?.id));
  });

  test('that makes no sense to the inventory is refused with its words', async () => {
    fakeInventory({ '/search': { status: 400, data: searchRefused } });
    show({ text: 'clas:x' });
    expect(await screen.findByTestId('service-problem-detail')).toHaveTextContent('did you mean "class"?');
  });

  test('while the inventory is not connected, what Prometheus knows is shown', async () => {
    fakeInventory({
      '*': { status: 500, data: { message: 'Failed to fetch plugin settings' } },
      '/search': { status: 500, data: { message: 'Failed to fetch plugin settings' } },
    });
    show({
      text: 'sim-1',
      facts: [{ class: 'server', name: 'sim-1', labels: { ci: '1', rack: 'sim-rack-1', node: 'sim-1' } }],
    });
    expect(await screen.findByTestId('service-problem')).toHaveTextContent('The inventory is not connected yet');
    expect(screen.getByTestId('known-from-series')).toHaveTextContent('sim-rack-1');
  });
});

describe('nothing chosen', () => {
  test('says what can be typed, with examples that are there', async () => {
    fakeInventory();
    const { onSearch } = show();
    const examples = await screen.findByTestId('examples');
    await userEvent.click(within(examples).getAllByRole('button')[0] as HTMLElement);
    expect(onSearch).toHaveBeenCalledWith(itemsExample.items[0]?.name);
  });

  const problems: ReadonlyArray<readonly [string, Answers, string]> = [
    [
      'not connected',
      { '/items': { status: 502, data: { message: 'no host in request URL' } } },
      'is not connected yet',
    ],
    [
      'no permission',
      { '/items': { status: 403, data: { message: 'plugin proxy route access denied' } } },
      'is not open to your role',
    ],
    [
      'a wrong token',
      { '/items': { status: 401, data: { error: { code: 'unauthorized', message: 'no' } } } },
      'refuses the token',
    ],
    ['slow', { '/items': { status: 504, data: '' } }, 'takes too long'],
    [
      'HTML',
      { '/items': { data: '<html><title>Sign in</title></html>' } },
      'Something else than The inventory answers',
    ],
    [
      'JSON of another service',
      { '/items': { data: { hello: 'world' } } },
      'Something else than The inventory answers',
    ],
  ];
  test.each(problems)('%s', async (_name, answers, text) => {
    fakeInventory(answers);
    show();
    expect(await screen.findByTestId('service-problem')).toHaveTextContent(text);
  });
});

describe('the search field', () => {
  test('suggests, and takes the suggestion with the arrows and Enter', async () => {
    fakeInventory();
    const { onChoose, onSearch } = show();
    const field = screen.getByRole('combobox', { name: 'Find in the inventory' });
    await userEvent.type(field, 'sim');
    expect(await screen.findAllByRole('option')).toHaveLength(5);
    expect(field).toHaveAttribute('aria-expanded', 'true');
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    const chosen = screen.getAllByRole('option')[1];
    expect(chosen).toHaveAttribute('aria-selected', 'true');
    expect(field).toHaveAttribute('aria-activedescendant', chosen?.id);
    await userEvent.keyboard('{Enter}');
    expect(onChoose).toHaveBeenCalledWith(expect.any(Number), 'sim-1 eth0');
    expect(onSearch).not.toHaveBeenCalled();
    expect(field).toHaveAttribute('aria-expanded', 'false');
  });

  test('Enter alone searches for what was typed; Escape closes the list, then empties the field', async () => {
    fakeInventory();
    const { onSearch } = show();
    const field = screen.getByRole('combobox');
    await userEvent.type(field, 'sim');
    await screen.findAllByRole('option');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryAllByRole('option')).toHaveLength(0);
    await userEvent.keyboard('{Enter}');
    expect(onSearch).toHaveBeenCalledWith('sim');
    await userEvent.keyboard('{Escape}');
    expect(field).toHaveValue('');
  });

  test('a suggestion is chosen with the mouse', async () => {
    fakeInventory();
    const { onChoose } = show();
    await userEvent.type(screen.getByRole('combobox'), 'sim');
    await userEvent.click((await screen.findAllByRole('option'))[0] as HTMLElement);
    expect(onChoose).toHaveBeenCalledWith(1, 'sim-1');
  });

  test('/ leads to it on the page, and is a slash where somebody types', async () => {
    fakeInventory();
    show({ isPage: true });
    const field = screen.getByRole('combobox');
    await userEvent.keyboard('/');
    expect(field).toHaveFocus();
    expect(field).toHaveValue('');
    await userEvent.keyboard('a/b');
    expect(field).toHaveValue('a/b');
  });

  test('in a panel / stays with the board unless the focus is in the panel', async () => {
    fakeInventory();
    show();
    await userEvent.keyboard('/');
    expect(screen.getByRole('combobox')).not.toHaveFocus();
  });

  test('the arrows go around over the field itself', () => {
    expect([nextActive(-1, 1, 3), nextActive(2, 1, 3), nextActive(-1, -1, 3), nextActive(0, -1, 3)]).toEqual([
      0, -1, 2, -1,
    ]);
  });
});
