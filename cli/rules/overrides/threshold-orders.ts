import type { ThresholdName } from '../../../rules/thresholds.ts';

type Order = readonly [lower: ThresholdName, higher: ThresholdName];

/** A slower burn of the error budget is told later and to fewer people. */
const burns: readonly Order[] = [
  ['inferenceBurnVerySlowRatio', 'inferenceBurnSlowRatio'],
  ['inferenceBurnSlowRatio', 'inferenceBurnMidRatio'],
  ['inferenceBurnMidRatio', 'inferenceBurnFastRatio'],
];

/** Pairs of one quantity: what is high is below what is critical, as the names say. */
export function thresholdOrders(names: readonly string[]): readonly Order[] {
  const pairs = names
    .map((name) => [name, name.replace('High', 'Critical')] as const)
    .filter(([name, critical]) => name !== critical && names.includes(critical));
  return [...burns, ...(pairs as unknown as readonly Order[])];
}
