import { computeFeatures } from '../../../exporters/prediction/features/compute-features.ts';
import type { SignalSpec } from '../../../exporters/prediction/features/feature-spec.ts';
import type { EntitySamples, SignalSamples } from '../../../exporters/prediction/features/fleet-samples.ts';
import { gpuSpec } from '../../../exporters/prediction/features/gpu-spec.ts';
import { costOf, type Row, row } from '../bench.ts';

const hour = 3_600_000;
const gpus = 1000;
const hours = 720;
const begin = 1_698_796_800_000;
const runs = 3;

/** All features of 1,000 GPUs at every 6 hours of 30 days, from hourly readings in memory. */
export async function featureCompute(progress: (step: string) => void): Promise<readonly Row[]> {
  const entities = Array.from({ length: gpus }, (_, gpu) => madeGpu(gpu));
  const moments = Array.from({ length: hours / 6 }, (_, at) => begin + (at + 1) * 6 * hour);
  const seconds: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    progress(`features in memory, run ${run} of ${runs}`);
    const { cpuMs } = await costOf(() => computeFeatures(gpuSpec, { entities, events: [] }, moments));
    seconds.push(cpuMs / 1000);
  }
  return [row({ bench: 'prediction', name: 'features in memory, 1,000 GPUs, 30 days', unit: 'CPU s', runs: seconds })];
}

function madeGpu(gpu: number): EntitySamples {
  const always = (value: string) => ({ timesMs: [0], values: [value], validMs: Number.POSITIVE_INFINITY });
  return {
    entity: { kind: 'gpu', cluster: 'prod', node: `gpu-${gpu >> 3}`, uuid: `GPU-${gpu}` },
    signals: new Map(gpuSpec.signals.map((signal, index) => [signal.name, [madeSeries(signal, gpu * 31 + index)]])),
    facts: new Map([
      ['model', always('NVIDIA H100')],
      ['workload', always(`job ${gpu % 40}`)],
      ['rack', always(`r${gpu >> 6}`)],
      ['driver', always('535.104.05')],
    ]),
    life: { repairedMs: [] },
  };
}

function madeSeries({ kind, plausible = [0, 100] }: SignalSpec, seed: number): SignalSamples {
  const timesMs = Float64Array.from({ length: hours }, (_, at) => begin + (at + 1) * hour);
  const most = Math.min(100, plausible[1]);
  const values = timesMs.map((_, at) =>
    kind === 'counter' ? Math.floor((at + seed) / 7) : most * (0.5 + 0.4 * Math.sin(at / 9 + seed)),
  );
  return { timesMs, values };
}
