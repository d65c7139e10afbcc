import { join } from 'node:path';
import { Gauge, Registry } from 'prom-client';
import { gpu } from '../../metrics/gpu.ts';
import { costOf } from './bench.ts';

/**
 * One side of the `render` benchmark in a process of its own, so that neither pays for the garbage of the other:
 * `render-side.ts ours|prom-client <series> <runs>` prints the cost of each run as JSON.
 */
const [side, series = '0', runs = '0'] = process.argv.slice(2);
/** The first runs are compiled and optimised while they run. */
const warmUps = 10;

/** The compiled files, as a daemon runs them: the TypeScript runner changes functions and with them their speed. */
const dist = join(import.meta.dirname, '..', '..', 'dist', 'kit', 'exposition');
const { createSampleWriter }: typeof import('../../kit/exposition/samples.ts') = await import(join(dist, 'samples.js'));
const { renderExposition }: typeof import('../../kit/exposition/render.ts') = await import(join(dist, 'render.js'));

/** Gauges with the two device labels only, so that both writers print the same samples, with values as GPUs have them. */
const values = {
  gpu_utilization_ratio: (device: number) => (device % 101) / 100,
  gpu_memory_used_bytes: (device: number) => 40_000_000_000 + device * 65_536,
  gpu_temperature_celsius: (device: number) => 30 + (device % 60),
  gpu_power_watts: (device: number) => 100 + (device % 600_000) / 1000,
  gpu_sm_clock_hertz: (device: number) => 345e6 + (device % 1600) * 1e6,
} as const;
const names = Object.keys(values) as (keyof typeof values)[];

interface Reading {
  readonly device: { readonly gpu_id: string; readonly uuid: string };
  readonly values: readonly number[];
}

const readings = Array.from(
  { length: Number(series) / names.length },
  (_, index): Reading => ({
    device: { gpu_id: String(index % 8), uuid: `GPU-${index}` },
    values: names.map((name) => values[name](index)),
  }),
);
const registry = registryOf();
if (lines(write()) !== lines(await registry.metrics())) throw new Error('the two expositions differ');
if (side === 'ours') registry.clear();

const costs = [];
for (let run = 0; run < warmUps + Number(runs); run++) {
  costs.push(await costOf(side === 'ours' ? write : () => registry.metrics()));
}
process.stdout.write(JSON.stringify(costs.slice(warmUps)));

function registryOf(): Registry {
  const filled = new Registry();
  for (const [at, name] of names.entries()) {
    const gauge = new Gauge({ name, help: gpu[name].help, labelNames: ['gpu_id', 'uuid'], registers: [filled] });
    for (const reading of readings) gauge.set({ ...reading.device }, reading.values[at] ?? Number.NaN);
  }
  return filled;
}

/** Device by device, as collectors do. */
function write(): string {
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
