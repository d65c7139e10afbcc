import { accessibilityProblems, expect, expectFits, settled, shot, test } from './host.ts';

const pages = [
  { path: 'fleet', title: 'Fleet' },
  { path: 'training', title: 'Training runs' },
  { path: 'serving', title: 'LLM serving' },
  { path: 'inventory', title: 'Inventory' },
  { path: 'cost', title: 'Cost' },
  { path: 'risk', title: 'Failure risk' },
  { path: 'alerts', title: 'Alerts' },
  { path: '/plugins/fleetlens-gpucluster-app', title: 'FleetLens' },
];

for (const { path, title } of pages) {
  test(`${title}: on a wide and a narrow screen, dark and light, without a complaint of the browser`, async ({
    page,
    host,
    grafana,
  }, info) => {
    await host.open(path);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await settled(page);
    await expectFits(page);
    await shot(page, info, `${title} dark 1280`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    await expectFits(page);
    await shot(page, info, `${title} dark 390`);
    // The colours come from one theme object, which is the same in both.
    if (grafana === 'g12') return;
    await host.open(path, { theme: 'light' });
    await settled(page);
    await shot(page, info, `${title} light 390`);
    await page.setViewportSize({ width: 1280, height: 900 });
    await settled(page);
    await shot(page, info, `${title} light 1280`);
    expect(await accessibilityProblems(page, ['color-contrast'])).toEqual([]);
  });
}
