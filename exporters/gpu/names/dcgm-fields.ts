import { gpu } from '../../../metrics/gpu.ts';
import { type Expr, promql, select } from '../../../metrics/promql.ts';
import {
  type ClockEventReason,
  clockEventReasons,
  computeModes,
  type DriverVersions,
  type Identity,
  type Memory,
  type NvLinkState,
  recoveryActions,
  type ThrottleReason,
} from '../reading.ts';
import { otherXid } from '../sources/xid-ledger.ts';
import type { DcgmDevice } from './dcgm-device.ts';
import {
  bytes,
  bytesPerSecond,
  celsius,
  code,
  count,
  type DcgmUnit,
  flag,
  hertz,
  joules,
  mebibytes,
  megabytesPerSecond,
  megahertz,
  millijoules,
  nanoseconds,
  percent,
  ratio,
  seconds,
  watts,
} from './dcgm-units.ts';
import { lastXid, xidMessage } from './last-xid.ts';
import { type DcgmSet, dcgmSets } from './name-sets.ts';

/**
 * The one map between the names of dcgm-exporter and what we read. Names come from default-counters.csv of dcgm-exporter 4.8 and from
 * the field headers of DCGM 4.6 and 4.7; a name that could not be found there is left out, never guessed.
 */

/** By set; undefined where the set does not have it. */
export type Names = Readonly<Record<DcgmSet, string | undefined>>;

/** One of several series that a field has for one device. */
export interface LabelledValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface DcgmField {
  readonly names: Names;
  readonly kind: 'gauge' | 'counter';
  /** Sets that show it when no counters file chooses. */
  readonly defaultIn: readonly DcgmSet[];
  readonly units: Readonly<Record<DcgmSet, DcgmUnit>>;
  readonly help: string;
  /** In base units. Undefined and empty: the device does not have it. */
  readonly read: (device: DcgmDevice) => number | undefined | readonly LabelledValue[];
  /** The same from native series, in base units; undefined where no expression gives it. */
  readonly native: Expr | undefined;
  readonly note?: string;
}

/** A field that dcgm-exporter puts on every series as a label. */
export interface DcgmLabel {
  readonly names: Names;
  readonly defaultIn: readonly DcgmSet[];
  readonly read: (identity: Identity, versions: DriverVersions) => string | undefined;
  /** Where the native set has it. */
  readonly native: string;
}

const renamed = (in48: string, in49: string): Names => ({ 'dcgm-4.8': in48, 'dcgm-4.9': in49 });
const unchanged = (name: string): Names => renamed(name, name);
const onlyIn48 = (name: string): Names => ({ 'dcgm-4.8': name, 'dcgm-4.9': undefined });

const units = (in48: DcgmUnit, in49: DcgmUnit): DcgmField['units'] => ({ 'dcgm-4.8': in48, 'dcgm-4.9': in49 });
const sameUnit = (unit: DcgmUnit): DcgmField['units'] => units(unit, unit);

const byDefault = dcgmSets;
const onRequest: readonly DcgmSet[] = [];

const hopper = 'Hopper and newer.';
const spelling = 'Its name in 4.9 is not known.';

export const dcgmFields: readonly DcgmField[] = [
  {
    names: renamed('DCGM_FI_DEV_SM_CLOCK', 'DCGM_FI_DEV_SM_CLOCK_HERTZ'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(megahertz, hertz),
    help: 'Clock of the streaming multiprocessors',
    read: ({ clocks }) => clocks?.smHertz,
    native: promql`${gpu.gpu_sm_clock_hertz}`,
  },
  {
    names: renamed('DCGM_FI_DEV_MEM_CLOCK', 'DCGM_FI_DEV_MEMORY_CLOCK_HERTZ'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(megahertz, hertz),
    help: 'Clock of device memory',
    read: ({ clocks }) => clocks?.memoryHertz,
    native: promql`${gpu.gpu_memory_clock_hertz}`,
  },
  {
    names: renamed('DCGM_FI_DEV_MAX_SM_CLOCK', 'DCGM_FI_DEV_SM_MAX_CLOCK_HERTZ'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: units(megahertz, hertz),
    help: 'Highest clock of the streaming multiprocessors',
    read: ({ clocks }) => clocks?.smMaxHertz,
    native: promql`${gpu.gpu_sm_clock_max_hertz}`,
  },
  {
    names: renamed('DCGM_FI_DEV_MAX_MEM_CLOCK', 'DCGM_FI_DEV_MEMORY_MAX_CLOCK_HERTZ'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: units(megahertz, hertz),
    help: 'Highest clock of device memory',
    read: ({ clocks }) => clocks?.memoryMaxHertz,
    native: promql`${gpu.gpu_memory_clock_max_hertz}`,
  },
  clockEventReasonsAs(unchanged('DCGM_FI_DEV_CLOCKS_EVENT_REASONS')),
  clockEventReasonsAs(onlyIn48('DCGM_FI_DEV_CLOCK_THROTTLE_REASONS')),
  {
    names: renamed('DCGM_FI_DEV_MEMORY_TEMP', 'DCGM_FI_DEV_MEMORY_TEMP_CELSIUS'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(celsius),
    help: 'Temperature of device memory',
    read: ({ thermal }) => thermal?.memoryCelsius,
    native: promql`${gpu.gpu_memory_temperature_celsius}`,
    note: 'Absent on boards without the sensor.',
  },
  {
    names: renamed('DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_GPU_TEMP_CELSIUS'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(celsius),
    help: 'Temperature of the GPU',
    read: ({ thermal }) => thermal?.coreCelsius,
    native: promql`${gpu.gpu_temperature_celsius}`,
  },
  {
    names: renamed('DCGM_FI_DEV_SLOWDOWN_TEMP', 'DCGM_FI_DEV_GPU_TEMP_SLOWDOWN_CELSIUS'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(celsius),
    help: 'Temperature at which the GPU slows down',
    read: ({ thermal }) => thermal?.slowdownCelsius,
    native: promql`${gpu.gpu_slowdown_temperature_celsius}`,
  },
  {
    names: renamed('DCGM_FI_DEV_SHUTDOWN_TEMP', 'DCGM_FI_DEV_GPU_TEMP_SHUTDOWN_CELSIUS'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(celsius),
    help: 'Temperature at which the GPU shuts down',
    read: ({ thermal }) => thermal?.shutdownCelsius,
    native: promql`${gpu.gpu_shutdown_temperature_celsius}`,
  },
  {
    names: renamed('DCGM_FI_DEV_MEM_MAX_OP_TEMP', 'DCGM_FI_DEV_MEMORY_MAX_OP_TEMP_CELSIUS'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(celsius),
    help: 'Highest operating temperature of device memory',
    read: ({ thermal }) => thermal?.memoryMaxCelsius,
    native: promql`${gpu.gpu_memory_max_temperature_celsius}`,
  },
  {
    names: renamed('DCGM_FI_DEV_POWER_USAGE', 'DCGM_FI_DEV_BOARD_POWER_WATTS'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(watts),
    help: 'Power drawn by the board',
    read: ({ power }) => power?.watts,
    native: promql`${gpu.gpu_power_watts}`,
  },
  {
    names: renamed('DCGM_FI_DEV_POWER_USAGE_INSTANT', 'DCGM_FI_DEV_BOARD_POWER_RAW_WATTS'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(watts),
    help: 'Power drawn by the board at the moment of the reading',
    read: ({ power }) => power?.instantWatts,
    native: promql`${gpu.gpu_power_instant_watts}`,
  },
  {
    names: renamed('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'DCGM_FI_DEV_GPU_ENERGY_JOULES_TOTAL'),
    kind: 'counter',
    defaultIn: byDefault,
    units: units(millijoules, joules),
    help: 'Energy used by the board since the driver was loaded',
    read: ({ power }) => power?.energyJoules,
    native: promql`${gpu.gpu_energy_joules_total}`,
    note: 'DCGM 4.7 gives whole joules, we keep the rest.',
  },
  powerLimit('enforced', renamed('DCGM_FI_DEV_ENFORCED_POWER_LIMIT', 'DCGM_FI_DEV_BOARD_POWER_LIMIT_ENFORCED_WATTS')),
  powerLimit('default', renamed('DCGM_FI_DEV_POWER_MGMT_LIMIT_DEF', 'DCGM_FI_DEV_BOARD_POWER_LIMIT_DEFAULT_WATTS')),
  powerLimit('min', renamed('DCGM_FI_DEV_POWER_MGMT_LIMIT_MIN', 'DCGM_FI_DEV_BOARD_POWER_LIMIT_MIN_WATTS')),
  powerLimit('max', renamed('DCGM_FI_DEV_POWER_MGMT_LIMIT_MAX', 'DCGM_FI_DEV_BOARD_POWER_LIMIT_MAX_WATTS')),
  {
    names: renamed('DCGM_FI_DEV_FAN_SPEED', 'DCGM_FI_DEV_FAN_SPEED_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: units(percent, ratio),
    help: 'Intended fan speed as a share of full speed',
    read: ({ fan }) => fan?.ratio,
    native: promql`${gpu.gpu_fan_ratio}`,
  },
  {
    names: renamed('DCGM_FI_DEV_PCIE_REPLAY_COUNTER', 'DCGM_FI_DEV_PCIE_REPLAY_TOTAL'),
    kind: 'counter',
    defaultIn: byDefault,
    units: sameUnit(count),
    help: 'PCIe packets that had to be sent again',
    read: ({ pcie }) => pcie?.replays,
    native: promql`${gpu.gpu_pcie_replays_total}`,
  },
  {
    names: unchanged('DCGM_FI_DEV_PCIE_LINK_GEN'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'PCIe generation of the link now',
    read: ({ pcie }) => pcie?.generation,
    native: promql`${gpu.gpu_pcie_link_generation}`,
  },
  {
    names: unchanged('DCGM_FI_DEV_PCIE_LINK_WIDTH'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'PCIe lanes in use now',
    read: ({ pcie }) => pcie?.width,
    native: promql`${gpu.gpu_pcie_link_width}`,
  },
  {
    names: unchanged('DCGM_FI_DEV_PCIE_MAX_LINK_GEN'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'Highest PCIe generation that GPU and slot support',
    read: ({ pcie }) => pcie?.generationMax,
    native: promql`${gpu.gpu_pcie_link_generation_max}`,
  },
  {
    names: unchanged('DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'Most PCIe lanes that GPU and slot support',
    read: ({ pcie }) => pcie?.widthMax,
    native: promql`${gpu.gpu_pcie_link_width_max}`,
  },
  {
    names: renamed('DCGM_FI_DEV_GPU_UTIL', 'DCGM_FI_DEV_GPU_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(percent, ratio),
    help: 'Share of time in which at least one kernel ran',
    read: ({ utilization }) => utilization?.gpuRatio,
    native: promql`${gpu.gpu_utilization_ratio}`,
  },
  {
    names: renamed('DCGM_FI_DEV_MEM_COPY_UTIL', 'DCGM_FI_DEV_MEMORY_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(percent, ratio),
    help: 'Share of time in which device memory was read or written',
    read: ({ utilization }) => utilization?.memoryControllerRatio,
    native: promql`${gpu.gpu_memory_controller_utilization_ratio}`,
  },
  {
    names: renamed('DCGM_FI_DEV_ENC_UTIL', 'DCGM_FI_DEV_ENC_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(percent, ratio),
    help: 'Share of time in which the video encoders worked',
    read: ({ engines }) => engines?.encoderRatio,
    native: promql`${gpu.gpu_encoder_utilization_ratio}`,
  },
  {
    names: renamed('DCGM_FI_DEV_DEC_UTIL', 'DCGM_FI_DEV_DEC_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(percent, ratio),
    help: 'Share of time in which the video decoders worked',
    read: ({ engines }) => engines?.decoderRatio,
    native: promql`${gpu.gpu_decoder_utilization_ratio}`,
  },
  {
    names: renamed('DCGM_FI_DEV_XID_ERRORS', 'DCGM_FI_DEV_XID_ERROR'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(code),
    help: 'Code of the last XID error, 0 if there was none',
    read: ({ xids }) => {
      const xid = lastXid(xids);
      return xid === undefined
        ? undefined
        : [{ labels: { err_code: String(xid), err_msg: xidMessage(xid) }, value: xid }];
    },
    native: undefined,
    note: 'Labels `err_code` and `err_msg`, the latter in our words. It forgets all errors but one; count with `gpu_xid_errors_total`.',
  },
  {
    names: unchanged('DCGM_EXP_XID_ERRORS_TOTAL'),
    kind: 'counter',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'XID errors since the exporter started, by code',
    read: ({ xids }) =>
      xids.map(({ xid, count: value }) => ({ labels: { xid: xid === otherXid ? 'other' : String(xid) }, value })),
    native: promql`${gpu.gpu_xid_errors_total}`,
    note: 'Label `xid`. Codes that call for action start at 0.',
  },
  violation('power', renamed('DCGM_FI_DEV_POWER_VIOLATION', 'DCGM_FI_DEV_GPU_POWER_THROTTLE_SECONDS_TOTAL')),
  violation('thermal', renamed('DCGM_FI_DEV_THERMAL_VIOLATION', 'DCGM_FI_DEV_GPU_THERMAL_THROTTLE_SECONDS_TOTAL')),
  violation('sync_boost', onlyIn48('DCGM_FI_DEV_SYNC_BOOST_VIOLATION')),
  violation('board_limit', onlyIn48('DCGM_FI_DEV_BOARD_LIMIT_VIOLATION')),
  violation('low_util', onlyIn48('DCGM_FI_DEV_LOW_UTIL_VIOLATION')),
  violation('reliability', onlyIn48('DCGM_FI_DEV_RELIABILITY_VIOLATION')),
  {
    names: renamed('DCGM_FI_DEV_FB_TOTAL', 'DCGM_FI_DEV_FB_CAPACITY_BYTES'),
    kind: 'gauge',
    defaultIn: ['dcgm-4.9'],
    units: units(mebibytes, bytes),
    help: 'Size of device memory',
    read: ({ memory }) => memory?.totalBytes,
    native: promql`${gpu.gpu_memory_total_bytes}`,
  },
  {
    names: renamed('DCGM_FI_DEV_FB_FREE', 'DCGM_FI_DEV_FB_FREE_BYTES'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(mebibytes, bytes),
    help: 'Device memory that can be allocated',
    read: ({ memory }) => memory?.freeBytes,
    native: promql`${gpu.gpu_memory_free_bytes}`,
  },
  {
    names: renamed('DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_FB_USED_BYTES'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(mebibytes, bytes),
    help: 'Device memory that processes allocated',
    read: ({ memory }) => memory?.usedBytes,
    native: promql`${gpu.gpu_memory_used_bytes}`,
  },
  {
    names: renamed('DCGM_FI_DEV_FB_RESERVED', 'DCGM_FI_DEV_FB_RESERVED_BYTES'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(mebibytes, bytes),
    help: 'Device memory reserved by driver and firmware',
    read: ({ memory }) => memory?.reservedBytes,
    native: promql`${gpu.gpu_memory_reserved_bytes}`,
  },
  {
    names: renamed('DCGM_FI_DEV_FB_USED_PERCENT', 'DCGM_FI_DEV_FB_USED_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Allocated device memory as a share of what is not reserved',
    read: ({ memory }) => (memory === undefined ? undefined : usedShare(memory)),
    native: promql`${gpu.gpu_memory_used_bytes} / (${gpu.gpu_memory_total_bytes} - ${gpu.gpu_memory_reserved_bytes})`,
    note: 'DCGM gives 0 to 1 in spite of the old name.',
  },
  ecc('correctable', 'volatile', unchanged('DCGM_FI_DEV_ECC_SBE_VOL_TOTAL')),
  ecc('uncorrectable', 'volatile', unchanged('DCGM_FI_DEV_ECC_DBE_VOL_TOTAL')),
  ecc('correctable', 'aggregate', unchanged('DCGM_FI_DEV_ECC_SBE_AGG_TOTAL')),
  ecc('uncorrectable', 'aggregate', unchanged('DCGM_FI_DEV_ECC_DBE_AGG_TOTAL')),
  {
    names: renamed('DCGM_FI_DEV_ECC_CURRENT', 'DCGM_FI_DEV_ECC_MODE'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(flag),
    help: '1 if ECC is on',
    read: ({ modes }) => asFlag(modes?.ecc),
    native: promql`${gpu.gpu_ecc_enabled}`,
  },
  {
    names: unchanged('DCGM_FI_DEV_ECC_PENDING'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(flag),
    help: '1 if ECC will be on after the next reboot',
    read: ({ modes }) => asFlag(modes?.eccPending),
    native: promql`${gpu.gpu_ecc_pending_enabled}`,
  },
  {
    names: renamed('DCGM_FI_DEV_RETIRED_SBE', 'DCGM_FI_DEV_PAGE_RETIRED_SBE_TOTAL'),
    kind: 'counter',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'Memory pages retired for correctable errors',
    read: ({ pages }) => pages?.correctable,
    native: select(gpu.gpu_retired_pages, { cause: 'correctable' }),
    note: 'Volta and older.',
  },
  {
    names: renamed('DCGM_FI_DEV_RETIRED_DBE', 'DCGM_FI_DEV_PAGE_RETIRED_DBE_TOTAL'),
    kind: 'counter',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: 'Memory pages retired for uncorrectable errors',
    read: ({ pages }) => pages?.uncorrectable,
    native: select(gpu.gpu_retired_pages, { cause: 'uncorrectable' }),
    note: 'Volta and older.',
  },
  {
    names: renamed('DCGM_FI_DEV_RETIRED_PENDING', 'DCGM_FI_DEV_PAGE_RETIRED_PENDING'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(flag),
    help: '1 if memory pages wait for a reboot to be retired',
    read: ({ pages }) => asFlag(pages?.pending),
    native: promql`${gpu.gpu_retired_pages_pending}`,
    note: 'dcgm-exporter ships it as a counter; it is 0 or 1.',
  },
  {
    names: renamed('DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS', 'DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL'),
    kind: 'counter',
    defaultIn: byDefault,
    units: sameUnit(count),
    help: 'Memory rows remapped for uncorrectable errors',
    read: ({ rows }) => rows?.uncorrectable,
    native: select(gpu.gpu_remapped_rows_total, { kind: 'uncorrectable' }),
    note: 'Ampere and newer.',
  },
  {
    names: renamed('DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS', 'DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL'),
    kind: 'counter',
    defaultIn: byDefault,
    units: sameUnit(count),
    help: 'Memory rows remapped for correctable errors',
    read: ({ rows }) => rows?.correctable,
    native: select(gpu.gpu_remapped_rows_total, { kind: 'correctable' }),
    note: 'Ampere and newer.',
  },
  {
    names: renamed('DCGM_FI_DEV_ROW_REMAP_FAILURE', 'DCGM_FI_DEV_ROW_REMAP_FAILED'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(flag),
    help: '1 if remapping of a memory row has failed',
    read: ({ rows }) => asFlag(rows?.failure),
    native: promql`${gpu.gpu_row_remap_failure}`,
    note: 'Ampere and newer.',
  },
  {
    names: unchanged('DCGM_FI_DEV_ROW_REMAP_PENDING'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(flag),
    help: '1 if a memory row waits for the next reset to be remapped',
    read: ({ rows }) => asFlag(rows?.pending),
    native: promql`${gpu.gpu_row_remap_pending}`,
    note: 'Ampere and newer.',
  },
  remapBanks('max'),
  remapBanks('high'),
  remapBanks('partial'),
  remapBanks('low'),
  remapBanks('none'),
  nvlinkErrors('crcFlitErrors', 'crc_flit', 'CRC_FLIT'),
  nvlinkErrors('crcDataErrors', 'crc_data', 'CRC_DATA'),
  nvlinkErrors('replays', 'replay', 'REPLAY'),
  nvlinkErrors('recoveries', 'recovery', 'RECOVERY'),
  {
    names: renamed('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', 'DCGM_FI_DEV_NVLINK_THROUGHPUT_BYTES_PER_SECOND'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: units(megabytesPerSecond, bytesPerSecond),
    help: 'Payload sent and received over all NVLink links since the reading before, per second',
    read: ({ rates }) => rates.nvlink,
    native: promql`sum without (link) (rate(${gpu.gpu_nvlink_transmit_bytes_total}[5m]) + rate(${gpu.gpu_nvlink_receive_bytes_total}[5m]))`,
    note: 'A rate: never put rate() over it. Releases before 4.8.3 called it a counter. Theirs is in whole MB/s of 1,024,000 bytes, ours keeps the fraction.',
  },
  {
    names: unchanged('DCGM_FI_DEV_VGPU_LICENSE_STATUS'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(flag),
    help: '1 if the vGPU has its licence',
    read: ({ vgpu }) => asFlag(vgpu?.licensed),
    native: promql`${gpu.gpu_vgpu_license_status}`,
    note: 'Absent where no licence is needed; DCGM gives 0 there.',
  },
  {
    names: renamed('DCGM_FI_DEV_COMPUTE_MODE', 'DCGM_FI_DEV_GPU_COMPUTE_MODE'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(code),
    help: 'Compute mode: 0 default, 2 prohibited, 3 exclusive process',
    read: ({ modes }) => (modes?.compute === undefined ? undefined : computeModes.indexOf(modes.compute)),
    native: undefined,
    note: 'Natively `gpu_compute_mode` has a series for each mode.',
  },
  {
    names: renamed('DCGM_FI_DEV_PERSISTENCE_MODE', 'DCGM_FI_DEV_GPU_PERSISTENCE_MODE'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(flag),
    help: '1 if the driver stays loaded without clients',
    read: ({ modes }) => asFlag(modes?.persistence),
    native: promql`${gpu.gpu_persistence_mode}`,
  },
  {
    names: unchanged('DCGM_FI_DEV_MIG_MODE'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(flag),
    help: '1 if the GPU is in MIG mode',
    read: ({ mig }) => asFlag(mig?.enabled),
    native: promql`${gpu.gpu_mig_enabled}`,
  },
  {
    names: renamed('DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION', 'DCGM_FI_DEV_GPU_RECOVERY_ACTION'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(code),
    help: 'Action by which the driver says that the GPU is to be recovered: 0 none, 1 reset, 2 reboot, 3 drain, 4 drain and reset',
    read: ({ recovery }) =>
      recovery === undefined || recovery.action === 'unknown' ? undefined : recoveryActions.indexOf(recovery.action),
    native: undefined,
    note: 'Natively `gpu_recovery_action` has a series for each action.',
  },
  {
    names: renamed('DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(ratio),
    help: 'Share of time in which the graphics or compute engine was active',
    read: ({ activity }) => activity?.graphicsRatio,
    native: promql`${gpu.gpu_graphics_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_SM_ACTIVE', 'DCGM_FI_PROF_SM_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Share of time in which a streaming multiprocessor had work, averaged over all of them',
    read: ({ activity }) => activity?.smRatio,
    native: promql`${gpu.gpu_sm_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_SM_OCCUPANCY', 'DCGM_FI_PROF_SM_OCCUPANCY_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Resident warps as a share of what the streaming multiprocessors can hold',
    read: ({ activity }) => activity?.smOccupancyRatio,
    native: promql`${gpu.gpu_sm_occupancy_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 'DCGM_FI_PROF_TENSOR_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(ratio),
    help: 'Share of time in which tensor cores were active',
    read: ({ activity }) => activity?.tensorRatio,
    native: promql`${gpu.gpu_tensor_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_DRAM_ACTIVE', 'DCGM_FI_PROF_DRAM_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(ratio),
    help: 'Device memory bandwidth in use as a share of what is possible',
    read: ({ activity }) => activity?.dramRatio,
    native: promql`${gpu.gpu_dram_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_PIPE_FP64_ACTIVE', 'DCGM_FI_PROF_FP64_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Share of time in which FP64 units were active',
    read: ({ activity }) => activity?.fp64Ratio,
    native: promql`${gpu.gpu_fp64_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_PIPE_FP32_ACTIVE', 'DCGM_FI_PROF_FP32_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Share of time in which FP32 units were active',
    read: ({ activity }) => activity?.fp32Ratio,
    native: promql`${gpu.gpu_fp32_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_PIPE_FP16_ACTIVE', 'DCGM_FI_PROF_FP16_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Share of time in which FP16 units other than tensor cores were active',
    read: ({ activity }) => activity?.fp16Ratio,
    native: promql`${gpu.gpu_fp16_active_ratio}`,
    note: hopper,
  },
  {
    names: renamed('DCGM_FI_PROF_PIPE_INT_ACTIVE', 'DCGM_FI_PROF_INT_UTIL_RATIO'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(ratio),
    help: 'Share of time in which integer units were active',
    read: ({ activity }) => activity?.integerRatio,
    native: promql`${gpu.gpu_integer_active_ratio}`,
    note: hopper,
  },
  {
    names: unchanged('DCGM_FI_PROF_PCIE_TX_BYTES'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(bytesPerSecond),
    help: 'Bytes that the GPU sent over PCIe since the reading before, per second',
    read: ({ activity, rates }) => activity?.pcieTransmitBytesPerSecond ?? rates.pcieTransmit,
    native: promql`rate(${gpu.gpu_pcie_transmit_bytes_total}[5m])`,
    note: 'A rate. From GPM on Hopper and newer, else from the byte counters of the GPU.',
  },
  {
    names: unchanged('DCGM_FI_PROF_PCIE_RX_BYTES'),
    kind: 'gauge',
    defaultIn: byDefault,
    units: sameUnit(bytesPerSecond),
    help: 'Bytes that the GPU received over PCIe since the reading before, per second',
    read: ({ activity, rates }) => activity?.pcieReceiveBytesPerSecond ?? rates.pcieReceive,
    native: promql`rate(${gpu.gpu_pcie_receive_bytes_total}[5m])`,
    note: 'A rate. From GPM on Hopper and newer, else from the byte counters of the GPU.',
  },
  {
    names: unchanged('DCGM_FI_PROF_NVLINK_TX_BYTES'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(bytesPerSecond),
    help: 'Bytes that the GPU sent over all NVLink links since the reading before, per second',
    read: ({ activity }) => activity?.nvlinkTransmitBytesPerSecond,
    native: promql`${gpu.gpu_nvlink_transmit_bytes_per_second}`,
    note: `A rate. ${hopper}`,
  },
  {
    names: unchanged('DCGM_FI_PROF_NVLINK_RX_BYTES'),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(bytesPerSecond),
    help: 'Bytes that the GPU received over all NVLink links since the reading before, per second',
    read: ({ activity }) => activity?.nvlinkReceiveBytesPerSecond,
    native: promql`${gpu.gpu_nvlink_receive_bytes_per_second}`,
    note: `A rate. ${hopper}`,
  },
];

export const dcgmLabels: readonly DcgmLabel[] = [
  {
    names: renamed('DCGM_FI_DRIVER_VERSION', 'DCGM_FI_SYSTEM_DRIVER_VERSION'),
    defaultIn: byDefault,
    read: (_identity, { driver }) => driver,
    native: 'label `driver` of `gpu_info`',
  },
  {
    names: renamed('DCGM_FI_NVML_VERSION', 'DCGM_FI_SYSTEM_NVML_VERSION'),
    defaultIn: onRequest,
    read: (_identity, { nvml }) => nvml,
    native: 'label `nvml` of `gpu_driver_info`',
  },
  {
    names: renamed('DCGM_FI_DEV_NAME', 'DCGM_FI_DEV_GPU_NAME'),
    defaultIn: onRequest,
    read: ({ model }) => model,
    native: 'label `model` of `gpu_info`',
  },
  {
    names: renamed('DCGM_FI_DEV_SERIAL', 'DCGM_FI_DEV_BOARD_SERIAL'),
    defaultIn: onRequest,
    read: ({ serial }) => serial,
    native: 'label `serial` of `gpu_info`',
  },
  {
    names: unchanged('DCGM_FI_DEV_VBIOS_VERSION'),
    defaultIn: onRequest,
    read: ({ vbios }) => vbios,
    native: 'label `vbios` of `gpu_info`',
  },
];

function clockEventReasonsAs(names: Names): DcgmField {
  return {
    names,
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(code),
    help: 'Bit mask of the reasons that hold the clocks down, as NVML numbers them',
    read: ({ clocks }) => (clocks?.activeReasons === undefined ? undefined : maskOf(clocks.activeReasons)),
    native: undefined,
    note: 'Bits that we have no name for are left out. Natively `gpu_clock_event_active` has a series for each reason.',
  };
}

function maskOf(reasons: readonly ClockEventReason[]): number {
  return clockEventReasons
    .filter((reason) => reason !== 'unknown')
    .reduce((mask, reason, bit) => (reasons.includes(reason) ? mask + 2 ** bit : mask), 0);
}

function powerLimit(kind: 'enforced' | 'default' | 'min' | 'max', names: Names): DcgmField {
  return {
    names,
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(watts),
    help: `Power limit of the board: ${kind}`,
    read: ({ power }) => power?.limitWatts[kind],
    native: select(gpu.gpu_power_limit_watts, { kind }),
  };
}

function violation(reason: ThrottleReason, names: Names): DcgmField {
  const isKnown = names['dcgm-4.9'] !== undefined;
  return {
    names,
    kind: 'counter',
    defaultIn: onRequest,
    units: units(nanoseconds, seconds),
    help: `Time for which the clocks were held down, reason ${reason}`,
    read: ({ throttle }) => throttle?.[reason],
    native: select(gpu.gpu_throttle_seconds_total, { reason }),
    ...(isKnown ? {} : { note: spelling }),
  };
}

function ecc(severity: 'correctable' | 'uncorrectable', lifetime: 'volatile' | 'aggregate', names: Names): DcgmField {
  const counter = { volatile: `${severity}Volatile`, aggregate: `${severity}Aggregate` } as const;
  return {
    names,
    kind: 'counter',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: `Memory errors found by ECC: ${severity}, ${lifetime}`,
    read: (device) => device.ecc?.[counter[lifetime]],
    native: select(gpu.gpu_ecc_errors_total, { severity, lifetime }),
  };
}

function remapBanks(availability: 'max' | 'high' | 'partial' | 'low' | 'none'): DcgmField {
  const end = availability.toUpperCase();
  return {
    names: renamed(`DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_${end}`, `DCGM_FI_DEV_BANK_REMAP_AVAIL_${end}`),
    kind: 'gauge',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: `Memory banks by the spare rows that they have left: ${availability}`,
    read: ({ rows }) => rows?.banks?.[availability],
    native: select(gpu.gpu_row_remap_banks, { availability }),
    note: 'Ampere and newer.',
  };
}

function nvlinkErrors(
  counter: 'crcFlitErrors' | 'crcDataErrors' | 'replays' | 'recoveries',
  kind: string,
  name: string,
): DcgmField {
  return {
    names: renamed(`DCGM_FI_DEV_NVLINK_${name}_ERROR_COUNT_TOTAL`, `DCGM_FI_DEV_NVLINK_${name}_ERROR_TOTAL`),
    kind: 'counter',
    defaultIn: onRequest,
    units: sameUnit(count),
    help: `NVLink errors over all links: ${kind}`,
    read: ({ nvlink }) =>
      sumOverLinks((nvlink?.links ?? []).map((link) => ({ link: link.link, value: link[counter] }))),
    native: promql`sum without (link, kind) (${select(gpu.gpu_nvlink_errors_total, { kind })})`,
  };
}

/** Where the GPU gives the sum itself, that alone counts. */
function sumOverLinks(
  links: readonly { readonly link: NvLinkState['link']; readonly value: number | undefined }[],
): number | undefined {
  const known = links.flatMap(({ link, value }) => (value === undefined ? [] : [{ link, value }]));
  const total = known.find(({ link }) => link === 'all');
  if (total !== undefined) return total.value;
  return known.length === 0 ? undefined : known.reduce((sum, { value }) => sum + value, 0);
}

function usedShare({ totalBytes, usedBytes, reservedBytes }: Memory): number | undefined {
  if (reservedBytes === undefined || reservedBytes >= totalBytes) return undefined;
  return usedBytes / (totalBytes - reservedBytes);
}

function asFlag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
