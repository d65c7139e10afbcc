import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Blocks } from '../../support/scraped.ts';
import { tool } from '../../support/tools.ts';

export interface FleetSize {
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly scrapeMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

const hourMs = 3_600_000;
const model = 'NVIDIA H100 80GB HBM3';

/** A TSDB with what `fleetlens gpu` shows of a fleet: a fifth of the GPUs is idle, and on a tenth one pod follows another in the middle. */
export async function fleetBlocks(size: FleetSize): Promise<Blocks & { readonly samples: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bench-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const file = join(folder, 'samples.txt');
  const samples = await writeSamples(file, size);
  await promisify(execFile)(tool('promtool'), [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=18h',
    '--quiet',
    file,
    dataDir,
  ]);
  rmSync(file);
  return { dataDir, samples, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function writeSamples(file: string, size: FleetSize): Promise<number> {
  const out = createWriteStream(file, { highWaterMark: 1 << 22 });
  let samples = 0;
  for (let node = 0; node < size.nodes; node++) {
    const series = seriesOfNode(node, size);
    const jitter = (node * 7919) % size.scrapeMs;
    const lines: string[] = [];
    for (let ms = size.fromMs + jitter; ms < size.untilMs; ms += size.scrapeMs) {
      const time = (ms / 1000).toFixed(3);
      for (const { name, valueAt } of series) {
        const value = valueAt(ms);
        if (value !== undefined) lines.push(`${name} ${value} ${time}`);
      }
    }
    samples += lines.length;
    lines.push('');
    if (!out.write(lines.join('\n'))) await once(out, 'drain');
  }
  out.end('# EOF\n');
  await once(out, 'finish');
  return samples;
}

interface SeriesText {
  /** With its labels. */
  readonly name: string;
  /** Undefined while it is not there. */
  readonly valueAt: (ms: number) => number | string | undefined;
}

function seriesOfNode(node: number, { gpusPerNode, fromMs, untilMs }: FleetSize): readonly SeriesText[] {
  const target = `job="fleetlens-gpu",instance="node-${node}:9400",node="node-${node}",cluster="bench"`;
  const begun = fromMs - 100 * hourMs;
  const middle = (fromMs + untilMs) / 2;
  const series: SeriesText[] = [
    { name: `up{${target}}`, valueAt: () => 1 },
    { name: `process_start_time_seconds{${target}}`, valueAt: () => begun / 1000 },
  ];
  for (let index = 0; index < gpusPerNode; index++) {
    const at = node * gpusPerNode + index;
    const gpu = `${target},uuid="GPU-${at}",gpu_id="${index}"`;
    series.push(
      { name: `gpu_up{${gpu}}`, valueAt: () => 1 },
      { name: `gpu_info{${gpu},model="${model}"}`, valueAt: () => 1 },
      { name: `gpu_energy_joules_total{${gpu}}`, valueAt: (ms) => (((ms - begun) / 1000) * 312.7).toFixed(3) },
    );
    for (const { pod, fromMs: since, untilMs: end } of podsOn(at, { begun, middle })) {
      const labels = `${gpu},gpu_instance_id="",profile="",namespace="tenant-${at % 1000}",pod="${pod}",container="main"`;
      const held = (ms: number): number | string | undefined =>
        ms < since ? undefined : ((Math.min(ms, end) - since) / 1000).toFixed(3);
      series.push(
        { name: `gpu_allocated_seconds_total{${labels}}`, valueAt: held },
        { name: `gpu_pod_info{${labels}}`, valueAt: (ms) => (ms >= since && ms < end ? 1 : undefined) },
      );
    }
  }
  return series;
}

function podsOn(at: number, { begun, middle }: { readonly begun: number; readonly middle: number }) {
  const far = Number.MAX_SAFE_INTEGER;
  if (at % 5 === 1) return [];
  if (at % 10 !== 0) return [{ pod: `pod-${at}`, fromMs: begun, untilMs: far }];
  return [
    { pod: `pod-${at}-a`, fromMs: begun, untilMs: middle + at },
    { pod: `pod-${at}-b`, fromMs: middle + at, untilMs: far },
  ];
}
