import { prometheus } from '../../../metrics/external.ts';
import { gpu } from '../../../metrics/gpu.ts';
import { userCodeXids } from '../labels/xid-roles.ts';
import type { SeriesSource, SignalSpec } from './feature-spec.ts';

type Where = NonNullable<SeriesSource['where']>;

const nanosecond = 1e-9;
const percent = 0.01;
const megahertz = 1e6;

/** They say little of the hardware by themselves, more where they come again and again. */
const userXids = userCodeXids.map(String);
/** XIDs that raise the risk and are no failure by themselves; those that are failures come in as risk events. */
export const raisedXids = ['48', '63', '74', '92', '94', '154', '171', '172'];

const ours = (metric: { readonly name: string }, where?: Where): SeriesSource => ({
  metric: metric.name,
  ...(where === undefined ? {} : { where }),
});
/** Names and units of dcgm-exporter up to 4.8, and since 4.9. */
const dcgm = (metric: string, scale?: number): SeriesSource => (scale === undefined ? { metric } : { metric, scale });

/** What is read of a GPU: from `fleetlens gpu`, else from dcgm-exporter. */
export const gpuSignals: readonly SignalSpec[] = [
  {
    name: 'present',
    kind: 'gauge',
    from: [ours(gpu.gpu_up), dcgm('DCGM_FI_DEV_GPU_TEMP'), dcgm('DCGM_FI_DEV_GPU_TEMP_CELSIUS')],
    combine: 'max',
  },
  gauge('answers', [ours(gpu.gpu_up)], [0, 1]),
  { name: 'scrapes', kind: 'gauge', from: [ours(prometheus.up)], of: 'scrape', plausible: [0, 1] },
  {
    name: 'scrape_seconds',
    kind: 'gauge',
    from: [ours(prometheus.scrape_duration_seconds)],
    of: 'scrape',
    plausible: [0, 3600],
  },
  gauge(
    'temperature',
    [ours(gpu.gpu_temperature_celsius), dcgm('DCGM_FI_DEV_GPU_TEMP'), dcgm('DCGM_FI_DEV_GPU_TEMP_CELSIUS')],
    [-60, 200],
  ),
  gauge(
    'memory_temperature',
    [
      ours(gpu.gpu_memory_temperature_celsius),
      dcgm('DCGM_FI_DEV_MEMORY_TEMP'),
      dcgm('DCGM_FI_DEV_MEMORY_TEMP_CELSIUS'),
    ],
    [-60, 200],
  ),
  gauge(
    'power',
    [ours(gpu.gpu_power_watts), dcgm('DCGM_FI_DEV_POWER_USAGE'), dcgm('DCGM_FI_DEV_BOARD_POWER_WATTS')],
    [0, 5000],
  ),
  gauge(
    'utilization',
    [ours(gpu.gpu_utilization_ratio), dcgm('DCGM_FI_DEV_GPU_UTIL', percent), dcgm('DCGM_FI_DEV_GPU_UTIL_RATIO')],
    [0, 1],
  ),
  gauge(
    'sm_clock',
    [ours(gpu.gpu_sm_clock_hertz), dcgm('DCGM_FI_DEV_SM_CLOCK', megahertz), dcgm('DCGM_FI_DEV_SM_CLOCK_HERTZ')],
    [0, 1e10],
  ),
  gauge(
    'fan',
    [ours(gpu.gpu_fan_ratio), dcgm('DCGM_FI_DEV_FAN_SPEED', percent), dcgm('DCGM_FI_DEV_FAN_SPEED_RATIO')],
    [0, 2],
  ),
  gauge('pcie_width', [ours(gpu.gpu_pcie_link_width), dcgm('DCGM_FI_DEV_PCIE_LINK_WIDTH')], [0, 64]),
  gauge('pcie_width_most', [ours(gpu.gpu_pcie_link_width_max), dcgm('DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH')], [1, 64]),
  { ...gauge('nvlink_up', [ours(gpu.gpu_nvlink_up)], [0, 1]), combine: 'mean' },
  counter('pcie_replays', [
    ours(gpu.gpu_pcie_replays_total),
    dcgm('DCGM_FI_DEV_PCIE_REPLAY_COUNTER'),
    dcgm('DCGM_FI_DEV_PCIE_REPLAY_TOTAL'),
  ]),
  {
    ...counter('nvlink_errors', [
      ours(gpu.gpu_nvlink_errors_total, { kind: ['crc_flit', 'crc_data', 'recovery'] }),
      dcgm('DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL'),
      dcgm('DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_TOTAL'),
    ]),
    combine: 'sum',
  },
  {
    ...counter('nvlink_replays', [
      ours(gpu.gpu_nvlink_errors_total, { kind: ['replay'] }),
      dcgm('DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL'),
      dcgm('DCGM_FI_DEV_NVLINK_REPLAY_ERROR_TOTAL'),
    ]),
    combine: 'sum',
  },
  counter('ecc_correctable', [
    ours(gpu.gpu_ecc_errors_total, { severity: ['correctable'], lifetime: ['volatile'] }),
    dcgm('DCGM_FI_DEV_ECC_SBE_VOL_TOTAL'),
  ]),
  counter('ecc_uncorrectable', [
    ours(gpu.gpu_ecc_errors_total, { severity: ['uncorrectable'], lifetime: ['volatile'] }),
    dcgm('DCGM_FI_DEV_ECC_DBE_VOL_TOTAL'),
  ]),
  {
    ...gauge('ecc_correctable_life', [
      ours(gpu.gpu_ecc_errors_total, { severity: ['correctable'], lifetime: ['aggregate'] }),
      dcgm('DCGM_FI_DEV_ECC_SBE_AGG_TOTAL'),
    ]),
  },
  {
    ...gauge('ecc_uncorrectable_life', [
      ours(gpu.gpu_ecc_errors_total, { severity: ['uncorrectable'], lifetime: ['aggregate'] }),
      dcgm('DCGM_FI_DEV_ECC_DBE_AGG_TOTAL'),
    ]),
  },
  gauge('remapped_correctable', [
    ours(gpu.gpu_remapped_rows_total, { kind: ['correctable'] }),
    dcgm('DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS'),
    dcgm('DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL'),
  ]),
  gauge('remapped_uncorrectable', [
    ours(gpu.gpu_remapped_rows_total, { kind: ['uncorrectable'] }),
    dcgm('DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS'),
    dcgm('DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL'),
  ]),
  gauge('remap_pending', [ours(gpu.gpu_row_remap_pending), dcgm('DCGM_FI_DEV_ROW_REMAP_PENDING')], [0, 1]),
  gauge('banks_without_spares', [
    ours(gpu.gpu_row_remap_banks, { availability: ['none'] }),
    dcgm('DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_NONE'),
    dcgm('DCGM_FI_DEV_BANK_REMAP_AVAIL_NONE'),
  ]),
  counter('thermal_throttle', [
    ours(gpu.gpu_throttle_seconds_total, { reason: ['thermal'] }),
    dcgm('DCGM_FI_DEV_THERMAL_VIOLATION', nanosecond),
    dcgm('DCGM_FI_DEV_GPU_THERMAL_THROTTLE_SECONDS_TOTAL'),
  ]),
  counter('power_throttle', [
    ours(gpu.gpu_throttle_seconds_total, { reason: ['power'] }),
    dcgm('DCGM_FI_DEV_POWER_VIOLATION', nanosecond),
    dcgm('DCGM_FI_DEV_GPU_POWER_THROTTLE_SECONDS_TOTAL'),
  ]),
  { ...counter('xid_user', [ours(gpu.gpu_xid_errors_total, { xid: userXids })]), combine: 'sum', startsAtZero: true },
  {
    ...counter('xid_raised', [ours(gpu.gpu_xid_errors_total, { xid: raisedXids })]),
    combine: 'sum',
    startsAtZero: true,
  },
];

function gauge(name: string, from: readonly SeriesSource[], plausible?: readonly [number, number]): SignalSpec {
  return { name, kind: 'gauge', from, ...(plausible === undefined ? {} : { plausible }) };
}

/** A counter is never below 0. */
function counter(name: string, from: readonly SeriesSource[]): SignalSpec {
  return { name, kind: 'counter', from, plausible: [0, 1e30] };
}
