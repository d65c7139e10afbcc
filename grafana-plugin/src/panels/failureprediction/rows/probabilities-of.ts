import type { Reading } from '../frames/reading';
import { type ByHorizon, type Horizon, horizonOf } from '../horizon';
import { gpuKey } from './facts-of-gpus';

export interface OwnProbabilities {
  readonly uuid: string;
  readonly cluster: string;
  readonly node: string;
  readonly rack: string | undefined;
  readonly tenant: string | undefined;
  readonly value: Partial<Record<Horizon, number>>;
  readonly low: Partial<Record<Horizon, number>>;
  readonly high: Partial<Record<Horizon, number>>;
  atMs: number | undefined;
}

export interface Probabilities {
  readonly byGpu: ReadonlyMap<string, OwnProbabilities>;
  readonly unusable: number;
}

export function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}

/**
 * The newest probability of each GPU and horizon. Of two services that speak of one GPU the higher counts, as on the boards. What is no probability is
 * counted and left out: it is not 0.
 */
export function probabilitiesOf(readings: readonly Reading[]): Probabilities {
  const byGpu = new Map<string, OwnProbabilities>();
  let unusable = 0;
  for (const reading of readings) {
    const { uuid, estimate } = reading.labels;
    const horizon = horizonOf(reading.labels.horizon);
    if (!uuid || horizon === undefined) continue;
    const own = ownOf(byGpu, reading);
    if (!isProbability(reading.value)) unusable += 1;
    else if (estimate === 'low') own.low[horizon] = reading.value;
    else if (estimate === 'high') own.high[horizon] = reading.value;
    else takeNewest(own, horizon, reading);
  }
  return { byGpu, unusable };
}

/** Answers of one moment and of a range may speak of one GPU. */
function takeNewest(own: OwnProbabilities, horizon: Horizon, { value, atMs = 0 }: Reading): void {
  const known = own.value[horizon];
  const knownMs = own.atMs ?? 0;
  const isNewer = atMs > knownMs + sameMs;
  if (known === undefined || isNewer || (value > known && atMs >= knownMs - sameMs)) own.value[horizon] = value;
  if (atMs > 0) own.atMs = Math.max(knownMs, atMs);
}

/** Steps of a range query do not end at the very moment of an instant one. */
const sameMs = 15 * 60_000;

function ownOf(byGpu: Map<string, OwnProbabilities>, { labels }: Reading): OwnProbabilities {
  const key = gpuKey(labels.cluster, labels.uuid);
  const known = byGpu.get(key);
  if (known !== undefined) return known;
  const { uuid = '', cluster = '', node = '' } = labels;
  const own = {
    uuid,
    cluster,
    node,
    rack: labels.rack || undefined,
    tenant: labels.tenant || undefined,
    value: {},
    low: {},
    high: {},
    atMs: undefined,
  };
  byGpu.set(key, own);
  return own;
}

/** Ends of a range that come as series of their own; both must be there. */
export function rangeOf({ low, high }: OwnProbabilities): ByHorizon<{ readonly low: number; readonly high: number }> {
  const range: Partial<Record<Horizon, { low: number; high: number }>> = {};
  for (const horizon of ['24h', '7d', '30d'] as const) {
    const [from, to] = [low[horizon], high[horizon]];
    if (from !== undefined && to !== undefined && from <= to) range[horizon] = { low: from, high: to };
  }
  return range;
}
