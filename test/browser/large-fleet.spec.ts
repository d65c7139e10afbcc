import type { Page } from '@playwright/test';
import { expect, expectFits, settled, shot, test } from './host.ts';
import { answerAsFleet } from './made-up-prometheus.ts';

const pages = [
  'fleet',
  'fleet/hot-spots',
  'training',
  'serving',
  'inventory',
  'cost',
  'risk',
  'alerts',
  'alerts/report',
];

/** Grafana's words where a component has thrown. */
async function expectStands(page: Page): Promise<void> {
  await settled(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(/An unexpected error happened|could not start/)).toHaveCount(0);
}

test('ten thousand GPUs: the map has a cell for each node, and a click leads to the node', async ({
  page,
  host,
}, info) => {
  await answerAsFleet(page, { gpus: 10_000 });
  await host.open('fleet');
  await expectStands(page);
  await expect(page.getByTestId('fleet-map').getByTestId('cell')).toHaveCount(1250);
  expect(await page.locator('*').count()).toBeLessThan(15_000);
  await shot(page, info, 'fleet');
  await page.locator('a[title^="node-20:"]').click();
  await expect(page).toHaveURL(/\/fleet\/node\/node-20/);
  await expectStands(page);
});

for (const path of pages.slice(1)) {
  test(`ten thousand GPUs: ${path} stays within bounds`, { tag: '@full' }, async ({ page, host }, info) => {
    // The real forecast knows no GPU of a made-up fleet.
    host.allow(/\/prediction\//);
    await answerAsFleet(page, { gpus: 10_000 });
    await host.open(path);
    await expectStands(page);
    expect(await page.locator('*').count()).toBeLessThan(15_000);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectFits(page);
    await shot(page, info, path);
  });
}

/** What a program says where it knows no value; runs of training are told to have such a loss. */
const noValue = /(?<!Loss is )NaN(?! or infinite)|Infinity|undefined|\[object/;
/** Grafana's tables show a value as it is. */
const beyondTables = ':not(section[aria-label="Table"] *)';

const odd = {
  'values that are no numbers': { gpus: 16, value: () => 'NaN' },
  'infinite values': { gpus: 16, value: (index: number) => (index % 2 === 0 ? '+Inf' : '-Inf') },
  'labels that are called otherwise': {
    gpus: 16,
    renamed: {
      node: 'instance_name',
      uuid: 'gpu_uuid',
      rack: 'place',
      tenant: 'owner',
      horizon: 'range',
      severity: 'level',
    },
  },
};

for (const [what, fleet] of Object.entries(odd)) {
  test(`${what} leave each page standing`, { tag: '@full' }, async ({ page, host }, info) => {
    test.setTimeout(180_000);
    host.allow(/\/prediction\//);
    await answerAsFleet(page, fleet);
    for (const path of pages) {
      await host.open(path);
      await expectStands(page);
      await expect(page.getByText(noValue).and(page.locator(beyondTables))).toHaveCount(0);
      await shot(page, info, `${what} ${path}`);
    }
  });
}
