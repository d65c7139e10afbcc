import { dcgm, dcgm48, dcgm49 } from '../../metrics/vendors/dcgm.ts';
import type { AlertTheme } from '../alert.ts';
import { defineAlerts } from '../alert.ts';
import { errorAlerts, xidAlerts } from './errors.ts';
import { type GuardTexts, guardAlerts } from './guards.ts';
import { heatAlerts } from './heat.ts';
import { linkAlerts } from './links.ts';
import { memoryAlerts } from './memory.ts';
import type { GpuSignals, Signal, VendorMetric } from './signals.ts';

const mebibyte = 1_048_576;
const nanosecondsPerSecond = 1_000_000_000;

const plain = (metric: VendorMetric): Signal => ({ metric, unitsPerBase: 1 });
const scaled = (metric: VendorMetric, unitsPerBase: number): Signal => ({ metric, unitsPerBase });

/** Names that did not change between 4.8 and 4.9. */
const unchanged = {
  uncorrectable: plain(dcgm.DCGM_FI_DEV_ECC_DBE_VOL_TOTAL),
  correctable: plain(dcgm.DCGM_FI_DEV_ECC_SBE_VOL_TOTAL),
  rowRemapPending: plain(dcgm.DCGM_FI_DEV_ROW_REMAP_PENDING),
  pcie: {
    width: plain(dcgm.DCGM_FI_DEV_PCIE_LINK_WIDTH),
    widthMax: plain(dcgm.DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH),
    generation: plain(dcgm.DCGM_FI_DEV_PCIE_LINK_GEN),
    generationMax: plain(dcgm.DCGM_FI_DEV_PCIE_MAX_LINK_GEN),
  },
} as const;

export const dcgm48Signals: GpuSignals = {
  ...unchanged,
  profile: 'dcgm-4.8',
  temperature: plain(dcgm48.DCGM_FI_DEV_GPU_TEMP),
  slowdownTemperature: plain(dcgm48.DCGM_FI_DEV_SLOWDOWN_TEMP),
  memoryTemperature: plain(dcgm48.DCGM_FI_DEV_MEMORY_TEMP),
  memoryMaxTemperature: plain(dcgm48.DCGM_FI_DEV_MEM_MAX_OP_TEMP),
  power: plain(dcgm48.DCGM_FI_DEV_POWER_USAGE),
  powerLimit: plain(dcgm48.DCGM_FI_DEV_ENFORCED_POWER_LIMIT),
  utilization: scaled(dcgm48.DCGM_FI_DEV_GPU_UTIL, 100),
  smClock: plain(dcgm48.DCGM_FI_DEV_SM_CLOCK),
  fan: scaled(dcgm48.DCGM_FI_DEV_FAN_SPEED, 100),
  memoryTotal: scaled(dcgm48.DCGM_FI_DEV_FB_TOTAL, 1 / mebibyte),
  memoryUsed: scaled(dcgm48.DCGM_FI_DEV_FB_USED, 1 / mebibyte),
  memoryFree: scaled(dcgm48.DCGM_FI_DEV_FB_FREE, 1 / mebibyte),
  heldByHeat: { counterOf: scaled(dcgm48.DCGM_FI_DEV_THERMAL_VIOLATION, nanosecondsPerSecond) },
  heldByPower: { counterOf: scaled(dcgm48.DCGM_FI_DEV_POWER_VIOLATION, nanosecondsPerSecond) },
  clockReasons: { ...plain(dcgm.DCGM_FI_DEV_CLOCKS_EVENT_REASONS), or: dcgm48.DCGM_FI_DEV_CLOCK_THROTTLE_REASONS },
  rowRemapFailure: plain(dcgm48.DCGM_FI_DEV_ROW_REMAP_FAILURE),
  uncorrectableRows: plain(dcgm48.DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS),
  correctableRows: plain(dcgm48.DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS),
  recoveryAction: plain(dcgm48.DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION),
  pcieReplays: plain(dcgm48.DCGM_FI_DEV_PCIE_REPLAY_COUNTER),
  nvlinkCrcFlit: plain(dcgm48.DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL),
  nvlinkCrcData: plain(dcgm48.DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL),
  nvlinkRecoveries: plain(dcgm48.DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL),
};

export const dcgm49Signals: GpuSignals = {
  ...unchanged,
  profile: 'dcgm-4.9',
  temperature: plain(dcgm49.DCGM_FI_DEV_GPU_TEMP_CELSIUS),
  slowdownTemperature: plain(dcgm49.DCGM_FI_DEV_GPU_TEMP_SLOWDOWN_CELSIUS),
  memoryTemperature: plain(dcgm49.DCGM_FI_DEV_MEMORY_TEMP_CELSIUS),
  memoryMaxTemperature: plain(dcgm49.DCGM_FI_DEV_MEMORY_MAX_OP_TEMP_CELSIUS),
  power: plain(dcgm49.DCGM_FI_DEV_BOARD_POWER_WATTS),
  powerLimit: plain(dcgm49.DCGM_FI_DEV_BOARD_POWER_LIMIT_ENFORCED_WATTS),
  utilization: plain(dcgm49.DCGM_FI_DEV_GPU_UTIL_RATIO),
  smClock: plain(dcgm49.DCGM_FI_DEV_SM_CLOCK_HERTZ),
  fan: plain(dcgm49.DCGM_FI_DEV_FAN_SPEED_RATIO),
  memoryTotal: plain(dcgm49.DCGM_FI_DEV_FB_CAPACITY_BYTES),
  memoryUsed: plain(dcgm49.DCGM_FI_DEV_FB_USED_BYTES),
  memoryFree: plain(dcgm49.DCGM_FI_DEV_FB_FREE_BYTES),
  heldByHeat: { counterOf: plain(dcgm49.DCGM_FI_DEV_GPU_THERMAL_THROTTLE_SECONDS_TOTAL) },
  heldByPower: { counterOf: plain(dcgm49.DCGM_FI_DEV_GPU_POWER_THROTTLE_SECONDS_TOTAL) },
  clockReasons: plain(dcgm.DCGM_FI_DEV_CLOCKS_EVENT_REASONS),
  rowRemapFailure: plain(dcgm49.DCGM_FI_DEV_ROW_REMAP_FAILED),
  uncorrectableRows: plain(dcgm49.DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL),
  correctableRows: plain(dcgm49.DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL),
  recoveryAction: plain(dcgm49.DCGM_FI_DEV_GPU_RECOVERY_ACTION),
  pcieReplays: plain(dcgm49.DCGM_FI_DEV_PCIE_REPLAY_TOTAL),
  nvlinkCrcFlit: plain(dcgm49.DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_TOTAL),
  nvlinkCrcData: plain(dcgm49.DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_TOTAL),
  nvlinkRecoveries: plain(dcgm49.DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_TOTAL),
};

const texts: GuardTexts = {
  prefix: 'Dcgm',
  exporter: 'dcgm-exporter',
  flag: '--rules.profiles',
  labels:
    'Relabel in the scrape job as `prometheus/scrape-gpu-vendors.yml` does: `uuid` of `UUID`, `gpu_id` of `gpu`, `node` of the target, `job_id` of `hpc_job`.',
  curl: '`curl -s http://<node>:9400/metrics | grep -c ^DCGM_`',
  fields: 'throttling times, which its default file leaves out together with ECC and NVLink errors and with XID counts',
  askForFields: 'Give dcgm-exporter the counters file of the profile, `prometheus/dcgm-counters-<version>.csv`.',
};

/** Prefix of the names of groups: names of Kubernetes objects have no dot. */
function themesOf(name: string, signals: GpuSignals): readonly AlertTheme[] {
  const { profile } = signals;
  const sign = 'counterOf' in signals.heldByHeat ? signals.heldByHeat.counterOf : signals.heldByHeat.shareOf;
  const levels = {
    high: 'gpuTemperatureHighFallbackCelsius',
    critical: 'gpuTemperatureCriticalFallbackCelsius',
  } as const;
  return [
    defineAlerts({ theme: `${name}-xid`, profile, interval: '30s', alerts: xidAlerts(dcgm.DCGM_EXP_XID_ERRORS_COUNT) }),
    defineAlerts({ theme: `${name}-errors`, profile, alerts: errorAlerts(signals) }),
    defineAlerts({ theme: `${name}-heat`, profile, alerts: heatAlerts(signals, levels) }),
    defineAlerts({ theme: `${name}-memory`, profile, interval: '1m', alerts: memoryAlerts(signals) }),
    defineAlerts({ theme: `${name}-links`, profile, interval: '1m', alerts: linkAlerts(signals) }),
    defineAlerts({ theme: `${name}-guards`, profile, alerts: guardAlerts(signals, sign, texts) }),
  ];
}

export const dcgmThemes: readonly AlertTheme[] = [
  ...themesOf('dcgm-4-8', dcgm48Signals),
  ...themesOf('dcgm-4-9', dcgm49Signals),
];
