import { faultFeatures, lifeFeatures, nodeFaultFeatures } from './fault-features.ts';
import type { Feature, FeatureSpec, SignalSpec } from './feature-spec.ts';
import { gpuSignals } from './gpu-signals.ts';
import { peersOf, statistic, statisticsOf } from './spec-parts.ts';

const telemetry: readonly Feature[] = [
  ...statisticsOf('temperature', {
    '1h': ['mean', 'max'],
    '24h': ['mean', 'sd', 'max', 'slope'],
    '7d': ['mean', 'sd', 'slope'],
  }),
  ...statisticsOf('memory_temperature', { '1h': ['mean', 'max'], '24h': ['max', 'slope'], '7d': ['mean', 'slope'] }),
  ...statisticsOf('power', { '1h': ['mean'], '24h': ['mean', 'sd', 'max'], '7d': ['mean', 'sd'] }),
  ...statisticsOf('utilization', { '1h': ['mean'], '24h': ['mean', 'sd'], '7d': ['mean'] }),
  ...statisticsOf('sm_clock', { '1h': ['mean'], '24h': ['mean', 'sd'] }),
  ...statisticsOf('fan', { '1h': ['mean'], '24h': ['slope'] }),
  ...statisticsOf('nvlink_up', { '1h': ['mean'], '24h': ['mean'] }),
  {
    is: 'ratio',
    name: 'pcie_width_ratio_1h',
    over: statistic('pcie_width', 'last', '1h'),
    under: statistic('pcie_width_most', 'last', '1h'),
  },
];

const errors: readonly Feature[] = [
  ...statisticsOf('ecc_correctable', { '1h': ['growth'], '24h': ['growth'], '7d': ['growth', 'since'] }),
  ...statisticsOf('ecc_uncorrectable', { '24h': ['growth'], '7d': ['growth', 'since'] }),
  ...statisticsOf('ecc_correctable_life', { '24h': ['last'] }),
  ...statisticsOf('ecc_uncorrectable_life', { '24h': ['last'] }),
  ...statisticsOf('remapped_correctable', { '24h': ['last'] }),
  ...statisticsOf('remapped_uncorrectable', { '24h': ['last'], '7d': ['slope'] }),
  ...statisticsOf('remap_pending', { '24h': ['last'] }),
  ...statisticsOf('banks_without_spares', { '24h': ['last'] }),
  ...statisticsOf('pcie_replays', { '1h': ['growth'], '24h': ['growth', 'rate'], '7d': ['growth'] }),
  ...statisticsOf('nvlink_errors', { '24h': ['growth'], '7d': ['growth', 'since'] }),
  ...statisticsOf('nvlink_replays', { '24h': ['growth'], '7d': ['growth'] }),
  ...statisticsOf('thermal_throttle', { '1h': ['growth'], '24h': ['growth'], '7d': ['growth'] }),
  ...statisticsOf('power_throttle', { '24h': ['growth'] }),
  ...statisticsOf('xid_user', { '24h': ['growth'], '7d': ['growth'] }),
  ...statisticsOf('xid_raised', { '24h': ['growth'], '7d': ['growth', 'since'] }),
];

const peers: readonly Feature[] = [
  ...peersOf('temperature_mean_1h', ['workload', 'node', 'rack', 'model'], 0.5),
  ...peersOf('memory_temperature_mean_1h', ['workload', 'node'], 0.5),
  ...peersOf('power_mean_1h', ['workload', 'node'], 5),
  ...peersOf('utilization_mean_1h', ['workload'], 0.02),
  ...peersOf('sm_clock_mean_1h', ['workload', 'node'], 1e7),
  ...peersOf('pcie_replays_growth_24h', ['model'], 1),
  { is: 'residual', name: 'temperature_given_power_1h', of: 'temperature', given: 'power', window: '1h', fit: '7d' },
  { is: 'residual', name: 'temperature_given_power_24h', of: 'temperature', given: 'power', window: '24h', fit: '7d' },
];

const watched = gpuSignals
  .filter(({ of, name }) => of !== 'scrape' && !['xid_user', 'xid_raised', 'present', 'answers'].includes(name))
  .map(({ name }: SignalSpec) => name);

const observability: readonly Feature[] = [
  ...statisticsOf('answers', { '1h': ['mean'], '24h': ['mean'] }),
  ...statisticsOf('scrapes', { '1h': ['mean'], '24h': ['mean'], '7d': ['mean'] }),
  ...statisticsOf('scrape_seconds', { '1h': ['mean', 'max'], '24h': ['mean', 'max'] }),
  {
    is: 'ratio',
    name: 'seen_ratio_1h',
    over: statistic('present', 'samples', '1h'),
    under: statistic('scrapes', 'samples', '1h'),
    most: 1,
  },
  {
    is: 'ratio',
    name: 'seen_ratio_24h',
    over: statistic('present', 'samples', '24h'),
    under: statistic('scrapes', 'samples', '24h'),
    most: 1,
  },
  {
    is: 'ratio',
    name: 'scrape_slowness',
    over: statistic('scrape_seconds', 'mean', '1h'),
    under: statistic('scrape_seconds', 'mean', '7d'),
  },
  { is: 'vanished', name: 'vanished_signals', signals: watched, scrape: 'scrapes' },
];

const position: readonly Feature[] = [{ is: 'fact', name: 'slot', fact: 'slot', as: 'number' }];

const software: readonly Feature[] = [
  { is: 'fact', name: 'driver_share', fact: 'driver', as: 'share' },
  { is: 'fact', name: 'driver_newer_share', fact: 'driver', as: 'newer' },
  { is: 'fact', name: 'vbios_share', fact: 'vbios', as: 'share' },
  { is: 'fact', name: 'vbios_newer_share', fact: 'vbios', as: 'newer' },
];

/** No column holds a date, or a sum over the fleet: both would be taken for what goes with them. */
export const gpuSpec: FeatureSpec = {
  version: 1,
  kind: 'gpu',
  signals: gpuSignals,
  features: [
    ...telemetry,
    ...errors,
    ...peers,
    ...observability,
    ...faultFeatures,
    ...nodeFaultFeatures,
    ...lifeFeatures,
    ...position,
    ...software,
  ],
};
