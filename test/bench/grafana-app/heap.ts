import type { Browser } from '@playwright/test';
import { type Row, row } from '../bench.ts';
import {
  addressOf,
  type BenchPage,
  failurePanel,
  grafanaTable,
  lookupPanel,
  openPage,
  type Shown,
  type Stage,
} from './stage.ts';

const [few, many] = [10, 100];
const mebibyte = 1024 * 1024;

interface Heap {
  readonly afterFew: number;
  readonly afterMany: number;
}

/** What is still held after many refreshes, once all garbage is collected: a panel on the wall of a control room runs for months. */
export async function heapRows(
  browser: Browser,
  stage: Stage,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  progress(`${many} refreshes of each panel at 10,000 GPUs`);
  const failure = await refreshed(browser, stage, failurePanel('both'));
  const table = await refreshed(browser, stage, grafanaTable);
  const lookup = await refreshed(browser, stage, lookupPanel('node-0'));
  return [
    figure("failure prediction, JS heap after 10 refreshes, against Grafana's table", failure.afterFew, table.afterFew),
    figure('failure prediction, growth by 90 more', failure.afterMany - failure.afterFew),
    figure("Grafana's table, growth by 90 more", table.afterMany - table.afterFew),
    figure('CMDB lookup, JS heap after 10 refreshes', lookup.afterFew),
    figure('CMDB lookup, growth by 90 more', lookup.afterMany - lookup.afterFew),
  ];
}

/** The page around the panel: variables, time range and the boards below it. */
export async function pageHeapRows(
  browser: Browser,
  { url }: Stage,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  progress(`${many} refreshes of the page Failure risk at 100 GPUs`);
  const opened = await openPage(browser, `${url}/a/fleetlens-gpucluster-app/risk`);
  const { afterFew, afterMany } = await heapOf(opened, async () => {
    await opened.page.click('[data-testid="data-testid RefreshPicker run button"]');
  });
  return [
    figure('page Failure risk, JS heap after 10 refreshes', afterFew),
    figure('page Failure risk, growth by 90 more', afterMany - afterFew),
  ];
}

async function refreshed(browser: Browser, { url }: Stage, shown: Shown): Promise<Heap> {
  const opened = await openPage(browser, `${url}${addressOf(shown)}`);
  await opened.page.waitForSelector(shown.painted);
  return heapOf(opened, async (turn) => {
    // Another address makes the page ask again, with the end of the time range as it is now; the panel stays.
    await opened.page.evaluate(`bench.follow(${JSON.stringify(`${addressOf(shown)}&turn=${turn}`)})`);
  });
}

async function heapOf({ page, heapBytes, close }: BenchPage, refresh: (turn: number) => Promise<void>): Promise<Heap> {
  try {
    let afterFew = 0;
    for (let turn = 1; turn <= many; turn += 1) {
      await refresh(turn);
      await page.evaluate('bench.quiet()');
      if (turn === few) afterFew = await heapBytes();
    }
    return { afterFew, afterMany: await heapBytes() };
  } finally {
    await close();
  }
}

function figure(name: string, bytes: number, baselineBytes?: number): Row {
  return row({
    bench: 'grafana-app',
    name,
    unit: 'MiB',
    runs: [bytes / mebibyte],
    ...(baselineBytes === undefined ? {} : { baselineRuns: [baselineBytes / mebibyte] }),
  });
}
