import type { Derivation } from './derived.ts';

interface NotDerived {
  readonly derivation: Derivation;
  readonly alerts: readonly string[];
  readonly why: string;
}

/** Alerts of which something is not true that is of all others, and why; variants on other exporters by their name too. */
export const notDerived: readonly NotDerived[] = [
  {
    derivation: 'kept',
    alerts: ['GpuXidGpuReset', 'GpuUncorrectableRowRemapped', 'GpuNvlinkRecovery', 'CoolantLeak'],
    why: 'The firing example is looked at while the alert is kept up.',
  },
  {
    derivation: 'missedScrapes',
    alerts: [
      'GpuXidAppError',
      'GpuXidUnclassified',
      'NodeFilesystemTurnedReadOnly',
      'InferenceAllUpstreamsDown',
      'TrainingLossNonFinite',
      'TrainingLossSpike',
      'RuleEvaluationFailures',
    ],
    why: 'What it tells of is in these scrapes.',
  },
  {
    derivation: 'missedScrapes',
    alerts: [
      'GpuPcieReplay',
      'GpuThermalThrottle',
      'SloMetricAbsent',
      'InferenceUsageMissing',
      'TenantRateLimited',
      'ApiServerLatencyHigh',
      'NodeDiskQueueLong',
      'NodeNetworkErrors',
      'InfinibandSymbolErrors',
      'SamplesRefused',
    ],
    why: 'The example is close to a limit, and fewer scrapes make a smaller rate.',
  },
  {
    derivation: 'missedScrapes',
    alerts: ['NodeClockAhead'],
    why: 'It compares with the time now.',
  },
];

export function isNotDerived(derivation: Derivation, name: string): boolean {
  return notDerived.some((one) => one.derivation === derivation && one.alerts.includes(name));
}
