import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startStack } from '../test/browser/stack.ts';
import { pluginSource } from '../test/support/grafana-app.ts';
import { tool } from '../test/support/tools.ts';

/**
 * Takes the pictures of README and guides from the simulated cluster: npx tsx scripts/pictures.ts [name …]
 * Those that the app's plugin.json names as screenshots go into the app as well, where Grafana and its catalogue show them.
 * Chromium and the programs of the stack must be there, as after npm test.
 */
const folder = join(import.meta.dirname, '..', 'docs', 'pictures');
const app = '/a/fleetlens-gpucluster-app';
const appImages = join(import.meta.dirname, '..', 'grafana-plugin', 'src', 'img', 'screenshots');
const shownInCatalogue: ReadonlySet<string> = new Set(
  pluginSource.info.screenshots.map(({ path }) => basename(path, '.png')),
);

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
}

const pictures: readonly Picture[] = [
  { name: 'fleet', path: `${app}/fleet` },
  { name: 'training', path: `${app}/training` },
  { name: 'serving', path: `${app}/serving`, theme: 'light' },
  { name: 'inventory', path: `${app}/inventory?q=sim-1`, theme: 'light' },
  { name: 'cost', path: `${app}/cost?var-tenant=team-a` },
  { name: 'risk', path: `${app}/risk` },
  { name: 'alerts', path: `${app}/alerts` },
  { name: 'board-gpu-fleet', path: '/d/fleetlens-gpu-fleet', theme: 'light' },
  { name: 'fleet-narrow', path: `${app}/fleet`, width: 390, height: 844 },
];

const wanted = process.argv.slice(2);
const chosen = pictures.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const { urls, stop } = await startStack();
try {
  for (const each of [folder, appImages]) mkdirSync(each, { recursive: true });
  const browser = await chromium.launch({ executablePath: tool('chromium'), args: ['--no-sandbox', '--disable-gpu'] });
  for (const picture of chosen) {
    const { name, width = 1280, height = 800 } = picture;
    const page = await browser.newPage({ viewport: { width, height } });
    await show(page, picture);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    if (shownInCatalogue.has(name)) await pictureForCatalogue(page, join(appImages, `${name}.png`), { width, height });
    await page.close();
    console.log(`docs/pictures/${name}.png`);
  }
  await browser.close();
} finally {
  await stop();
}

/** Waits until what is in view has its data; the page asks again every minute, so there is never an end to all requests. */
async function show(page: Page, { path, theme = 'dark' }: Picture): Promise<void> {
  const url = new URL(path, urls.g13);
  url.searchParams.set('theme', theme);
  url.searchParams.set('lang', 'en-US');
  await page.goto(url.href);
  await page.waitForSelector('body[data-host-ready]');
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(2000);
}

/** Without the head of the preview, which Grafana does not have. */
async function pictureForCatalogue(
  page: Page,
  path: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<void> {
  const head = await page.locator('header').first().boundingBox();
  const y = Math.ceil(head?.height ?? 0);
  await page.screenshot({ path, clip: { x: 0, y, width, height: height - y } });
}
