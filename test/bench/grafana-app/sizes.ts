import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from '@playwright/test';
import { appFolder } from '../../../cli/preview/app-files.ts';
import { type Row, row } from '../bench.ts';
import type { Stage } from './stage.ts';

const app = 'fleetlens-gpucluster-app';
const pages = ['fleet', 'training', 'serving', 'inventory', 'cost', 'risk', 'alerts'];
const panels = ['cmdblookup', 'failureprediction'];

/** What of the app goes over the wire: each entry by itself, and what a page brings when it is opened first. */
export async function sizeRows(
  browser: Browser,
  { url }: Stage,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  progress('sizes');
  const entries = ['module.js', ...panels.map((name) => `panels/${name}/module.js`)];
  const rows = entries.map((file) => figure(file, [file]));
  for (const page of pages)
    rows.push(figure(`page ${page}, opened first`, await filesOf(browser, `${url}/a/${app}/${page}`)));
  rows.push(figure('page of connections, opened first', await filesOf(browser, `${url}/plugins/${app}`)));
  const all = readdirSync(appFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  return [...rows, figure('all code', all)];
}

/** Scripts of the app and its panels that the page asks for, by their path in dist. */
async function filesOf(browser: Browser, url: string): Promise<readonly string[]> {
  const page = await browser.newPage();
  const files = new Set<string>();
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    const [, id = '', file = ''] = /^\/public\/plugins\/([^/]+)\/(.+\.js)$/.exec(path) ?? [];
    if (file !== '') files.add(id === app ? file : `panels/${id.split('-')[1]}/${file}`);
  });
  await page.goto(url);
  await page.waitForSelector('body[data-host-ready]');
  await page.waitForLoadState('networkidle');
  await page.close();
  return [...files];
}

function figure(name: string, files: readonly string[]): Row {
  const bytes = files.map((file) => gzipSync(readFileSync(join(appFolder, file))).length);
  const kibibytes = bytes.reduce((sum, each) => sum + each, 0) / 1024;
  return row({ bench: 'grafana-app', name: `${name}, gzip`, unit: 'KiB', runs: [kibibytes] });
}
