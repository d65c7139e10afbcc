import { expect, shot, test } from './host.ts';

const path = '/plugins/fleetlens-gpucluster-app';
const services = ['cmdb', 'billing', 'prediction', 'alertmanager'];

test('each connection is tested, and what is wrong or half filled is said before it is saved', async ({
  page,
  host,
}, info) => {
  await host.open(path);
  for (const service of services) {
    await page.getByTestId(`test-${service}`).click();
    await expect(page.getByTestId(`test-result-${service}`)).toContainText(/answers/);
  }
  await page.getByTestId('test-prometheus').click();
  await expect(page.getByTestId('prometheus-findings').getByRole('listitem').first()).toBeVisible();
  await shot(page, info, 'well');

  const inventory = page.getByTestId('connection-cmdb');
  const address = inventory.getByRole('textbox', { name: 'Address' });
  const save = page.getByTestId('save-connections');
  for (const [typed, says] of [
    ['inventory:9412 ', /http:\/\//],
    ['http://user:secret@inventory:9412', /no user and no password/],
    ['http://inventory:9412/api/v1', /Leave out/],
  ] as const) {
    await address.fill(typed);
    await expect(inventory.getByRole('alert')).toContainText(says);
    await expect(save).toBeDisabled();
  }
  await address.fill('');
  await inventory.getByLabel('Token for viewers').fill('abc');
  await expect(inventory.getByRole('alert')).toContainText('There is a token, and no address that it is for.');
  await expect(save).toBeDisabled();
  await expect(page.getByTestId('test-cmdb')).toBeDisabled();
  await shot(page, info, 'half-filled');
});

test(
  'a failed test says what to do; saving that Grafana refuses says why; viewers are sent to an administrator',
  { tag: '@full' },
  async ({ page, host }, info) => {
    host.allow(/plugin-proxy|\/settings/);
    await host.open(path);
    const inventory = page.getByTestId('connection-cmdb');
    for (const [answer, says] of [
      [
        { status: 502, json: { message: 'connect ECONNREFUSED' } },
        /does not answer.*its address is wrong.*ECONNREFUSED/s,
      ],
      [
        { status: 401, json: { error: { code: 'unauthorized', message: 'the token is not known' } } },
        /refuses the token.*tokens file/s,
      ],
      [
        { status: 200, contentType: 'text/html', body: '<h1>Sign in</h1>' },
        /Something else than The inventory answers.*login page/s,
      ],
    ] as const) {
      await page.route(/\/cmdb\/api\/v1\/sources/, (route) => route.fulfill(answer));
      await page.getByTestId('test-cmdb').click();
      await expect(page.getByTestId('test-result-cmdb')).toHaveText(says);
      await page.unrouteAll();
    }
    await shot(page, info, 'failed');
    await inventory.getByRole('textbox', { name: 'Address' }).fill('http://elsewhere:9412');
    await page.getByTestId('save-connections').click();
    await expect(page.getByText('its connections are options of fleetlens preview')).toBeVisible();
    await host.open(path, { role: 'Editor' });
    await expect(page.getByTestId('admins-only')).toBeVisible();
    await expect(page.getByTestId('save-connections')).toHaveCount(0);
  },
);
