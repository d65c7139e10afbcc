import type { Bench, Row } from './bench.ts';
import { firstPaintRows } from './grafana-app/first-paint.ts';
import { frameRows } from './grafana-app/frames.ts';
import { heapRows, pageHeapRows } from './grafana-app/heap.ts';
import { startInventory } from './grafana-app/inventory.ts';
import { sizeRows } from './grafana-app/sizes.ts';
import { type Stage, startBrowser, startStage } from './grafana-app/stage.ts';

const most = 10_000;

export const grafanaApp: Bench = {
  name: 'grafana-app',
  about: `the Grafana app in Chromium: size of its modules, first paint, frames and memory of its panels, against the component of Grafana's own table with the same ${most.toLocaleString('en')} rows`,
  isLong: true,
  run: async (progress) => {
    const browser = await startBrowser();
    try {
      const rows: Row[] = [];
      for (const gpus of [1, 100, most]) {
        progress(`an inventory of ${gpus.toLocaleString('en')} GPUs`);
        await onStage(gpus, async (stage) => {
          rows.push(...(await firstPaintRows(browser, { stage, gpus }, progress)));
          if (gpus === 100) rows.push(...(await pageHeapRows(browser, stage, progress)));
          if (gpus !== most) return;
          rows.push(...(await frameRows(browser, stage, progress)));
          rows.push(...(await heapRows(browser, stage, progress)));
          rows.unshift(...(await sizeRows(browser, stage, progress)));
        });
      }
      return rows;
    } finally {
      await browser.close();
    }
  },
};

async function onStage(gpus: number, work: (stage: Stage) => Promise<void>): Promise<void> {
  const inventory = await startInventory(gpus);
  try {
    const stage = await startStage({ gpus, cmdbUrl: inventory.url });
    await work(stage).finally(stage.stop);
  } finally {
    await inventory.stop();
  }
}
