import type { Browser } from '@playwright/test';
import { type Row, row } from '../bench.ts';
import { addressOf, failurePanel, grafanaTable, lookupPanel, openPage, type Shown, type Stage } from './stage.ts';

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

async function refreshed(browser: Browser, { url }: Stage, shown: Shown): Promise<Heap> {
  const { page, heapBytes, close } = await openPage(browser, `${url}${addressOf(shown)}`);
  try {
    await page.waitForSelector(shown.painted);
    let turn = 0;
    const refresh = async (count: number): Promise<void> => {
      for (const until = turn + count; turn < until; ) {
        turn += 1;
        // Another address makes the page ask again, with the end of the time range as it is now; the panel stays.
        await page.evaluate(`bench.follow(${JSON.stringify(`${addressOf(shown)}&turn=${turn}`)})`);
        await page.evaluate('bench.quiet()');
      }
    };
    await refresh(few);
    const afterFew = await heapBytes();
    await refresh(many - few);
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
