import { lastMonth } from './billing.ts';
import { expect, settled, shot, test } from './host.ts';

test('from the start page the hottest GPU, its tenant, rack, risk and bill are one click away each', async ({
  page,
  host,
}) => {
  await host.open('/');
  await settled(page);
  const gpu = page.getByTestId('fact-gpu').first();
  await expect(gpu).toContainText(/GPU \d+/);
  await expect(page.getByTestId('fact-temperature').first()).toContainText('°C');
  await expect(page.getByTestId('fact-rack').first()).toContainText('sim-rack-');
  for (const [fact, address] of [
    ['fact-gpu', /\/fleet\/gpu\//],
    ['fact-risk', /\/risk\?.*gpu=GPU-/],
    ['fact-bill', /\/cost/],
  ] as const) {
    await page.getByTestId(fact).first().getByRole('link').first().click();
    await expect(page).toHaveURL(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goBack();
    await expect(page.getByTestId('fact-gpu').first()).toBeVisible();
  }
});

test('from the start page the bill of last month of the tenant with the hottest GPU is two clicks away', async ({
  page,
  host,
}, info) => {
  await host.open('/');
  const bill = page.getByTestId('fact-bill').first().getByRole('link').first();
  const tenant = (await bill.textContent())?.replace('Bills of ', '');
  await bill.click();
  await expect(page.getByRole('heading', { level: 2, name: tenant ?? '' })).toBeVisible();
  await page.getByTestId('last-bill').click();
  await expect(page.getByTestId('bill-sum')).toContainText(/\d/);
  await expect(page.getByTestId('bill')).toContainText(`(${tenant})`);
  await expect(page.getByTestId('bill')).toContainText(lastMonth());
  await shot(page, info, 'bill');
});

test('time range and cluster go along from page to page', async ({ page, host }) => {
  await host.open('fleet?from=now-6h&var-cluster=simulated');
  await settled(page);
  await page.getByTestId('cell').first().click();
  await expect(page).toHaveURL(/\/fleet\/node\//);
  expect(page.url()).toContain('from=now-6h');
});

test('viewers are told why they cannot see bills or make silences', async ({ page, host }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await host.open('cost?var-tenant=team-a', { role: 'Viewer' });
  await expect(page.getByTestId('bills-for-editors')).toBeVisible();
  expect(asked.filter((url) => url.includes('/billing/'))).toEqual([]);
  await host.open('alerts/silences', { role: 'Viewer' });
  await expect(page.getByText('You may look at silences')).toBeVisible();
  await expect(page.getByRole('button', { name: 'New silence' })).toHaveCount(0);
});

test('the app speaks Chinese to whoever has chosen it', async ({ page, host }) => {
  await host.open('fleet', { lang: 'zh-Hans' });
  await expect(page.getByText('在线 GPU').first()).toBeVisible();
  await host.open('risk', { lang: 'zh-Hans' });
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/[一-鿿]/);
});
