import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { closeLastMonth, lastMonth } from './billing.ts';
import { accessibilityProblems, expect, expectFits, settled, shot, test } from './host.ts';

const money = /\d[\d,]*\.\d\d/;

async function downloaded(page: Page, format: string): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([
    page.waitForEvent('download', { timeout: 20_000 }),
    page.getByTestId(`download-${format}`).click(),
  ]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'latin1') };
}

test('a tenant sees what it owes, its budget and quotas, and opens the bill of last month, which is a file too', async ({
  page,
  host,
}, info) => {
  await host.open('cost');
  await page.getByTestId('tenants').getByRole('button', { name: 'team-a' }).click();
  await expect(page).toHaveURL(/var-tenant=team-a/);
  await expect(page.getByTestId('tenant-figures')).toContainText(money);
  await expect(page.getByTestId('budgets')).toContainText(/\d+ ?%/);
  await expect(page.getByTestId('bills').getByRole('row').nth(1)).toContainText(money);
  await expect(page.getByText('No bill was closed yet')).toBeVisible();
  await settled(page);
  await shot(page, info, 'tenant');

  await page.getByTestId('last-bill').click();
  await expect(page.getByTestId('bill-sum')).toContainText(money);
  await expect(page.getByText('What keeps this bill open')).toBeVisible();
  const csv = await downloaded(page, 'csv');
  expect(csv.name).toBe(`bill-team-a-${lastMonth()}-draft.csv`);
  expect(csv.text).toMatch(/^bill,state,corrects,tenant,/);
  const sum = (await page.getByTestId('bill-total').textContent())?.replaceAll(/[^\d.]/g, '');
  expect(csv.text).toContain(`,${sum},EUR`);
});

test('a closed bill of last month is one click from the tenant, explains its lines and is there in each form', async ({
  page,
  host,
}, info) => {
  const { number } = await closeLastMonth(page, host, 'team-a');
  await host.open('cost?var-tenant=team-a', { role: 'Editor' });
  await expect(page.getByTestId('last-bill')).toContainText(/Last month's bill: .*\d/);
  await page.getByTestId('last-bill').click();
  await expect(page.getByRole('heading', { level: 1, name: number })).toBeVisible();
  await expect(page.getByTestId('bill-sum')).toContainText(money);
  await page
    .getByRole('button', { name: /^Explain / })
    .first()
    .click();
  await expect(page.getByTestId('explanation').locator('li').first()).toContainText(/\d/);
  // Colours of what the pointer is on are Grafana's own.
  await page.mouse.move(0, 0);
  expect(await accessibilityProblems(page)).toEqual([]);
  await shot(page, info, 'bill');
  for (const [format, begins] of [
    ['json', /^\{/],
    ['html', /^<!doctype html>/i],
  ] as const) {
    const { name, text } = await downloaded(page, format);
    expect(name).toBe(`bill-${number}.${format}`);
    expect(text).toMatch(begins);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await shot(page, info, 'bill-390');
});

test('what is no quota, no budget and no cost is said', { tag: '@full' }, async ({ page, host }, info) => {
  host.allow(/tenant=nobody/);
  await host.open('cost?var-tenant=nobody');
  await expect(page.getByText('Prometheus knows no costs of this tenant')).toBeVisible();
  await expect(page.getByText('This tenant has no budget')).toBeVisible();
  await expect(page.getByText('No quota of this tenant is read')).toBeVisible();
  await shot(page, info, 'unknown-tenant');
  await host.open('cost?var-tenant=research');
  await expect(page.getByTestId('quotas')).toContainText('requests.nvidia.com/gpu');
});

test('a bill of ten thousand lines and of markup stays usable', { tag: '@full' }, async ({ page, host }, info) => {
  const line = (index: number) => ({
    id: String(index),
    kind: 'usage',
    description: `<b onclick=x>GPU time</b> ${index}`,
    quantity: '1.000000000000000000000000000001',
    unit: 'GPU hour',
    amount: '1.00',
    steps: [],
  });
  await page.route(/\/billing\/api\/v1\/bills\/HUGE/, async (route) => {
    if (route.request().url().includes('/corrections')) return route.fulfill({ json: { corrections: [] } });
    const bill = {
      number: 'HUGE',
      state: 'closed',
      tenant: '<i>tenant</i>',
      currency: 'EUR',
      period: { from: '2026-09-30T22:00:00Z', to: '2026-10-31T23:00:00Z' },
      total: '10000.00',
      created_at: '2026-11-01T00:00:00Z',
      lines: Array.from({ length: 10_000 }, (_, index) => line(index)),
    };
    return route.fulfill({ json: bill });
  });
  await host.open('cost/bill/HUGE');
  await expect(page.getByText('<b onclick=x>GPU time</b> 0')).toBeVisible();
  await expect(page.getByText('<i>tenant</i>').first()).toBeVisible();
  await expect(page.getByTestId('bill-lines').getByRole('row')).toHaveCount(202);
  await page.getByTestId('more-lines').click();
  await expect(page.getByTestId('bill-lines').getByRole('row')).toHaveCount(402);
  await shot(page, info, 'huge-bill');
});
