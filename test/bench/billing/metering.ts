import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RunningPrometheus, startPrometheus } from '../../support/prometheus.ts';
import { type Row, row } from '../bench.ts';
import { cpuSecondsOf } from '../exporter-process.ts';
import { fleetBlocks } from './fleet-blocks.ts';
import type { MeteringCost } from './metering-side.ts';

const hourMs = 3_600_000;
const runs = 3;
const nodes = 1250;
const gpusPerNode = 8;

/** One hour of 10,000 GPUs, scraped each 15 s, from a real Prometheus: what a daemon does each hour. */
export async function meteringRows(progress: (step: string) => void): Promise<readonly Row[]> {
  const startMs = Math.floor(Date.now() / hourMs - 48) * hourMs;
  progress('two hours of 10,000 GPUs into a Prometheus');
  const span = { fromMs: startMs - hourMs / 2, untilMs: startMs + 1.5 * hourMs };
  const blocks = await fleetBlocks({ nodes, gpusPerNode, scrapeMs: 15_000, ...span });
  const prometheus = await startPrometheus({
    config: 'global: {}',
    dataDir: blocks.dataDir,
    args: ['--storage.tsdb.retention.time=10y'],
  });
  try {
    const rows: Row[] = [];
    for (const meter of ['gpu_time', 'gpu_energy']) {
      progress(`${meter} of one hour, ${runs} runs`);
      rows.push(...(await rowsOf(meter, startMs, prometheus)));
    }
    return rows;
  } finally {
    await prometheus.stop();
    blocks.remove();
  }
}

async function rowsOf(meter: string, startMs: number, { url, pid }: RunningPrometheus): Promise<readonly Row[]> {
  const file = join(import.meta.dirname, 'metering-side.ts');
  const before = cpuSecondsOf(pid);
  const args = [...process.execArgv, file, url, meter, String(startMs), String(runs)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const cost = JSON.parse(stdout) as MeteringCost;
  if (cost.usages < nodes * gpusPerNode || !['', '0/1'].includes(cost.conservationError))
    throw new Error(`${meter} was not metered right: ${stdout}`);
  const figure = (what: string, unit: string, values: readonly number[]): Row =>
    row({ bench: 'billing', name: `${meter} of 10,000 GPUs for an hour, ${what}`, unit, runs: values });
  return [
    figure('CPU', 's', cost.cpuSeconds),
    figure('CPU of Prometheus', 's', [(cpuSecondsOf(pid) - before) / runs]),
    figure('samples read', 'million', [cost.samples / 1e6]),
    figure('requests', 'requests', [cost.requests]),
    figure('peak memory (RSS)', 'MiB', [cost.peakMebibytes]),
  ];
}
