import type { Browser } from '@playwright/test';
import { type Row, row } from '../bench.ts';
import {
  addressOf,
  blankAddress,
  failurePanel,
  grafanaTable,
  lookupPanel,
  openPage,
  type Shown,
  type Stage,
} from './stage.ts';

const rounds = 5;

interface Paint {
  readonly paintMs: number;
  readonly cpuMs: number;
}

/** From the click that leads to a panel until it shows data: its module, its questions, their answers and drawing. */
export async function firstPaintRows(
  browser: Browser,
  { stage, gpus }: { readonly stage: Stage; readonly gpus: number },
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  progress(`first paint at ${gpus.toLocaleString('en')} GPUs, ${rounds} rounds`);
  return paintsOf(browser, stage, gpus);
}

/** Panel by panel in turn, so that a busy neighbour of this machine meets all. */
async function paintsOf(browser: Browser, stage: Stage, gpus: number): Promise<readonly Row[]> {
  const failure: Paint[] = [];
  const table: Paint[] = [];
  const lookup: Paint[] = [];
  for (let round = 0; round < rounds; round += 1) {
    failure.push(await paint(browser, stage, failurePanel('both')));
    table.push(await paint(browser, stage, grafanaTable));
    lookup.push(await paint(browser, stage, lookupPanel('node-0')));
  }
  const figure = (name: string, part: keyof Paint, ours: readonly Paint[], theirs?: readonly Paint[]): Row =>
    row({
      bench: 'grafana-app',
      name: `${gpus.toLocaleString('en')} GPUs, ${name}`,
      unit: 'ms',
      runs: ours.map((each) => each[part]),
      ...(theirs === undefined ? {} : { baselineRuns: theirs.map((each) => each[part]) }),
    });
  return [
    figure("failure prediction, first paint, against Grafana's table", 'paintMs', failure, table),
    figure("failure prediction, CPU time, against Grafana's table", 'cpuMs', failure, table),
    figure('CMDB lookup, first paint', 'paintMs', lookup),
    figure('CMDB lookup, CPU time until all is there', 'cpuMs', lookup),
  ];
}

async function paint(browser: Browser, { url }: Stage, shown: Shown): Promise<Paint> {
  const { page, cpuMs, close } = await openPage(browser, `${url}${blankAddress}`);
  try {
    const before = await cpuMs();
    const call = `bench.paintAfter(${JSON.stringify(addressOf(shown))}, ${JSON.stringify(shown.painted)})`;
    const paintMs = await page.evaluate<number>(call);
    await page.evaluate('bench.quiet()');
    return { paintMs, cpuMs: (await cpuMs()) - before };
  } finally {
    await close();
  }
}
