import { accessibilityProblems, expect, expectFits, settled, shot, test } from './host.ts';

test('an editor silences alerts in Alertmanager and ends it again; a viewer is refused', async ({
  page,
  host,
}, info) => {
  const comment = `Tried by ${info.project.name} at ${Date.now()}`;
  await host.open('alerts/silences', { role: 'Editor' });
  await page.getByRole('button', { name: 'New silence' }).click();
  const form = page.getByRole('dialog');
  await expect(form.getByRole('button', { name: 'Silence these alerts' })).toBeDisabled();
  await expect(form.getByRole('status')).toHaveText(/A label begins with a letter/);
  await form.getByRole('textbox', { name: 'Label' }).fill('node');
  await form.getByRole('textbox', { name: 'Value' }).fill('node-of-a-test');
  await expect(form.getByRole('status')).toHaveText('Say why, for those who wonder later.');
  await form.getByRole('textbox', { name: 'Why' }).fill(comment);
  await shot(page, info, 'silence-form');
  await form.getByRole('button', { name: 'Silence these alerts' }).click();
  const own = page.getByTestId('silence-table').getByRole('row', { name: comment });
  await expect(own).toContainText('in force');
  const { 0: silence } = (await (await host.ask('alertmanager/api/v2/silences')).json()).filter(
    (each: { readonly comment: string; readonly status: { readonly state: string } }) =>
      each.comment === comment && each.status.state === 'active',
  );
  expect(silence).toMatchObject({ matchers: [{ name: 'node', value: 'node-of-a-test' }], createdBy: 'preview' });

  const end = { role: 'Viewer', method: 'DELETE' } as const;
  expect((await host.ask(`alertmanager/api/v2/silence/${silence.id}`, end)).status()).toBe(403);
  const make = { role: 'Viewer', method: 'POST', body: silence } as const;
  expect((await host.ask('alertmanager/api/v2/silences', make)).status()).toBe(403);

  await own.getByRole('button', { name: 'End' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await expect(own).toContainText('expired');
  await expect(own.getByRole('button', { name: 'End' })).toHaveCount(0);
});

test('the report counts what fired, and says so where nothing has', { tag: '@full' }, async ({ page, host }, info) => {
  await host.open('alerts/report?from=now-1h');
  const report = page.getByTestId('alert-report');
  await expect(report.getByRole('heading', { name: 'By severity' })).toBeVisible();
  await settled(page);
  expect(await accessibilityProblems(page)).toEqual([]);
  await shot(page, info, 'report');
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await host.open('alerts/report?from=2020-01-01T00:00:00.000Z&to=2020-01-01T01:00:00.000Z');
  await expect(report.getByText('No alert fired or waited in this time.').first()).toBeVisible();
});

const hostile = '<img src=x onerror="document.body.dataset.hostError=1">';

test(
  'a thousand alerts with markup in their labels are grouped, filtered and shown as text',
  { tag: '@full' },
  async ({ page, host }, info) => {
    const alerts = Array.from({ length: 1000 }, (_, index) => ({
      fingerprint: String(index),
      labels: {
        alertname: `Alert${index % 40}`,
        severity: index % 3 === 0 ? 'critical' : hostile,
        node: `node-${index}`,
        team: hostile,
      },
      annotations: {
        summary: hostile,
        description: hostile,
        runbook_url: 'javascript:document.body.dataset.hostError=1',
      },
      startsAt: '2026-11-18T00:00:00Z',
      status: { state: 'active', silencedBy: [], inhibitedBy: [] },
    }));
    await page.route(/\/alertmanager\/api\/v2\/alerts/, (route) => route.fulfill({ json: alerts }));
    await host.open('alerts');
    await expect(page.getByTestId('alert-group').first()).toContainText(hostile);
    expect(await page.locator('img[src="x"], a[href^="javascript"]').count()).toBe(0);
    expect(await page.locator('*').count()).toBeLessThan(30_000);
    await page.getByRole('searchbox', { name: 'Search in alerts' }).fill('node-999');
    await expect(page.getByTestId('alert')).toHaveCount(1);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectFits(page);
    await shot(page, info, 'hostile-390');
  },
);
