import type { Page } from '@playwright/test';
import { accessibilityProblems, expect, test } from './host.ts';

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
