import type { Page } from '@playwright/test';
import { expect, test } from './host.ts';

/**
 * The board of the documents that came before this project, panel by panel: the same queries, letter by letter, on `fleetlens up`, which records
 * the old names (`--rules.compat`). The page of one panel shows each as Grafana's panel would.
 */
const panels = [
  { panel: 'timeseries', expr: 'training_loss', legendFormat: 'epoch {{epoch}} batch {{batch}}', range: true },
  { panel: 'timeseries', expr: 'gpu_utilization_percent', legendFormat: 'GPU {{gpu_id}}', range: true },
  { panel: 'stat', expr: 'training_accuracy', instant: true },
  { panel: 'timeseries', expr: 'gpu_temperature_celsius', legendFormat: 'GPU {{gpu_id}}', range: true },
  { panel: 'heatmap', expr: 'rate(inference_request_duration_seconds_bucket[5m])', format: 'heatmap', range: true },
] as const;

test('each panel of the old board has data', async ({ page, host }) => {
  await host.open('/panel/text');
  for (const { panel, ...query } of panels) {
    // A run reports nothing before its first steps are done.
    await expect
      .poll(() => seriesOf(page, query.expr), { message: `series of ${query.expr}`, timeout: 50_000 })
      .toBeGreaterThan(0);
    const queries = encodeURIComponent(JSON.stringify([{ refId: 'A', ...query }]));
    await follow(page, `/panel/${panel}?from=now-5m&queries=${queries}`);
    await expect(page.getByRole('heading', { name: panel })).toBeVisible();
    await expect(panel === 'stat' ? page.getByText(/^0\.\d+$/) : page.locator('main canvas').first()).toBeVisible();
    await expect(page.getByTestId('panel-data-error')).toHaveCount(0);
  }
  expect(host.queries.filter((query) => query !== '')).toEqual(panels.map(({ expr }) => expr));
});

function seriesOf(page: Page, expr: string): Promise<number> {
  const url = `api/prom/api/v1/query?${new URLSearchParams({ query: expr })}`;
  return page.evaluate<number>(
    `fetch('${url}').then((answer) => answer.json()).then(({ data }) => data.result.length)`,
  );
}

/** As a link of the page does. */
function follow(page: Page, address: string): Promise<void> {
  return page.evaluate(
    `{ const link = document.createElement('a'); link.href = '${address}'; document.body.append(link); link.click(); }`,
  );
}
