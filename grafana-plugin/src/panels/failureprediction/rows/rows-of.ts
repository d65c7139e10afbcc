import { type ByHorizon, HORIZONS } from '../horizon';
import { type Factors, rateFactors } from '../uncertainty/gamma-interval';
import { type ProbabilityRange, probabilityRange } from '../uncertainty/probability-range';
import type { GpuFacts } from './facts-of-gpus';
import { gpuKey } from './facts-of-gpus';
import { type OwnProbabilities, type Probabilities, rangeOf } from './probabilities-of';
import type { RiskRow } from './risk-row';

interface Known {
  readonly facts: GpuFacts;
  /** Failures of GPUs that are known; undefined where nobody says. */
  readonly failures: number | undefined;
  /** When the service last scored; a row cannot be newer. */
  readonly forecastAtMs: number | undefined;
}

/** One row for each GPU that has any probability, not yet ranked. */
export function rowsOf({ byGpu }: Probabilities, { facts, failures, forecastAtMs }: Known): RiskRow[] {
  const factors = failures === undefined ? undefined : rateFactors(failures);
  return [...byGpu].map(([key, own]) => ({
    key,
    uuid: own.uuid,
    cluster: own.cluster,
    node: own.node,
    probability: own.value,
    range: { ...rangesBy(factors, own.value), ...rangeOf(own) },
    rank: {},
    layer: {},
    isOut: false,
    ...factsOf(key, own, facts),
    ...timeOf(own, forecastAtMs),
  }));
}

function factsOf(key: string, { uuid, cluster, node, rack, tenant }: OwnProbabilities, facts: GpuFacts) {
  const device = facts.gpu.get(uuid);
  const holder = facts.holder.get(uuid);
  const place = rack ?? facts.rackOfGpu.get(uuid) ?? facts.rackOfNode.get(gpuKey(cluster, node));
  const owner = tenant ?? holder?.tenant;
  const alertRank = facts.alertRank.get(key);
  return {
    rules: facts.rules.get(key) ?? [],
    ...(device?.index === undefined ? {} : { gpuIndex: device.index }),
    ...(device?.model === undefined ? {} : { model: device.model }),
    ...(place === undefined ? {} : { rack: place }),
    ...(owner === undefined ? {} : { tenant: owner }),
    ...(holder?.job === undefined ? {} : { job: holder.job }),
    ...(alertRank === undefined ? {} : { alertRank }),
  };
}

function timeOf({ atMs }: OwnProbabilities, forecastAtMs: number | undefined): { atMs?: number } {
  const times = [atMs, forecastAtMs].filter((each) => each !== undefined);
  return times.length === 0 ? {} : { atMs: Math.min(...times) };
}

function rangesBy(factors: Factors | undefined, value: ByHorizon<number>): ByHorizon<ProbabilityRange> {
  if (factors === undefined) return {};
  const ranges: Partial<Record<(typeof HORIZONS)[number], ProbabilityRange>> = {};
  for (const horizon of HORIZONS) {
    const probability = value[horizon];
    if (probability !== undefined) ranges[horizon] = probabilityRange(probability, factors);
  }
  return ranges;
}
