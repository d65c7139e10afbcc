import type { Browser, Page } from '@playwright/test';
import { quantile, type Row, row } from '../bench.ts';
import { addressOf, type BenchPage, failurePanel, grafanaTable, openPage, type Shown, type Stage } from './stage.ts';

const rounds = 3;
const framesOfRound = 120;
const stepPixels = 400;

interface Motion {
  readonly name: string;
  readonly scroller: string;
  readonly shown: Shown;
}

const table: Motion = {
  name: 'risk table',
  scroller: '[data-testid="failure-table-body"]',
  shown: failurePanel('table'),
};
const heatMap: Motion = {
  name: 'heat map',
  scroller: '[data-testid="failure-heatmap"]',
  shown: failurePanel('heatmap'),
};
const rival: Motion = { name: "Grafana's table", scroller: '[role="grid"]', shown: grafanaTable };

/** What a round showed. */
interface Moved {
  readonly p50: number;
  readonly p95: number;
  readonly cpuMs: number;
}

/** How even frames are while somebody scrolls or points at a fleet of 10,000 GPUs, and what a frame costs. */
export async function frameRows(
  browser: Browser,
  { url }: Stage,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  progress(`scrolling and pointing at 10,000 GPUs, ${rounds} rounds of ${framesOfRound} frames`);
  const found = new Map<string, Moved[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const motion of [table, heatMap, rival]) {
      const opened = await openPage(browser, `${url}${addressOf(motion.shown)}`);
      await opened.page.waitForSelector(motion.shown.painted);
      push(found, `${motion.name}, scrolling`, await scrolled(opened, motion));
      push(found, `${motion.name}, pointing`, await pointed(opened, motion));
      await opened.close();
    }
  }
  return rowsOf(found);
}

async function scrolled({ page, cpuMs }: BenchPage, { scroller }: Motion): Promise<Moved> {
  const before = await cpuMs();
  const gaps = await page.evaluate<number[]>(
    `bench.scroll(${JSON.stringify(scroller)}, ${stepPixels}, ${framesOfRound})`,
  );
  return movedOf(gaps, (await cpuMs()) - before);
}

/** The pointer goes over the panel in a zigzag. */
async function pointed({ page, cpuMs }: BenchPage, { scroller }: Motion): Promise<Moved> {
  const box = await page.locator(scroller).boundingBox();
  if (box === null) throw new Error(`${scroller} is not on the screen`);
  const before = await cpuMs();
  await page.evaluate('void bench.recordFrames()');
  for (let step = 0; step < framesOfRound; step += 1) await moveTo(page, box, step / framesOfRound);
  const gaps = await page.evaluate<number[]>('bench.stopFrames()');
  return movedOf(gaps, (await cpuMs()) - before);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function moveTo(page: Page, { x, y, width, height }: Box, share: number): Promise<void> {
  const across = Math.abs(((share * 8) % 2) - 1);
  await page.mouse.move(x + 10 + across * (width - 30), y + 40 + share * (height - 60));
}

function movedOf(gaps: readonly number[], cpuMs: number): Moved {
  return { p50: quantile(gaps, 0.5), p95: quantile(gaps, 0.95), cpuMs: cpuMs / framesOfRound };
}

function push(found: Map<string, Moved[]>, name: string, moved: Moved): void {
  found.set(name, [...(found.get(name) ?? []), moved]);
}

function rowsOf(found: ReadonlyMap<string, readonly Moved[]>): readonly Row[] {
  const parts = { p50: 'frame p50', p95: 'frame p95', cpuMs: 'CPU time of a step' } as const;
  return ['scrolling', 'pointing'].flatMap((motion) =>
    [table.name, heatMap.name].flatMap((name) =>
      (['p50', 'p95', 'cpuMs'] as const).map((part) =>
        row({
          bench: 'grafana-app',
          name: `${name}, ${motion}, ${parts[part]}, against Grafana's table`,
          unit: 'ms',
          runs: (found.get(`${name}, ${motion}`) ?? []).map((each) => each[part]),
          baselineRuns: (found.get(`${rival.name}, ${motion}`) ?? []).map((each) => each[part]),
        }),
      ),
    ),
  );
}
