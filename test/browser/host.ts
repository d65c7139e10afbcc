import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { type APIResponse, test as base, expect, type Page, type TestInfo } from '@playwright/test';
import { pictures } from './pictures.ts';

export { expect };

export interface HostOptions {
  /** The libraries that the page is built on. */
  readonly grafana: 'g12' | 'g13';
}

export interface OpenOptions {
  readonly theme?: 'dark' | 'light';
  readonly role?: 'Viewer' | 'Editor' | 'Admin';
  readonly lang?: 'en-US' | 'zh-Hans';
}

export interface Request {
  readonly role?: 'Viewer' | 'Editor' | 'Admin';
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
}

export interface Host {
  /** Opens a page of the app by its path below the app, or one that begins with a slash, and waits until the host has started. */
  readonly open: (path: string, options?: OpenOptions) => Promise<void>;
  /** Asks a service as the page does, by the proxy of the app, such as `cmdb/api/v1/items`. */
  readonly ask: (path: string, request?: Request) => Promise<APIResponse>;
  /** Failed requests to such addresses, and errors with such words, are meant to be; every other complaint of the browser fails the test at its end. */
  readonly allow: (address: RegExp) => void;
  /** Queries that were sent to Prometheus so far. */
  readonly queries: string[];
}

const app = 'fleetlens-gpucluster-app';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const test = base.extend<HostOptions & { host: Host }, { tab: Page }>({
  grafana: ['g13', { option: true }],
  // One tab for all tests of a worker: only a tab that has run the page before has its nine megabytes of script in compiled form.
  tab: [
    async ({ browser }, use) => {
      const permissions = ['clipboard-read', 'clipboard-write'];
      const tab = await browser.newPage({ acceptDownloads: true, permissions });
      await use(tab);
      await tab.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ tab, viewport }, use) => {
    if (viewport !== null) await tab.setViewportSize(viewport);
    await use(tab);
    for (const event of ['pageerror', 'console', 'response', 'request']) await tab.removeAllListeners(event);
    await tab.unrouteAll({ behavior: 'ignoreErrors' });
    await tab.goto('about:blank');
  },
  host: async ({ page, grafana }, use) => {
    const url = process.env[`PREVIEW_${grafana.toUpperCase()}`];
    const allowed: RegExp[] = [];
    const complaints = watch(page, (address) => allowed.some((each) => each.test(address)));
    const queries: string[] = [];
    page.on('request', (request) => {
      if (/\/api\/prom\/api\/v1\/query/.test(request.url()))
        queries.push(new URLSearchParams(request.postData() ?? '').get('query') ?? '');
    });
    const open = async (path: string, options: OpenOptions = {}): Promise<void> => {
      const target = new URL(path.startsWith('/') ? path : `/a/${app}/${path}`, url);
      for (const [knob, value] of Object.entries({ theme: 'dark', role: 'Admin', lang: 'en-US', ...options }))
        target.searchParams.set(knob, value);
      await page.goto(target.href);
      await expect(page.locator('body')).toHaveAttribute('data-host-ready', 'true');
    };
    const ask = (path: string, { role = 'Viewer', method = 'GET', body }: Request = {}): Promise<APIResponse> =>
      page.request.fetch(new URL(`/api/plugin-proxy/${app}/${path}`, url).href, {
        method,
        headers: { 'X-Preview-Role': role },
        ...(body === undefined ? {} : { data: body }),
      });
    await use({ open, ask, queries, allow: (address) => allowed.push(address) });
    expect(complaints).toEqual([]);
    expect(await page.evaluate('document.body.dataset.hostError')).toBeUndefined();
  },
});

function watch(page: Page, isAllowed: (address: string) => boolean): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAllowed(`${message.location().url} ${message.text()}`))
      complaints.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !isAllowed(response.url()))
      complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}

/** Keeps a picture of what is in view, or of the full page, beside the results, for people to look at. */
export async function shot(page: Page, info: TestInfo, name: string, fullPage = false): Promise<void> {
  const file = `${basename(info.file, '.spec.ts')}-${name}-${info.project.name}.png`;
  await page.screenshot({ path: join(pictures, file.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')), fullPage });
}

/** Rules of WCAG 2.1 AA that the page breaks, with where; of all of them, or of those that are named. */
export async function accessibilityProblems(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  await page.evaluate(axe);
  const run = `axe.run('main', ${JSON.stringify({ runOnly: rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })})`;
  const { violations } = await page.evaluate<AxeResult>(run);
  return violations.flatMap(({ id, nodes }) => {
    const ours = nodes
      .map(({ html }) => html.slice(0, 200))
      .filter((html) => !grafanasOwn.some((own) => own.test(html)));
    return ours.length === 0 ? [] : [`${id}: ${ours.slice(0, 3).join(' | ')}`];
  });
}

/** What Grafana's own components break, whoever uses them. */
const grafanasOwn = [
  // The title of a row of a board has no level.
  /^<span class="[^"]*" role="heading">/,
  // Buttons that show an icon alone.
  /^<button [^>]*RefreshPicker/,
  /^<button [^>]*panel-header-item/,
  // The legend of a curve is called by what is selected.
  /LegendLabel/,
  // The figure of a stat has the colour of its level.
  /^<span( style="font-size: [\d.]+px;")?>/,
];

interface AxeResult {
  readonly violations: ReadonlyArray<{ readonly id: string; readonly nodes: ReadonlyArray<{ readonly html: string }> }>;
}

/** Panels out of view ask for nothing until they are scrolled to. */
const noBarInView = `[...document.querySelectorAll('[aria-label="Panel loading bar"]')]
  .every((bar) => { const { top, bottom } = bar.getBoundingClientRect(); return bottom <= 0 || top >= innerHeight; })`;

/** Panels that have not got their data yet show a bar; it is gone once all have. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(noBarInView, undefined, { timeout: 30_000 });
}

/** Nothing sticks out to the right, so that nobody has to scroll sideways. */
export async function expectFits(page: Page): Promise<void> {
  const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  await expect
    .poll(() => page.evaluate<number>(beyond), { message: 'pixels beyond the right edge' })
    .toBeLessThanOrEqual(0);
}
