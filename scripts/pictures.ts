import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { startStack } from '../test/browser/stack.ts';
import { pluginSource } from '../test/support/grafana-app.ts';
import { tool } from '../test/support/tools.ts';

/**
 * Takes the pictures of README and guides from the simulated cluster: npx tsx scripts/pictures.ts [--at URL] [name …]
 * It starts a cluster and lets it run for a quarter of an hour, so that curves have something to show, then another with two months of past for
 * bills and forecasts. `--at` is the page of one that runs, such as http://127.0.0.1:9430 after `npm start`; name the pictures that suit it.
 * Those that the app's plugin.json names as screenshots go into the app as well, where Grafana and its catalogue show them.
 * Chromium and the programs of the stack must be there, as after npm test.
 */
const folder = join(import.meta.dirname, '..', 'docs', 'pictures');
const app = '/a/fleetlens-gpucluster-app';
const appImages = join(import.meta.dirname, '..', 'grafana-plugin', 'src', 'img', 'screenshots');
const shownInCatalogue: ReadonlySet<string> = new Set(
  pluginSource.info.screenshots.map(({ path }) => basename(path, '.png')),
);

const lately = 'from=now-30m';
const minutesToRun = 15;

interface Picture {
  readonly name: string;
  readonly path: string;
  /** Of a cluster that has a past. */
  readonly past?: true;
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
}

const pictures: readonly Picture[] = [
  { name: 'fleet', path: `${app}/fleet?${lately}` },
  { name: 'training', path: `${app}/training?${lately}`, height: 960 },
  { name: 'serving', path: `${app}/serving?${lately}`, theme: 'light', height: 960 },
  { name: 'inventory', path: `${app}/inventory?q=sim-1`, past: true, theme: 'light', height: 1100 },
  { name: 'cost', path: `${app}/cost?var-tenant=team-a&${lately}`, past: true, height: 1000 },
  { name: 'risk', path: `${app}/risk`, past: true },
  {
    name: 'risk-gpu',
    path: `${app}/risk?gpu=GPU-493ee4b1-fe4c-9f47-5984-4c7a796447ad&${lately}`,
    past: true,
    theme: 'light',
    height: 1100,
  },
  { name: 'alerts', path: `${app}/alerts` },
  { name: 'board-gpu-fleet', path: `/d/fleetlens-gpu-fleet?${lately}`, theme: 'light', height: 1100 },
  { name: 'fleet-narrow', path: `${app}/fleet?${lately}`, width: 390, height: 844 },
];

const { values, positionals: wanted } = parseArgs({ options: { at: { type: 'string' } }, allowPositionals: true });
const chosen = pictures.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
for (const each of [folder, appImages]) mkdirSync(each, { recursive: true });
if (values.at === undefined) {
  await takeOfNewCluster(chosen.filter(({ past }) => past === undefined));
  await takeOfNewCluster(chosen.filter(({ past }) => past === true));
} else await take(values.at, chosen);

async function takeOfNewCluster(of: readonly Picture[]): Promise<void> {
  if (of.length === 0) return;
  const { urls, stop } = await startStack(of[0]?.past === true ? ['--history=60d'] : []);
  try {
    for (let minute = 0; minute < minutesToRun; minute += 1) {
      console.error(`The cluster has run for ${minute} of ${minutesToRun} minutes.`);
      await setTimeout(60_000);
    }
    await take(urls.g13, of);
  } finally {
    await stop();
  }
}

async function take(base: string, of: readonly Picture[]): Promise<void> {
  const browser = await chromium.launch({ executablePath: tool('chromium'), args: ['--no-sandbox', '--disable-gpu'] });
  for (const picture of of) {
    const { name, width = 1280, height = 800 } = picture;
    const page = await browser.newPage({ viewport: { width, height } });
    await show(page, base, picture);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    if (shownInCatalogue.has(name)) await pictureForCatalogue(page, join(appImages, `${name}.png`), { width, height });
    await page.close();
    console.log(`docs/pictures/${name}.png`);
  }
  await browser.close();
}

/** Waits until what is in view has its data; the page asks again every minute, so there is never an end to all requests. */
async function show(page: Page, base: string, { path, theme = 'dark' }: Picture): Promise<void> {
  const url = new URL(path, base);
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
