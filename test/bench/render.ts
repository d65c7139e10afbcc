import { join } from 'node:path';
import { Gauge, Registry } from 'prom-client';
import { gpu } from '../../metrics/gpu.ts';
import { type Bench, type Cost, costOf, type Row, row } from './bench.ts';

/** The compiled files, as a daemon runs them: the TypeScript runner changes functions and with them their speed. */
const dist = join(import.meta.dirname, '..', '..', 'dist', 'kit', 'exposition');
const { createSampleWriter }: typeof import('../../kit/exposition/samples.ts') = await import(join(dist, 'samples.js'));
const { renderExposition }: typeof import('../../kit/exposition/render.ts') = await import(join(dist, 'render.js'));

const runs = 9;
const warmUps = 2;

interface Reading {
  readonly device: { readonly gpu_id: string; readonly uuid: string };
  readonly values: readonly number[];
}

/** Gauges with the two device labels only, so that both writers print the same samples, with values as GPUs have them. */
const values = {
  gpu_utilization_ratio: (device: number) => (device % 101) / 100,
  gpu_memory_used_bytes: (device: number) => 40_000_000_000 + device * 65_536,
  gpu_temperature_celsius: (device: number) => 30 + (device % 60),
  gpu_power_watts: (device: number) => 100 + (device % 600_000) / 1000,
  gpu_sm_clock_hertz: (device: number) => 345e6 + (device % 1600) * 1e6,
} as const;
const names = Object.keys(values) as (keyof typeof values)[];

export const render: Bench = {
  name: 'render',
  about:
    "a whole exposition by our snapshot writer, from readings to text, against prom-client's text of samples that it already holds",
  run: async (progress) => {
    const rows: Row[] = [];
    for (const series of [10_000, 100_000]) {
      progress(`${series} series, ${runs} runs each`);
      rows.push(...(await compare(series)));
    }
    return rows;
  },
};

async function compare(series: number): Promise<readonly Row[]> {
  const readings = Array.from(
    { length: series / names.length },
    (_, index): Reading => ({
      device: { gpu_id: String(index % 8), uuid: `GPU-${index}` },
      values: names.map((name) => values[name](index)),
    }),
  );
  const registry = registryOf(readings);
  if (lines(write(readings)) !== lines(await registry.metrics())) throw new Error('the two expositions differ');
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  for (let run = -warmUps; run < runs; run++) {
    const our = await costOf(() => write(readings));
    const their = await costOf(() => registry.metrics());
    if (run < 0) continue;
    ours.push(our);
    theirs.push(their);
  }
  const label = `${series / 1000}k series`;
  const figures = (name: string, part: keyof Cost): Row =>
    row({
      bench: 'render',
      name: `${label}, ${name}`,
      unit: 'ms',
      runs: ours.map((cost) => cost[part]),
      baselineRuns: theirs.map((cost) => cost[part]),
    });
  return [figures('CPU time against prom-client', 'cpuMs'), figures('wall time against prom-client', 'wallMs')];
}

function registryOf(readings: readonly Reading[]): Registry {
  const registry = new Registry();
  for (const [at, name] of names.entries()) {
    const gauge = new Gauge({ name, help: gpu[name].help, labelNames: ['gpu_id', 'uuid'], registers: [registry] });
    for (const reading of readings) gauge.set({ ...reading.device }, reading.values[at] ?? Number.NaN);
  }
  return registry;
}

/** Device by device, as collectors do. */
function write(readings: readonly Reading[]): string {
  const { emit, families } = createSampleWriter(gpu);
  for (const reading of readings) {
    for (const [at, name] of names.entries()) emit(name, reading.device, reading.values[at]);
  }
  return renderExposition('text', families());
}

/** Without the blank lines that prom-client puts between families. */
function lines(text: string): string {
  return text.replaceAll(/\n+/g, '\n').trim();
}
