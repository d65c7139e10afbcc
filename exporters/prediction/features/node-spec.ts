import { cmdbHardware } from '../../../metrics/cmdb-hardware.ts';
import { prometheus } from '../../../metrics/external.ts';
import { gpu } from '../../../metrics/gpu.ts';
import { faultFeatures, lifeFeatures } from './fault-features.ts';
import type { Feature, FeatureSpec, SeriesSource, SignalSpec } from './feature-spec.ts';
import { raisedXids } from './gpu-signals.ts';
import { peersOf, statistic, statisticsOf } from './spec-parts.ts';

const of = (metric: { readonly name: string }, where?: SeriesSource['where']): SeriesSource => ({
  metric: metric.name,
  ...(where === undefined ? {} : { where }),
});

/** What is read of a machine: its scrapes, its GPUs taken together, and its management controller. */
const nodeSignals: readonly SignalSpec[] = [
  { name: 'scrapes', kind: 'gauge', from: [of(prometheus.up)], plausible: [0, 1] },
  { name: 'scrape_seconds', kind: 'gauge', from: [of(prometheus.scrape_duration_seconds)], plausible: [0, 3600] },
  { name: 'gpus_up', kind: 'gauge', from: [of(gpu.gpu_up)], combine: 'sum', plausible: [0, 1024] },
  {
    name: 'gpus_expected',
    kind: 'gauge',
    from: [of(gpu.gpu_expected_devices), of(gpu.gpu_devices)],
    combine: 'max',
    plausible: [0, 1024],
  },
  {
    name: 'gpu_temperature',
    kind: 'gauge',
    from: [
      of(gpu.gpu_temperature_celsius),
      { metric: 'DCGM_FI_DEV_GPU_TEMP' },
      { metric: 'DCGM_FI_DEV_GPU_TEMP_CELSIUS' },
    ],
    combine: 'max',
    plausible: [-60, 200],
  },
  {
    name: 'gpu_power',
    kind: 'gauge',
    from: [of(gpu.gpu_power_watts), { metric: 'DCGM_FI_DEV_POWER_USAGE' }, { metric: 'DCGM_FI_DEV_BOARD_POWER_WATTS' }],
    combine: 'sum',
    plausible: [0, 1e6],
  },
  {
    name: 'xid_raised',
    kind: 'counter',
    from: [of(gpu.gpu_xid_errors_total, { xid: raisedXids })],
    combine: 'sum',
    startsAtZero: true,
    plausible: [0, 1e30],
  },
  {
    name: 'pcie_replays',
    kind: 'counter',
    from: [
      of(gpu.gpu_pcie_replays_total),
      { metric: 'DCGM_FI_DEV_PCIE_REPLAY_COUNTER' },
      { metric: 'DCGM_FI_DEV_PCIE_REPLAY_TOTAL' },
    ],
    combine: 'sum',
    plausible: [0, 1e30],
  },
  {
    name: 'driver_restarts',
    kind: 'counter',
    from: [of(gpu.gpu_driver_restarts_total)],
    combine: 'sum',
    plausible: [0, 1e30],
  },
  { name: 'power', kind: 'gauge', from: [of(cmdbHardware.cmdb_bmc_power_watts)], combine: 'max', plausible: [0, 1e5] },
  {
    name: 'hottest_sensor',
    kind: 'gauge',
    from: [of(cmdbHardware.cmdb_bmc_temperature_celsius)],
    combine: 'max',
    plausible: [-60, 200],
  },
  { name: 'fan', kind: 'gauge', from: [of(cmdbHardware.cmdb_bmc_fan_speed_ratio)], combine: 'mean', plausible: [0, 2] },
  {
    name: 'power_supplies_up',
    kind: 'gauge',
    from: [of(cmdbHardware.cmdb_bmc_power_supply_up)],
    combine: 'mean',
    plausible: [0, 1],
  },
  {
    name: 'unhealthy_parts',
    kind: 'gauge',
    from: [of(cmdbHardware.cmdb_bmc_unhealthy_part)],
    combine: 'sum',
    plausible: [0, 1e6],
  },
  { name: 'bmc_up', kind: 'gauge', from: [of(cmdbHardware.cmdb_bmc_up)], combine: 'max', plausible: [0, 1] },
];

const features: readonly Feature[] = [
  ...statisticsOf('scrapes', { '1h': ['mean'], '24h': ['mean'], '7d': ['mean'] }),
  ...statisticsOf('scrape_seconds', { '1h': ['mean', 'max'], '24h': ['mean'] }),
  {
    is: 'ratio',
    name: 'scrape_slowness',
    over: statistic('scrape_seconds', 'mean', '1h'),
    under: statistic('scrape_seconds', 'mean', '7d'),
  },
  {
    is: 'ratio',
    name: 'gpus_up_ratio_1h',
    over: statistic('gpus_up', 'mean', '1h'),
    under: statistic('gpus_expected', 'max', '24h'),
  },
  ...statisticsOf('gpu_temperature', { '1h': ['mean'], '24h': ['max', 'slope'] }),
  ...statisticsOf('gpu_power', { '1h': ['mean'], '24h': ['mean', 'sd'] }),
  ...statisticsOf('xid_raised', { '24h': ['growth'], '7d': ['growth', 'since'] }),
  ...statisticsOf('pcie_replays', { '24h': ['growth'], '7d': ['growth'] }),
  ...statisticsOf('driver_restarts', { '24h': ['growth'], '7d': ['growth'] }),
  ...statisticsOf('power', { '1h': ['mean'], '24h': ['sd'] }),
  ...statisticsOf('hottest_sensor', { '1h': ['mean'], '24h': ['max', 'slope'] }),
  ...statisticsOf('fan', { '1h': ['mean'], '24h': ['slope'] }),
  ...statisticsOf('power_supplies_up', { '1h': ['mean'], '24h': ['mean'] }),
  ...statisticsOf('unhealthy_parts', { '1h': ['last'], '24h': ['max'] }),
  ...statisticsOf('bmc_up', { '24h': ['mean'] }),
  ...peersOf('gpu_temperature_mean_1h', ['model', 'rack'], 0.5),
  ...peersOf('hottest_sensor_mean_1h', ['model', 'rack'], 0.5),
  ...peersOf('fan_mean_1h', ['model'], 0.02),
  {
    is: 'vanished',
    name: 'vanished_signals',
    signals: ['gpus_up', 'gpu_temperature', 'gpu_power', 'power', 'hottest_sensor', 'fan'],
    scrape: 'scrapes',
  },
  ...faultFeatures,
  ...lifeFeatures,
  { is: 'fact', name: 'driver_share', fact: 'driver', as: 'share' },
  { is: 'fact', name: 'driver_newer_share', fact: 'driver', as: 'newer' },
];

export const nodeSpec: FeatureSpec = { version: 1, kind: 'node', signals: nodeSignals, features };
