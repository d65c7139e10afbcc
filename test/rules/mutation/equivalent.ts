import type { Alert } from '../../../rules/alert.ts';
import { profileThemes } from '../../../rules/profiles/index.ts';
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

/** An alert of ours and its variants on series of other exporters. */
function inProfiles(name: string): readonly string[] {
  const variants = profileThemes.flatMap(({ alerts }) => alerts.filter((alert) => alert.name === name));
  return [name, ...variants.map(keyOf)];
}

/** Mutants that are no break: they say the same as the alert in every situation that can be. */
export const equivalents: readonly Equivalent[] = [
  {
    alerts: inProfiles('GpuPowerAboveLimit'),
    kind: 'threshold',
    change: '> «0 → 1») > 1.1',
    reason: 'No board has a power limit between nothing and one watt.',
  },
  {
    alerts: inProfiles('GpuReadingImpossible'),
    kind: 'threshold',
    change: 'u_power_limit_watts{kind="max"}[3m])) > «0 → 1»',
    reason: 'No board has a power limit between nothing and one watt.',
  },
  {
    alerts: inProfiles('GpuMemoryNearlyFull'),
    kind: 'threshold',
    change: '> «0 → 1») > 0.9',
    reason: 'Memory is counted in whole bytes, and none has one byte.',
  },
  {
    alerts: ['GpuOrphanedMemory'],
    kind: 'threshold',
    change: '> «0 → 1») > 0.02',
    reason: 'Memory is counted in whole bytes, and none has one byte.',
  },
  {
    alerts: inProfiles('GpuMemoryLeak'),
    kind: 'threshold',
    change: '< «0 → -1» and on',
    reason: 'Four hours ahead memory is not known to a byte.',
  },
  {
    alerts: ['GpuNvlinkRecovery'],
    kind: 'label dropped',
    change: 'max by «(cluster, node, gpu_id, uuid, link) → (cluster, node, gpu_id, uuid)»',
    reason: 'A sum of counts is above nothing where the largest of them is.',
  },
  {
    alerts: ['dcgm-4.8 DcgmFieldsMissing', 'dcgm-4.9 DcgmFieldsMissing', 'amd AmdFieldsMissing'],
    kind: 'threshold',
    change: '> «0 → 1» unless on',
    reason: 'A GPU that runs is warmer than one degree.',
  },
  {
    alerts: ['GpuFailureRuleActNow', 'GpuFailureRuleNextWindow'],
    kind: 'threshold',
    change: '> «0 → -1»',
    reason: 'A rule that is met is always 1, and one that is not has no series.',
  },
  {
    alerts: ['ExporterWithoutNode'],
    kind: 'threshold',
    change: '> «0 → -1»',
    reason: 'What is counted is one or more.',
  },
  {
    alerts: inProfiles('GpuFleetEvent'),
    kind: 'label dropped',
    change: 'count by (cluster) (count by «(cluster, node, uuid) → (cluster, uuid)»',
    reason: 'A GPU is on one node.',
  },
  {
    alerts: ['GpuPodsPending'],
    kind: 'threshold',
    change: '> 0 ) > «0 → -1»',
    reason: 'A count of nothing is no series, so it is one or more.',
  },
  {
    alerts: ['KafkaUnderReplicated'],
    kind: 'label dropped',
    change: '«(cluster, job, topic, partition) → (cluster, job, partition)»',
    reason: 'One partition of any topic is enough; only the number in the text differs.',
  },
  {
    alerts: ['KafkaUnderReplicated'],
    kind: 'label dropped',
    change: '«(cluster, job, topic, partition) → (cluster, job, topic)»',
    reason: 'One partition of any topic is enough; only the number in the text differs.',
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
