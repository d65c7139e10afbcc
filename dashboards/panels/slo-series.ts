import type { PlainMetric } from '../../metrics/promql.ts';
import { sloGpuAvailabilityGroup } from '../../rules/recording/slo-gpu-availability.ts';

/** Every objective records series of the same names; those of a user have labels more, which no board can know. */
const series: Readonly<Record<string, PlainMetric>> = sloGpuAvailabilityGroup.series;

/** A series that each objective records. */
export function recordedBySlos(name: `slo:${string}`): PlainMetric {
  const metric = series[name];
  if (metric === undefined) throw new Error(`no objective records ${name}`);
  return metric;
}
