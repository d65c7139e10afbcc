import type { FeatureSpec } from '../../../../exporters/prediction/features/feature-spec.ts';
import type { FeatureTable } from '../../../../exporters/prediction/features/feature-table.ts';
import type {
  EntitySamples,
  FactSamples,
  SignalSamples,
} from '../../../../exporters/prediction/features/fleet-samples.ts';

export const hour = 3_600_000;
export const day = 24 * hour;
/** 2023-11-10T00:00:00Z */
export const begin = 1_699_574_400_000;

export function samplesOf(pairs: readonly (readonly [atMs: number, value: number])[]): SignalSamples {
  return { timesMs: Float64Array.from(pairs, ([at]) => at), values: Float64Array.from(pairs, ([, value]) => value) };
}

export function always(value: string): FactSamples {
  return { timesMs: [0], values: [value], validMs: Number.POSITIVE_INFINITY };
}

export function gpuWith(
  uuid: string,
  signals: Readonly<Record<string, readonly SignalSamples[]>>,
  facts: Readonly<Record<string, FactSamples>> = {},
  more: Partial<EntitySamples> = {},
): EntitySamples {
  return {
    entity: { kind: 'gpu', cluster: 'prod', node: 'gpu-01', uuid },
    signals: new Map(Object.entries(signals)),
    facts: new Map(Object.entries(facts)),
    ...more,
  };
}

export function cellOf(
  { schema, entities, entity, atMs, values }: FeatureTable,
  uuid: string,
  at: number,
  name: string,
): number | undefined {
  const row = atMs.findIndex((ms, index) => ms === at && entities[entity[index] ?? -1]?.uuid === uuid);
  const column = schema.names.indexOf(name);
  return row < 0 || column < 0 ? undefined : values[row * schema.names.length + column];
}

/** A spec with what is needed to try most kinds of features. */
export const smallSpec: FeatureSpec = {
  version: 1,
  kind: 'gpu',
  signals: [
    { name: 'heat', kind: 'gauge', from: [{ metric: 'heat' }], plausible: [-60, 200] },
    { name: 'watts', kind: 'gauge', from: [{ metric: 'watts' }] },
    { name: 'errors', kind: 'counter', from: [{ metric: 'errors' }], plausible: [0, 1e30] },
    { name: 'codes', kind: 'counter', from: [{ metric: 'codes' }], startsAtZero: true },
    { name: 'tickets', kind: 'event', from: [{ metric: 'tickets' }] },
    { name: 'scrapes', kind: 'gauge', from: [{ metric: 'up' }], of: 'scrape' },
  ],
  features: [
    ...(['mean', 'sd', 'max', 'last', 'slope', 'samples'] as const).flatMap((statistic) =>
      (['1h', '24h', '7d'] as const).map(
        (window) =>
          ({ is: 'statistic', name: `heat_${statistic}_${window}`, signal: 'heat', statistic, window }) as const,
      ),
    ),
    ...(['growth', 'rate', 'since'] as const).map(
      (statistic) =>
        ({ is: 'statistic', name: `errors_${statistic}_24h`, signal: 'errors', statistic, window: '24h' }) as const,
    ),
    { is: 'statistic', name: 'codes_growth_24h', signal: 'codes', statistic: 'growth', window: '24h' },
    { is: 'statistic', name: 'tickets_growth_7d', signal: 'tickets', statistic: 'growth', window: '7d' },
    { is: 'statistic', name: 'tickets_since_7d', signal: 'tickets', statistic: 'since', window: '7d' },
    {
      is: 'ratio',
      name: 'seen_24h',
      over: { signal: 'heat', statistic: 'samples', window: '24h' },
      under: { signal: 'scrapes', statistic: 'samples', window: '24h' },
      most: 1,
    },
    { is: 'residual', name: 'heat_given_watts', of: 'heat', given: 'watts', window: '1h', fit: '7d' },
    { is: 'vanished', name: 'vanished', signals: ['heat', 'watts', 'errors'], scrape: 'scrapes' },
    { is: 'peers', name: 'heat_vs_workload', of: 'heat_mean_1h', group: 'workload', as: 'difference', floor: 0.5 },
    { is: 'peers', name: 'heat_z_workload', of: 'heat_mean_1h', group: 'workload', as: 'robust_z', floor: 0.5 },
    { is: 'peers', name: 'heat_vs_node', of: 'heat_mean_1h', group: 'node', as: 'difference', floor: 0.5 },
    { is: 'peers', name: 'heat_vs_rack', of: 'heat_mean_1h', group: 'rack', as: 'difference', floor: 0.5 },
    { is: 'faults', name: 'faults_30d', whose: 'own', which: 'incidents', as: 'count', window: '30d', lagMs: 300_000 },
    { is: 'faults', name: 'since_fault', whose: 'own', which: 'incidents', as: 'since', capDays: 200, lagMs: 300_000 },
    { is: 'faults', name: 'node_warnings', whose: 'node', which: 'raised', as: 'count', window: '30d', lagMs: 300_000 },
    { is: 'life', name: 'age', as: 'since_install', capDays: 3650 },
    { is: 'life', name: 'since_repair', as: 'since_repair', capDays: 200 },
    { is: 'life', name: 'repairs', as: 'repairs', capDays: 365 },
    { is: 'fact', name: 'driver_share', fact: 'driver', as: 'share' },
    { is: 'fact', name: 'driver_newer', fact: 'driver', as: 'newer' },
    { is: 'fact', name: 'slot', fact: 'slot', as: 'number' },
  ],
};
