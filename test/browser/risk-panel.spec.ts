import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, expectFits, shot, test } from './host.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'grafana-plugin', 'prediction');

const probability = 'max by (__name__, cluster, node, uuid, horizon) (prediction_failure_probability{uuid!=""})';

/** One panel on a made-up Prometheus that answers with these GPUs, whatever it is asked. */
async function answerWith(page: Page, gpus: readonly MadeUpGpu[]): Promise<string> {
  const result = gpus.flatMap(({ uuid, node, value }) =>
    ['1d', '7d', '30d'].map((horizon) => ({
      metric: { __name__: 'prediction_failure_probability', cluster: 'c', node, uuid, horizon },
      value: [1_795_000_000, value],
    })),
  );
  const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
  await page.route(/\/api\/prom\//, (route) => route.fulfill({ status: 200, contentType: 'application/json', body }));
  const queries = JSON.stringify([{ refId: 'A', expr: probability, instant: true, format: 'table' }]);
  return `/panel/fleetlens-failureprediction-panel?queries=${encodeURIComponent(queries)}&from=2026-11-18T00:00:00Z&to=2026-11-19T00:00:00Z`;
}

interface MadeUpGpu {
  readonly uuid: string;
  readonly node: string;
  readonly value: string;
}

const fleet = (count: number): readonly MadeUpGpu[] =>
  Array.from({ length: count }, (_, index) => ({
    uuid: `GPU-${String(index).padStart(8, '0')}`,
    node: `node-${Math.floor(index / 8)}`,
    value: String(0.0001 + ((index * 7919) % 9973) / 100_000),
  }));

test('ten thousand GPUs are a handful of rows in the page, also after scrolling to the last', async ({
  page,
  host,
}) => {
  host.allow(/plugin-proxy/);
  await page.route(/\/api\/plugin-proxy\//, (route) => route.fulfill({ status: 502, json: { message: 'refused' } }));
  await host.open(await answerWith(page, fleet(10_000)));
  const rows = page.getByTestId('failure-row');
  await expect(rows.first()).toBeVisible();
  expect(await rows.count()).toBeLessThan(100);
  await expect(page.getByTestId('failure-count')).toContainText('10,000');
  const before = await rows.first().textContent();
  await page.getByTestId('failure-table-body').hover();
  await page.mouse.wheel(0, 5000);
  await expect.poll(() => rows.first().textContent()).not.toBe(before);
  expect(await rows.count()).toBeLessThan(100);
});

test('markup in labels is text, and values that are no probability are told and not drawn', async ({ page, host }) => {
  host.allow(/plugin-proxy/);
  await page.route(/\/api\/plugin-proxy\//, (route) =>
    route.fulfill({ status: 403, json: { message: 'plugin proxy route access denied' } }),
  );
  const hostile = '<img src=x onerror="document.body.dataset.hostError=1">';
  await host.open(
    await answerWith(page, [
      { uuid: hostile, node: '<b>node</b>', value: '0.2' },
      { uuid: 'GPU-nan', node: 'node-1', value: 'NaN' },
      { uuid: 'GPU-two', node: 'node-1', value: '2' },
    ]),
  );
  await expect(page.getByText('<b>node</b>').first()).toBeVisible();
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await expect(page.getByTestId('failure-unusable')).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
});

/** Reasons, incidents and card as the service tells them of a learned model. */
async function answerAsLearned(page: Page): Promise<void> {
  const told = (name: string): unknown => JSON.parse(readFileSync(join(fixtures, name), 'utf8'));
  const at = new Date(Date.now() - 3_600_000).toISOString();
  await page.route(/\/prediction\/api\/v1\/risk\?/, async (route) => {
    const { risks, ...more } = await (await route.fetch()).json();
    const layer = { '24h': 'learned', '7d': 'learned', '30d': 'rate' };
    return route.fulfill({ json: { ...more, risks: risks.map((risk: object) => ({ ...risk, layer })) } });
  });
  await page.route(/\/prediction\/api\/v1\/risk\/GPU-/, (route) =>
    route.fulfill({ json: told('learned/explained.json') }),
  );
  await page.route(/\/prediction\/api\/v1\/card/, (route) => route.fulfill({ json: told('learned/card.json') }));
  await page.route(/\/prediction\/api\/v1\/incidents/, (route) =>
    route.fulfill({ json: { incidents: [{ uuid: 'GPU-1', node: 'sim-1', started: at, what: 'fell_off_the_bus' }] } }),
  );
}

test('arrow keys and Enter lead from the map and from the table to what is known of one GPU', async ({
  page,
  host,
}, info) => {
  // A stack that has just begun has a past of minutes.
  await host.open('risk?from=now-15m');
  const map = page.getByTestId('failure-heatmap');
  await map.focus();
  await page.keyboard.press('Home');
  const heard = page.getByTestId('failure-heatmap-live');
  await expect(heard).toContainText(/sim-1 GPU 0, rack sim-rack-1, [\d.]+ ?% within/);
  await page.keyboard.press('ArrowRight');
  await expect(heard).toContainText('sim-1 GPU 1');
  await page.keyboard.press('Enter');
  const detail = page.getByTestId('failure-detail');
  await expect(detail).toBeVisible();
  await expect(page).toHaveURL(/gpu=GPU-/);
  for (const horizon of ['24h', '7d', '30d']) {
    const figure = page.getByTestId(`failure-figure-${horizon}`);
    await expect(figure).toContainText(/\d ?%/);
    await expect(figure).toContainText(/Rank \d+ of 16/);
    await expect(page.getByTestId(`failure-layer-${horizon}`)).toHaveText('Prior only');
  }
  await expect(page.getByTestId('failure-why')).toContainText('Nothing sets this GPU apart');
  await expect(page.getByTestId('failure-card-prior')).toContainText('no failures of its own');
  await expect(page.getByTestId('failure-incidents')).toContainText('None is known.');
  await expect(page.getByTestId('failure-chart')).toBeVisible();
  await shot(page, info, 'prior');
  const ofMap = await page.getByTestId('failure-uuid').textContent();
  await page.getByTestId('failure-close').click();
  await expect(detail).toHaveCount(0);

  await page.getByTestId('failure-table').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  const third = await page.getByTestId('failure-row').nth(2).getAttribute('data-uuid');
  await expect(page.getByTestId('failure-uuid')).toHaveText(third ?? '');
  expect(third).not.toBe(ofMap);
});

test(
  'a learned model tells its reasons, incidents and card, and how sure it is',
  { tag: '@full' },
  async ({ page, host }, info) => {
    await answerAsLearned(page);
    await host.open('risk');
    await page.getByTestId('failure-row').first().click();
    await expect(page.getByTestId('failure-reason').first()).toBeVisible();
    await expect(page.getByTestId('failure-incidents')).toContainText('fell off the bus');
    await expect(page.getByTestId('failure-card')).toContainText(/Made 20\d\d-/);
    await expect(page.getByTestId('failure-bin')).toContainText('came true');
    await shot(page, info, 'learned');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectFits(page);
    await shot(page, info, 'learned-390');
  },
);

test(
  'without the prediction service the list, the map and the figures come from Prometheus alone',
  { tag: '@full' },
  async ({ page, host }, info) => {
    host.allow(/\/prediction\//);
    await page.route(/\/prediction\//, (route) =>
      route.fulfill({ status: 502, json: { message: 'connection refused' } }),
    );
    await host.open('risk');
    await expect(page.getByTestId('failure-count')).toContainText('16 GPUs');
    await expect(page.getByTestId('failure-service')).toContainText(
      /does not answer: reasons, incidents and the model card are missing/,
    );
    await page.getByTestId('failure-row').first().click();
    await expect(page.getByTestId('failure-figure-7d')).toContainText(/\d ?%/);
    await expect(page.getByTestId('failure-needs-service').first()).toBeVisible();
    await shot(page, info, 'prometheus-alone');
  },
);
