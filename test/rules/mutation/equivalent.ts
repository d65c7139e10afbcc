import type { Alert } from '../../../rules/alert.ts';
import { keyOf } from '../alert-key.ts';
import type { Kind } from './edit.ts';
import type { Mutant } from './mutants.ts';

interface Equivalent {
  readonly alerts: readonly string[];
  readonly kind: Kind;
  /** A part of the mutant's `change`. */
  readonly change: string;
  /** Why no situation can tell it from the alert. */
  readonly reason: string;
}

/** Mutants that are no break: they say the same as the alert in every situation that can be. */
export const equivalents: readonly Equivalent[] = [
  {
    alerts: ['GpuPowerAboveLimit'],
    kind: 'threshold',
    change: '> «0 → 1») > 1.1',
    reason: 'No board has a power limit between nothing and one watt.',
  },
  {
    alerts: ['GpuReadingImpossible'],
    kind: 'threshold',
    change: 'u_power_limit_watts{kind="max"}[3m])) > «0 → 1»',
    reason: 'No board has a power limit between nothing and one watt.',
  },
  {
    alerts: ['GpuMemoryNearlyFull'],
    kind: 'threshold',
    change: '> «0 → 1») > 0.9',
    reason: 'Memory is counted in whole bytes, and none has one byte.',
  },
  {
    alerts: ['GpuPcieDowngrade'],
    kind: 'threshold',
    change: 'gpu_pcie_link_width_max[3m])) > «0 →',
    reason: 'A link has one lane or more and a share of lanes that is not a number is not below one.',
  },
  {
    alerts: ['TrainingLossNonFinite'],
    kind: 'threshold',
    change: 'training_nonfinite_steps_total[5m])) > «0 → 1»',
    reason: 'Steps are counted one by one, and increase() makes more than one of a single one.',
  },
  {
    alerts: ['GpuPodsPending'],
    kind: 'threshold',
    change: ' > «0 → -1»',
    reason: 'A count of nothing is no series, so it is one or more.',
  },
  {
    alerts: ['KafkaUnderReplicated'],
    kind: 'label dropped',
    change: '«(cluster, job, topic, partition) →',
    reason:
      'Whether one partition of all lacks a copy does not depend on how they are grouped; only the number in the text does.',
  },
  {
    alerts: ['InfinibandPortDown'],
    kind: 'threshold',
    change: '_port_data_received_bytes_total[3m])) > «0 → 1»',
    reason: 'Ports count data in words of four bytes.',
  },
  {
    alerts: ['RemoteWriteBehind'],
    kind: 'threshold',
    change: '_highest_sent_timestamp_seconds[3m])) > «0 → 1»',
    reason: 'Nothing was written in the first second of 1970.',
  },
];

export function isEquivalent(alert: Alert, { kind, change }: Mutant): boolean {
  const key = keyOf(alert);
  return equivalents.some((one) => one.kind === kind && one.alerts.includes(key) && change.includes(one.change));
}
