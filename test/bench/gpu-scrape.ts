import { gpus, podsPerGpu, startBusyNode } from '../support/busy-node.ts';
import { childrenOf } from '../support/child-process.ts';
import type { RunningDaemon } from '../support/cli.ts';
import { type Bench, quantile, type Row, row } from './bench.ts';
import {
  cpuSeconds,
  driverCost,
  pssMebibytes,
  scrapeTimesMs,
  seriesCount,
  showsGpus,
  startExporter,
} from './exporter-process.ts';

const name = 'gpu-scrape';
const starts = 5;
const scrapes = 1000;
const scrapesInTrouble = 100;
const restSeconds = 60;

export const gpuScrape: Bench = {
  name,
  about: `the GPU exporter with ${gpus} GPUs of the fake NVML library and ${gpus * podsPerGpu} pods, all families on, as its own processes; there is no dcgm-exporter to run without a GPU`,
  run: async (progress) => {
    const node = await startBusyNode();
    try {
      progress(`${starts} starts`);
      const firstMetrics: number[] = [];
      for (let start = 0; start < starts; start++) firstMetrics.push(await firstMetricsSeconds(node.state, node.args));
      progress(`${restSeconds} s at the default intervals`);
      const atRest = await whileResting(node.state, node.args);
      const daemon = await startExporter(node.state, ['--gpu.interval=1s', ...node.args]);
      try {
        const inTrouble = await measure(daemon, progress);
        return [figure('first metrics after start', 's', firstMetrics), ...atRest, ...inTrouble];
      } finally {
        await daemon.child.stop();
      }
    } finally {
      await node.stop();
    }
  },
};

/** What it costs a node on which nobody looks at more than Prometheus does, at the default of one reading in 5 s. */
async function whileResting(state: string, args: readonly string[]): Promise<readonly Row[]> {
  const daemon = await startExporter(state, args);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const [cpuBefore, before, started] = [cpuSeconds(daemon), await driverCost(daemon), performance.now()];
  await scrapeTimesMs(daemon, restSeconds / 15, 15_000);
  const elapsed = (performance.now() - started) / 1000;
  const [cpu, after] = [cpuSeconds(daemon) - cpuBefore, await driverCost(daemon)];
  const rows = [
    figure('CPU at the default of 5 s, scraped every 15 s', '% of a core', [(cpu / elapsed) * 100]),
    figure('driver calls a second, with events every second', '1/s', [(after.calls - before.calls) / elapsed]),
    figure('series', '', [await seriesCount(daemon)]),
  ];
  await daemon.child.stop();
  return rows;
}

async function measure(daemon: RunningDaemon, progress: (step: string) => void): Promise<readonly Row[]> {
  progress(`${scrapes} scrapes`);
  const started = performance.now();
  const healthy = await scrapeTimesMs(daemon, scrapes);
  const elapsed = (performance.now() - started) / 1000;
  const memory = pssMebibytes(daemon);
  progress('30 s of reading every second without a scrape');
  const cpuBefore = cpuSeconds(daemon);
  await new Promise((resolve) => setTimeout(resolve, 30_000));
  const cycleMs = ((cpuSeconds(daemon) - cpuBefore) / 30) * 1000;
  progress(
    `${scrapesInTrouble} scrapes after kill -9 of the driver process, and ${scrapesInTrouble} while it is stopped`,
  );
  const [killed = -1] = childrenOf(daemon.child.pid);
  process.kill(killed, 'SIGKILL');
  const afterKill = await scrapeTimesMs(daemon, scrapesInTrouble);
  await showsGpus(daemon);
  const [stopped = -1] = childrenOf(daemon.child.pid);
  process.kill(stopped, 'SIGSTOP');
  const whileStopped = await scrapeTimesMs(daemon, scrapesInTrouble, 40);
  return [
    figure('scrape p50', 'ms', [quantile(healthy, 0.5)]),
    figure('scrape p99', 'ms', [quantile(healthy, 0.99)]),
    figure('CPU for one collection cycle of 1 s, collectors and attribution included', 'ms', [cycleMs]),
    figure('scrapes a second, one after the other', '1/s', [scrapes / elapsed]),
    figure('PSS of both processes', 'MiB', [memory]),
    figure('slowest scrape after kill -9 of the driver process', 'ms', [Math.max(...afterKill)]),
    figure('slowest scrape while the driver process is stopped', 'ms', [Math.max(...whileStopped)]),
  ];
}

async function firstMetricsSeconds(state: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const daemon = await startExporter(state, ['--gpu.interval=1s', ...args]);
  const elapsed = (performance.now() - started) / 1000;
  await daemon.child.stop();
  return elapsed;
}

function figure(what: string, unit: string, runs: readonly number[]): Row {
  return row({ bench: name, name: what, unit, runs });
}
