import { Agent } from 'node:http';
import { gpus, podsPerGpu, startBusyNode } from '../support/busy-node.ts';
import { type Bench, quantile, type Row, row } from './bench.ts';
import { anonymousMebibytes, cpuSeconds, pssMebibytes, scrapeTimeMs, startExporter } from './exporter-process.ts';

const name = 'gpu-soak';
/** The first minutes fill caches and let V8 find its size; growth counts from here on. */
const settleShare = 0.2;
const scrapeEverySeconds = 1;
const measureEverySeconds = 10;

export const gpuSoak: Bench = {
  name,
  about: `the GPU exporter with ${gpus} GPUs and ${gpus * podsPerGpu} pods, read and scraped every second, for 30 minutes or --minutes`,
  isLong: true,
  run: async (progress, { minutes }) => {
    const node = await startBusyNode();
    const daemon = await startExporter(node.state, ['--gpu.interval=1s', '--kubernetes.interval=1s', ...node.args]);
    try {
      return await soak(daemon, minutes ?? 30, progress);
    } finally {
      await daemon.child.stop();
      await node.stop();
    }
  },
};

interface Measurement {
  readonly minute: number;
  readonly pss: number;
  readonly anonymous: number;
}

async function soak(
  daemon: Awaited<ReturnType<typeof startExporter>>,
  minutes: number,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  const agent = new Agent({ keepAlive: true });
  const scrapes: number[] = [];
  const memory: Measurement[] = [];
  const started = performance.now();
  const cpuBefore = cpuSeconds(daemon);
  for (let second = 0; second < minutes * 60; second += scrapeEverySeconds) {
    const wait = started + second * 1000 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    scrapes.push(await scrapeTimeMs(daemon, agent));
    if (second % measureEverySeconds === 0)
      memory.push({ minute: second / 60, pss: pssMebibytes(daemon), anonymous: anonymousMebibytes(daemon) });
    if (second % 60 === 0) progress(`minute ${second / 60} of ${minutes}: ${memory.at(-1)?.pss.toFixed(1)} MiB`);
  }
  agent.destroy();
  const cpuShare = (cpuSeconds(daemon) - cpuBefore) / ((performance.now() - started) / 1000);
  const settled = memory.filter(({ minute }) => minute >= minutes * settleShare);
  const pss = settled.map((each) => each.pss);
  return [
    figure('PSS of both processes after settling', 'MiB', pss),
    figure(
      'heaps and stacks of both processes after settling',
      'MiB',
      settled.map(({ anonymous }) => anonymous),
    ),
    figure('their growth by linear fit', 'MiB/h', [slopePerMinute(settled) * 60]),
    figure('CPU, reading and scraping once a second', '% of a core', [cpuShare * 100]),
    figure('scrape p99', 'ms', [quantile(scrapes, 0.99)]),
    figure('slowest scrape', 'ms', [Math.max(...scrapes)]),
  ];
}

/** Least squares: what the memory gains in a minute. */
function slopePerMinute(points: readonly Measurement[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minute = mean(points.map((point) => point.minute));
  const memory = mean(points.map((point) => point.anonymous));
  const covariance = points.reduce((sum, point) => sum + (point.minute - minute) * (point.anonymous - memory), 0);
  return covariance / points.reduce((sum, point) => sum + (point.minute - minute) ** 2, 0);
}

function figure(what: string, unit: string, runs: readonly number[]): Row {
  return row({ bench: name, name: what, unit, runs });
}
