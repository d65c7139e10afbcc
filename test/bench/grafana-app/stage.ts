import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { appFolder, hostFolder, readBuiltApp } from '../../../cli/preview/app-files.ts';
import { startPreview } from '../../../cli/preview/start-preview.ts';
import { startFakeHttpServer } from '../../support/fake-http-server.ts';
import { tool } from '../../support/tools.ts';
import { type FleetSeries, fleetSeries, seriesNames } from './fleet-series.ts';

const inPage = readFileSync(join(import.meta.dirname, 'in-page.js'), 'utf8');
const ownPlugins = [
  ['bench-blank-panel', 'blank'],
  ['bench-grafanatable-panel', 'grafana-table'],
] as const;

/** A page that plays Grafana, on a made-up Prometheus and, if there is one, an inventory. */
export interface Stage {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export interface StageOptions {
  readonly gpus: number;
  readonly cmdbUrl?: string;
}

export async function startStage({ gpus, cmdbUrl }: StageOptions): Promise<Stage> {
  const fleet = fleetSeries(gpus);
  const prometheus = await startFakeHttpServer((response, { path, form }) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(prometheusAnswer(fleet, path, form));
  });
  const built = readBuiltApp(appFolder);
  if (built === undefined) throw new Error(`${appFolder} holds no built app; npm run build makes it`);
  const own = ownPlugins.map(([id, folder]) => [id, join(import.meta.dirname, 'plugins', folder)] as const);
  const preview = await startPreview({
    address: { host: '127.0.0.1', port: 0 },
    app: { ...built, plugins: new Map([...built.plugins, ...own]) },
    hostFolder,
    prometheusUrl: prometheus.url,
    settings: { jsonData: cmdbUrl === undefined ? {} : { cmdbUrl }, secureJsonData: {} },
  });
  return {
    url: preview.url,
    stop: async () => {
      await preview.stop();
      await prometheus.stop();
    },
  };
}

function prometheusAnswer(fleet: FleetSeries, path: string, form: URLSearchParams): string {
  if (/\/query(_range)?$/.test(path)) return fleet.answerTo(form.get('query') ?? '', path.endsWith('_range'));
  return JSON.stringify({ status: 'success', data: path.includes('/label/') ? ['bench'] : [] });
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: tool('chromium'), args: ['--no-sandbox', '--disable-gpu'] });
}

export interface BenchPage {
  readonly page: Page;
  /** Milliseconds of CPU that the main thread of the page has used so far. */
  readonly cpuMs: () => Promise<number>;
  /** Bytes of JavaScript objects that are left once all garbage is collected. */
  readonly heapBytes: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** A fresh page, at the address given, once all that it asked for at first has come. */
export async function openPage(browser: Browser, url: string): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(inPage);
  const devTools = await context.newCDPSession(page);
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(url);
  await page.waitForSelector('body[data-host-ready]');
  await page.waitForLoadState('networkidle');
  return {
    page,
    cpuMs: async () => (await metric(devTools, 'TaskDuration')) * 1000,
    heapBytes: async () => {
      // What a page has just shown is held for a moment longer than what it shows.
      await page.evaluate('bench.quiet(1000)');
      for (let times = 0; times < 2; times += 1) await devTools.send('HeapProfiler.collectGarbage');
      return metric(devTools, 'JSHeapUsedSize');
    },
    close: () => context.close(),
  };
}

async function metric(devTools: CDPSession, name: string): Promise<number> {
  const { metrics } = await devTools.send('Performance.getMetrics');
  const found = metrics.find((each) => each.name === name);
  if (found === undefined) throw new Error(`Chromium tells no ${name}`);
  return found.value;
}

export interface Shown {
  readonly panel: string;
  readonly queries: readonly object[];
  readonly options?: object;
  /** What is on the screen once the panel shows its data. */
  readonly painted: string;
}

const sevenDays = 'max by (__name__, cluster, node, uuid, horizon) (prediction_failure_probability{horizon="7d"})';

/** The panel of failure prediction with all that it can read, every GPU in its list. */
export function failurePanel(view: 'both' | 'table' | 'heatmap'): Shown {
  return {
    panel: 'fleetlens-failureprediction-panel',
    queries: seriesNames.map((expr) => ({ refId: expr, expr, instant: true, range: false, format: 'table' })),
    options: { view, rows: 10_000 },
    painted: view === 'heatmap' ? '[data-testid="failure-heatmap"]' : '[data-testid="failure-row"]',
  };
}

/** The same GPUs by the probability of a week, as a user would list them in a table. */
export const grafanaTable: Shown = {
  panel: 'bench-grafanatable-panel',
  queries: [{ refId: 'A', expr: sevenDays, instant: true, range: false, format: 'table' }],
  painted: '[role="gridcell"]',
};

export function lookupPanel(lookup: string): Shown {
  return {
    panel: 'fleetlens-cmdblookup-panel',
    queries: [],
    options: { lookup },
    painted: '[data-testid="item"][aria-busy="false"]',
  };
}

export const blankAddress = '/panel/bench-blank-panel';

export function addressOf({ panel, queries, options = {} }: Shown): string {
  const knobs = new URLSearchParams({ queries: JSON.stringify(queries), options: JSON.stringify(options) });
  return `/panel/${panel}?${knobs}`;
}
