import { closeSync, openSync, writeSync } from 'node:fs';

const hourMs = 3_600_000;
const gpusPerNode = 8;

export interface MadeFleet {
  readonly gpus: number;
  readonly intervalMs: number;
}

/** Samples that a scrape of each node brings in (fromMs, untilMs], as OpenMetrics text, node by node; tells how many. */
export function writeFleet(file: string, { gpus, intervalMs }: MadeFleet, fromMs: number, untilMs: number): number {
  const out = openSync(file, 'w');
  let count = 0;
  for (let node = 0; node < gpus / gpusPerNode; node += 1) {
    const lines: string[] = [];
    const offset = (node * 7919) % intervalMs;
    for (let ms = Math.floor(fromMs / intervalMs) * intervalMs + offset; ms < untilMs; ms += intervalMs) {
      if (ms >= fromMs) addScrape(lines, node, ms);
    }
    count += lines.length;
    writeSync(out, `${lines.join('\n')}\n`);
  }
  writeSync(out, '# EOF\n');
  closeSync(out);
  return count;
}

function addScrape(lines: string[], node: number, ms: number): void {
  const time = (ms / 1000).toFixed(3);
  const target = `cluster="prod",node="gpu-${node}",rack="r${node >> 3}",job="gpu",instance="gpu-${node}:9400"`;
  lines.push(
    `up{${target}} 1 ${time}`,
    `scrape_duration_seconds{${target}} ${(0.02 + ((node + ms) % 13) / 1000).toFixed(3)} ${time}`,
  );
  for (let slot = 0; slot < gpusPerNode; slot += 1) {
    const device = `gpu_id="${slot}",uuid="GPU-${node}-${slot}",${target}`;
    for (const [name, labels, value] of readingsOf(node * gpusPerNode + slot, ms))
      lines.push(`${name}{${labels}${device}} ${value} ${time}`);
  }
}

/** Temperatures follow the power, counters grow now and then; no two GPUs are alike, and each run makes the same. */
function readingsOf(gpu: number, ms: number): readonly (readonly [name: string, labels: string, value: string])[] {
  const hours = ms / hourMs;
  const load = 0.5 + 0.5 * Math.sin(hours / 5 + gpu);
  const noise = ((gpu * 31 + Math.floor(hours * 2) * 17) % 101) / 101;
  const power = 90 + 600 * load + 10 * noise;
  const since = hours % 10_000;
  return [
    ['gpu_up', '', '1'],
    ['gpu_info', 'model="NVIDIA H100 80GB HBM3",driver="535.104.05",vbios="96.00.74.00.0A",', '1'],
    ['gpu_temperature_celsius', '', (28 + power * 0.06 + noise + (gpu % 7)).toFixed(0)],
    ['gpu_memory_temperature_celsius', '', (34 + power * 0.07 + noise).toFixed(0)],
    ['gpu_power_watts', '', power.toFixed(1)],
    ['gpu_utilization_ratio', '', load.toFixed(2)],
    ['gpu_sm_clock_hertz', '', String(1_980_000_000 - Math.round(noise * 50) * 1_000_000)],
    ['gpu_pcie_link_width', '', '16'],
    ['gpu_pcie_link_width_max', '', '16'],
    ['gpu_pcie_replays_total', '', String(Math.floor(since / (40 + (gpu % 50))))],
    [
      'gpu_ecc_errors_total',
      'severity="correctable",lifetime="volatile",',
      String(gpu % 20 === 0 ? Math.floor(since / 30) : 0),
    ],
    ['gpu_ecc_errors_total', 'severity="uncorrectable",lifetime="volatile",', '0'],
    ['gpu_remapped_rows_total', 'kind="uncorrectable",', String(gpu % 90 === 0 ? 2 : 0)],
    ['gpu_throttle_seconds_total', 'reason="thermal",', (since * (gpu % 5)).toFixed(1)],
    ['gpu_xid_errors_total', 'xid="31",', String(Math.floor(since / (500 + gpu)))],
    ['gpu_xid_errors_total', 'xid="63",', '0'],
    [
      'gpu_allocated_seconds_total',
      `namespace="ml",pod="train-${gpu >> 5}-${gpu & 31}",job_id="",`,
      (since * 3600).toFixed(0),
    ],
  ];
}
