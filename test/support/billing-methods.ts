import type { Month } from '../../cli/simulate/billing/month.ts';
import { trueHolds } from '../../cli/simulate/billing/month-truth.ts';
import type { Span } from '../../exporters/billing/span.ts';
import type { MeteredWindow, Usage } from '../../exporters/billing/usage.ts';
import type { PrometheusApi } from '../../kit/prometheus-api.ts';
import { errorOf, increaseGpuTime, type MethodError, openCostGpuTime } from './billing-rival-queries.ts';

export interface MethodErrors {
  readonly fleetlens: MethodError;
  /** From the first to the last sample, times the mean of what was asked for. */
  readonly opencost: MethodError;
  readonly increase: MethodError;
}

interface Sides {
  readonly month: Month;
  readonly period: Span;
  readonly api: PrometheusApi;
  /** What was metered of GPU time in the period. */
  readonly windows: readonly MeteredWindow[];
}

/** How far each method is from the truth, pod by pod, of GPUs that are neither shared nor cut, which is where all three can tell. */
export async function compareMethods({ month, period, api, windows }: Sides): Promise<MethodErrors> {
  const whole = trueHolds(month, period).filter(({ slot }) => slot.profile === '' && slot.replica === undefined);
  type Pod = (typeof whole)[number]['pod'];
  const truthBy = (keyOf: (pod: Pod) => string): ReadonlyMap<string, number> =>
    sumsBy(
      whole,
      ({ pod }) => keyOf(pod),
      ({ span }) => span.endMs - span.startMs,
    );
  const shared = sharedGpus(month);
  const metered = windows
    .flatMap(({ meter, usages }) => (meter === 'gpu_time' ? usages : []))
    .filter(({ state, resource }) => state === 'used' && !shared.has(resource) && !resource.includes('/'));
  const byUid = truthBy(({ uid }) => uid);
  const selector = `gpu_allocated_seconds_total{gpu_instance_id="", uuid!~"${[...shared].join('|')}"}`;
  return {
    fleetlens: errorOf(
      sumsBy(metered, uidOf, ({ quantity }) => Number(quantity)),
      byUid,
    ),
    opencost: errorOf(await openCostGpuTime(api, period), byUid),
    increase: errorOf(
      await increaseGpuTime(api, period, selector),
      truthBy(({ namespace, name }) => `${namespace}/${name}`),
    ),
  };
}

/** UUIDs of GPUs that several pods have at a time. */
export function sharedGpus({ gpus }: Pick<Month, 'gpus'>): ReadonlySet<string> {
  return new Set(gpus.flatMap(({ uuid, replicas }) => (replicas === undefined ? [] : [uuid])));
}

const uidOf = ({ holder }: Usage): string => holder['pod_uid'] ?? '';

function sumsBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  amountOf: (item: T) => number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0) + amountOf(item));
  return sums;
}
