import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBlocks } from '../../../cli/simulate/billing/history-blocks.ts';
import { startPrometheus } from '../../support/prometheus.ts';
import { tool } from '../../support/tools.ts';
import { type Row, row } from '../bench.ts';
import { writeFleet } from './made-fleet.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The block of promtool that is made at once. */
const blockMs = 18 * hourMs;
/** 2023-11-01T00:00:00Z */
const fromMs = 1_698_796_800_000;
const days = 30;
const fleet = { gpus: 1000, intervalMs: 30 * 60_000 };

interface SideCost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly queries: number;
  readonly bytes: number;
  readonly rows: number;
  readonly peakBytes: number;
}

/**
 * Features of 1,000 GPUs over 30 days at every 6 hours, from a real Prometheus into the store, in a process of its own. The history is scraped each half hour,
 * so that it can be built in some minutes: 25 million samples. Of a fleet that is scraped each 15 s Prometheus has 120 times as many to look through, but
 * gives the same answers, so queries, bytes, memory and our CPU time stay; its own does not.
 */
export async function featureBackfill(progress: (step: string) => void): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bench-features-'));
  try {
    const dataDir = join(folder, 'data');
    const samples = await writeBlocks(folder, dataDir, progress);
    const server = await startPrometheus({
      config: 'global: {}',
      dataDir,
      args: ['--storage.tsdb.retention.time=100y'],
    });
    try {
      progress(`back-fill of ${days} days from ${samples} samples`);
      const before = await cpuSecondsOf(server.url);
      const cost = measure(server.url, join(folder, 'features'));
      return rowsOf(cost, { samples, serverSeconds: (await cpuSecondsOf(server.url)) - before });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeBlocks(folder: string, dataDir: string, progress: (step: string) => void): Promise<number> {
  mkdirSync(dataDir);
  const untilMs = fromMs + days * dayMs;
  const file = join(folder, 'samples.txt');
  let samples = 0;
  for (let block = Math.floor(fromMs / blockMs) * blockMs; block < untilMs; block += blockMs) {
    progress(`history: ${Math.round(((block - fromMs) / (untilMs - fromMs)) * 100)} %`);
    samples += writeFleet(file, fleet, Math.max(block, fromMs), Math.min(block + blockMs, untilMs));
    await createBlocks({ promtool: tool('promtool') }, file, dataDir);
  }
  return samples;
}

function measure(url: string, folder: string): SideCost {
  const side = join(import.meta.dirname, 'backfill-side.ts');
  const args = [...process.execArgv, side, url, folder, String(fromMs), String(fromMs + days * dayMs)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** What Prometheus says of itself. */
async function cpuSecondsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}

interface Served {
  readonly samples: number;
  readonly serverSeconds: number;
}

function rowsOf(
  { wallMs, cpuMs, queries, bytes, rows, peakBytes }: SideCost,
  { samples, serverSeconds }: Served,
): readonly Row[] {
  const what = `features, 1,000 GPUs, ${days} days`;
  const figures: readonly (readonly [string, number, string])[] = [
    ['samples in Prometheus', samples / 1e6, 'million'],
    ['rows', rows, 'rows'],
    ['wall time', wallMs / 1000, 's'],
    ['CPU time', cpuMs / 1000, 's'],
    ['CPU time of Prometheus', serverSeconds, 's'],
    ['queries', queries, 'queries'],
    ['read', bytes / 1e6, 'MB'],
    ['peak memory', peakBytes / 1e6, 'MB'],
  ];
  return figures.map(([name, value, unit]) =>
    row({ bench: 'prediction', name: `${what}: ${name}`, unit, runs: [value] }),
  );
}
