import type { Page, Route } from '@playwright/test';
import { accessibilityProblems, expect, expectFits, settled, shot, test } from './host.ts';
import { itemsOf, panelLookingUp } from './inventory.ts';
import { answerWithOneItem } from './made-up-inventory.ts';

const search = (page: Page) => page.getByTestId('cmdb-search');
const itemName = (page: Page) => page.getByTestId('item').getByRole('heading').first();

/** All sections have their answer. */
async function expectWhole(page: Page): Promise<void> {
  await expect(page.getByTestId('item')).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

test('a host, a UUID, a serial number, an address and a tenant lead to the item as they are typed', async ({
  page,
  host,
}) => {
  const [server, gpu] = [(await itemsOf(host, 'server'))[0], (await itemsOf(host, 'gpu'))[3]];
  await host.open(panelLookingUp(''));
  await expect(page.getByText('What are you looking for?')).toBeVisible();
  await expect(page.getByTestId('examples').getByRole('button')).toHaveCount(3);
  await shot(page, test.info(), 'empty');
  for (const [typed, name] of [
    [server?.name, server?.name],
    [gpu?.attributes['uuid'], gpu?.name],
    [gpu?.attributes['serial'], gpu?.name],
    [server?.attributes['address'], server?.name],
    ['team-a', 'team-a'],
  ]) {
    await search(page).fill(typed ?? '');
    await search(page).press('Enter');
    await expect(itemName(page)).toHaveText(name ?? '');
  }
  await search(page).fill('no-such-host');
  await search(page).press('Enter');
  await expect(page.getByTestId('nothing-found')).toContainText('Nothing in the inventory fits “no-such-host”');
});

test('an item shows its place, what it is connected with, what breaks with it, alerts, changes and maintenance', async ({
  page,
  host,
}, info) => {
  await host.open(panelLookingUp('$node', { 'var-node': 'sim-1', h: '1400' }));
  await expectWhole(page);
  await expect(page.getByTestId('item-place')).toContainText('sim-rack-1');
  await expect(page.getByTestId('rack-picture').getByRole('link', { name: /U2–9: sim-1,.*shown here/ })).toBeVisible();
  await expect(page.getByTestId('impact-tenants').getByRole('row', { name: /team-a/ })).toContainText('8 down');
  await expect(page.getByTestId('impact-list').getByTestId('item-link').first()).toBeVisible();
  await expect(page.getByTestId('change-list').locator('li').first()).toBeVisible();
  await expect(page.getByTestId('alerts')).toContainText(/Gpu\w+|None fires/);
  await expect(page.getByTestId('maintenance')).toContainText('None runs');
  await shot(page, info, 'server', true);
  expect(await accessibilityProblems(page)).toEqual([]);

  const gpus = page.getByRole('group', { name: /GPU/ });
  await gpus.getByTestId('item-link').first().click();
  await expect(itemName(page)).toHaveText('sim-1 gpu 0');
  await page.getByTestId('cmdb-back').click();
  await expect(itemName(page)).toHaveText('sim-1');
  await expect(page.getByTestId('cmdb-back')).toHaveCount(0);

  await page.getByRole('button', { name: 'Copy sim-1', exact: true }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('sim-1');
  await page.getByRole('button', { name: 'Copy the link to this item' }).click();
  const link = new URL(await page.evaluate<string>('navigator.clipboard.readText()'));
  await page.setViewportSize({ width: 390, height: 844 });
  await host.open(`${link.pathname}${link.search}`);
  await expectWhole(page);
  await expect(itemName(page)).toHaveText('sim-1');
  await expectFits(page);
  await shot(page, info, 'server-390', true);
});

test('the keyboard alone finds an item, leaves the list and goes on to another item', async ({ page, host }, info) => {
  await host.open('inventory');
  await expect(search(page)).toBeVisible();
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('sim-2');
  const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
  await expect(options.first()).toContainText('sim-2');
  await page.keyboard.press('ArrowDown');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await shot(page, info, 'suggestions');
  await page.keyboard.press('Escape');
  await expect(options.first()).toBeHidden();
  await expect(search(page)).toHaveValue('sim-2');
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveValue('');
  await page.keyboard.type('sim-2');
  await expect(options.first()).toContainText('sim-2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(itemName(page)).toHaveText('sim-2');
  await expect(page).toHaveURL(/item=\d+/);
  await page.getByTestId('relation-graph').getByTestId('item-link').first().focus();
  await page.keyboard.press('Enter');
  await expect(itemName(page)).not.toHaveText('sim-2');
  await page.goBack();
  await expect(itemName(page)).toHaveText('sim-2');
});

test('viewers see maintenance, and editors begin it, by the page and by the proxy behind it', async ({
  page,
  host,
}, info) => {
  const [disk] = (await itemsOf(host, 'disk')).slice(-1);
  const title = `Disk is exchanged for ${info.project.name}`;
  const path = `inventory?item=${disk?.id}`;
  await host.open(path, { role: 'Viewer' });
  await expect(page.getByTestId('maintenance-none')).toBeVisible();
  await expect(page.getByTestId('maintenance-start')).toHaveCount(0);
  const body = { title, scope: { items: [disk?.id] }, duration: '1h' };
  const refused = await host.ask('cmdb/api/v1/maintenance', { role: 'Viewer', method: 'POST', body });
  expect(refused.status()).toBe(403);
  await host.open(path, { role: 'Editor' });
  await page.getByTestId('maintenance-start').click();
  await expect(page.getByRole('textbox', { name: 'What is done' })).toBeFocused();
  await page.getByRole('textbox', { name: 'What is done' }).fill(title);
  await shot(page, info, 'maintenance-form');
  await page.getByRole('button', { name: 'Announce' }).click();
  await expect(page.getByTestId('maintenance-begun')).toBeVisible();
  await expect(page.getByTestId('maintenance-list')).toContainText(title);
  await expect(page.getByTestId('maintenance-list')).toContainText('running');
});

test('a variable of a board with several values offers each, and one that stands for all offers the search', async ({
  page,
  host,
}) => {
  await host.open(panelLookingUp('$node', { 'var-node': '{sim-1,sim-2}' }));
  await page.getByTestId('choices').getByRole('button', { name: 'sim-2' }).click();
  await expect(itemName(page)).toHaveText('sim-2');
  await host.open(panelLookingUp('$node', { 'var-node': '$__all' }));
  await expect(page.getByText('What are you looking for?')).toBeVisible();
});

test('a node in a table of a board leads to its item', { tag: '@full' }, async ({ page, host }) => {
  await host.open('/d/fleetlens-gpu-fleet?var-node=sim-1');
  await page.getByRole('button', { name: /GPUs of the node in detail/ }).click();
  const panel = page
    .locator('section', { has: page.getByRole('heading', { name: 'Which boards are these?' }) })
    .first();
  await panel.scrollIntoViewIfNeeded();
  await settled(page);
  await panel.getByRole('link', { name: 'sim-1', exact: true }).first().click();
  await expect(page).toHaveURL(/\/inventory\?.*item=\d+/);
  await expect(itemName(page)).toHaveText('sim-1');
});

const html = '<!doctype html><html><body><h1>Sign in</h1></body></html>';
const failures: readonly {
  readonly name: string;
  readonly says: RegExp;
  readonly answer: Parameters<Route['fulfill']>[0];
}[] = [
  {
    name: '500',
    says: /The inventory failed.*Its log says why/s,
    answer: { status: 500, json: { error: { code: 'internal', message: 'the disk is full' } } },
  },
  {
    name: 'html',
    says: /Something else than The inventory answers/,
    answer: { status: 200, contentType: 'text/html', body: html },
  },
  { name: '401', says: /You are not signed in/, answer: { status: 401, json: { message: 'Unauthorized' } } },
  {
    name: '403',
    says: /not open to your role.*Ask an administrator/s,
    answer: { status: 403, json: { message: 'plugin proxy route access denied' } },
  },
  {
    name: 'down',
    says: /does not answer.*address is wrong/s,
    answer: { status: 502, json: { message: 'connection refused' } },
  },
];

test(
  'what the inventory does wrong is told with what to do, and asked again',
  { tag: '@full' },
  async ({ page, host }, info) => {
    host.allow(/plugin-proxy/);
    for (const { name, says, answer } of failures) {
      await page.route(/\/plugin-proxy\/[^/]+\/cmdb\//, (route) => route.fulfill(answer));
      await host.open(panelLookingUp('sim-1'));
      await expect(page.getByTestId('service-problem')).toHaveText(says);
      await shot(page, info, `failure-${name}`);
      await page.unrouteAll();
      await page.getByRole('button', { name: 'Ask again' }).click();
      await expect(itemName(page)).toHaveText('sim-1');
    }
  },
);

test('while the inventory is slow the panel says that it asks', { tag: '@full' }, async ({ page, host }, info) => {
  await page.route(/\/plugin-proxy\//, () => {});
  await host.open(panelLookingUp('sim-1'));
  await expect(page.getByText('Asking the inventory …')).toBeVisible();
  await shot(page, info, 'loading');
});

test('markup in each name is text, on a narrow screen too', { tag: '@full' }, async ({ page, host }, info) => {
  const name = '<img src=x onerror="document.body.dataset.hostError=1">_and_a_name_that_is_far_too_long_for_any_column';
  await answerWithOneItem(page, { name });
  await page.setViewportSize({ width: 390, height: 844 });
  await host.open('inventory?item=1');
  await expectWhole(page);
  await expect(itemName(page)).toHaveText(name);
  for (const part of [
    'item-place',
    'alerts',
    'impact-tenants',
    'impact-list',
    'relations',
    'facts',
    'maintenance-list',
    'rack',
    'change-list',
  ])
    await expect(page.getByTestId(part)).toContainText('<img src=x');
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await expectFits(page);
  await shot(page, info, 'hostile-390', true);
  await search(page).fill('x');
  await expect(page.getByRole('option').first()).toContainText('<img src=x');
  await expectFits(page);
});

test(
  'an item with which ten thousand others break lists a hundred, and more when asked',
  { tag: '@full' },
  async ({ page, host }, info) => {
    await answerWithOneItem(page, { name: 'spine-1', affected: 10_000 });
    await host.open(panelLookingUp('spine-1'));
    await expect(page.getByTestId('impact-sum')).toContainText('10000 other items would be down');
    const rows = page.getByTestId('impact-list').locator('li');
    await expect(rows).toHaveCount(100);
    await page.getByTestId('impact-more').click();
    await expect(rows).toHaveCount(200);
    await shot(page, info, 'huge');
  },
);
