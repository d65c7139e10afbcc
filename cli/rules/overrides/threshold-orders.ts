import type { ThresholdName } from '../../../rules/thresholds.ts';

type Order = readonly [lower: ThresholdName, higher: ThresholdName];

/** A slower burn of the error budget is told later and to fewer people. */
const burns: readonly Order[] = [
  ['sloBurnVerySlowRatio', 'sloBurnSlowRatio'],
  ['sloBurnSlowRatio', 'sloBurnMidRatio'],
  ['sloBurnMidRatio', 'sloBurnFastRatio'],
  ['apiServerBurnMidRatio', 'apiServerBurnFastRatio'],
];

/** The less is left, the worse. */
const left: readonly Order[] = [
  ['volumeLeftCriticalRatio', 'volumeLeftWarningRatio'],
  ['filesystemLeftCriticalRatio', 'filesystemLeftWarningRatio'],
];

/** Pairs of one quantity: what is high is below what is critical, as the names say. */
export function thresholdOrders(names: readonly string[]): readonly Order[] {
  const pairs = names
    .map((name) => [name, name.replace('High', 'Critical')] as const)
    .filter(([name, critical]) => name !== critical && names.includes(critical));
  return [...burns, ...left, ...(pairs as unknown as readonly Order[])];
}
