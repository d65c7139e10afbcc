import { defineForeignMetrics } from '../define.ts';

/**
 * Series of dcgm-exporter with the labels that our scrape jobs make: `gpu_id` of `gpu`, `uuid` of `UUID`, `job_id` of `hpc_job`.
 * Names and units are those of its counters files and of the headers of DCGM 4.6 and 4.7.
 */
const gpu = ['gpu_id', 'uuid', 'pod', 'job_id'] as const;

/** Those that every release has. */
export const dcgm = defineForeignMetrics('external:dcgm', {
  DCGM_FI_DEV_CLOCKS_EVENT_REASONS: {
    kind: 'gauge',
    unit: 'none',
    help: 'Bit mask of the reasons that hold the clocks down, as NVML numbers them.',
    labels: gpu,
  },
  DCGM_FI_DEV_ECC_DBE_VOL_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory errors that ECC could not correct since the driver was loaded.',
    labels: gpu,
  },
  DCGM_FI_DEV_ECC_SBE_VOL_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory errors that ECC corrected since the driver was loaded.',
    labels: gpu,
  },
  DCGM_FI_DEV_ROW_REMAP_PENDING: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if a memory row waits for the next reset to be remapped.',
    labels: gpu,
  },
  DCGM_FI_DEV_PCIE_LINK_GEN: { kind: 'gauge', unit: 'none', help: 'PCIe generation of the link now.', labels: gpu },
  DCGM_FI_DEV_PCIE_MAX_LINK_GEN: {
    kind: 'gauge',
    unit: 'none',
    help: 'Highest PCIe generation of the link.',
    labels: gpu,
  },
  DCGM_FI_DEV_PCIE_LINK_WIDTH: { kind: 'gauge', unit: 'none', help: 'PCIe lanes in use now.', labels: gpu },
  DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: { kind: 'gauge', unit: 'none', help: 'Highest number of PCIe lanes.', labels: gpu },
  DCGM_EXP_XID_ERRORS_COUNT: {
    kind: 'gauge',
    unit: 'none',
    help: 'XID errors within a window of five minutes that slides, by code; no counter, although some files declare it one.',
    labels: [...gpu, 'xid'],
  },
});

/** Up to 4.8. */
export const dcgm48 = defineForeignMetrics('external:dcgm', {
  DCGM_FI_DEV_GPU_TEMP: { kind: 'gauge', unit: 'celsius', help: 'Core temperature.', labels: gpu },
  DCGM_FI_DEV_SLOWDOWN_TEMP: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Core temperature at which the hardware slows down.',
    labels: gpu,
  },
  DCGM_FI_DEV_MEMORY_TEMP: { kind: 'gauge', unit: 'celsius', help: 'Memory temperature.', labels: gpu },
  DCGM_FI_DEV_MEM_MAX_OP_TEMP: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Memory temperature above which memory slows down.',
    labels: gpu,
  },
  DCGM_FI_DEV_POWER_USAGE: { kind: 'gauge', unit: 'watts', help: 'Power drawn by the board.', labels: gpu },
  DCGM_FI_DEV_ENFORCED_POWER_LIMIT: { kind: 'gauge', unit: 'watts', help: 'Power limit in force.', labels: gpu },
  DCGM_FI_DEV_GPU_UTIL: { kind: 'gauge', unit: 'percent', help: 'Share of time in which a kernel ran.', labels: gpu },
  DCGM_FI_DEV_SM_CLOCK: {
    kind: 'gauge',
    unit: 'none',
    help: 'Clock of the streaming multiprocessors, in MHz.',
    labels: gpu,
  },
  DCGM_FI_DEV_FB_TOTAL: { kind: 'gauge', unit: 'none', help: 'Size of device memory, in MiB.', labels: gpu },
  DCGM_FI_DEV_FB_USED: { kind: 'gauge', unit: 'none', help: 'Device memory in use, in MiB.', labels: gpu },
  DCGM_FI_DEV_FB_FREE: { kind: 'gauge', unit: 'none', help: 'Device memory that is free, in MiB.', labels: gpu },
  DCGM_FI_DEV_THERMAL_VIOLATION: {
    kind: 'counter',
    unit: 'none',
    help: 'Time for which heat held the clocks down, in ns.',
    labels: gpu,
  },
  DCGM_FI_DEV_POWER_VIOLATION: {
    kind: 'counter',
    unit: 'none',
    help: 'Time for which the power cap held the clocks down, in ns.',
    labels: gpu,
  },
  DCGM_FI_DEV_PCIE_REPLAY_COUNTER: {
    kind: 'counter',
    unit: 'none',
    help: 'PCIe packets that had to be sent again.',
    labels: gpu,
  },
  DCGM_FI_DEV_FAN_SPEED: { kind: 'gauge', unit: 'percent', help: 'Speed of the fan.', labels: gpu },
  DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory rows remapped for uncorrectable errors.',
    labels: gpu,
  },
  DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory rows remapped for correctable errors.',
    labels: gpu,
  },
  DCGM_FI_DEV_ROW_REMAP_FAILURE: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if remapping of a memory row has failed.',
    labels: gpu,
  },
  DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION: {
    kind: 'gauge',
    unit: 'none',
    help: 'What the driver asks for to recover the GPU, as NVML numbers it; 0 for nothing.',
    labels: gpu,
  },
  DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'CRC errors of flits over all NVLink links.',
    labels: gpu,
  },
  DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'CRC errors of data over all NVLink links.',
    labels: gpu,
  },
  DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'Recoveries over all NVLink links.',
    labels: gpu,
  },
  DCGM_FI_DEV_CLOCK_THROTTLE_REASONS: {
    kind: 'gauge',
    unit: 'none',
    help: 'The name of DCGM_FI_DEV_CLOCKS_EVENT_REASONS in 3.x.',
    labels: gpu,
  },
});

/** Since 4.9, in base units. */
export const dcgm49 = defineForeignMetrics('external:dcgm', {
  DCGM_FI_DEV_GPU_TEMP_CELSIUS: { kind: 'gauge', unit: 'celsius', help: 'Core temperature.', labels: gpu },
  DCGM_FI_DEV_GPU_TEMP_SLOWDOWN_CELSIUS: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Core temperature at which the hardware slows down.',
    labels: gpu,
  },
  DCGM_FI_DEV_MEMORY_TEMP_CELSIUS: { kind: 'gauge', unit: 'celsius', help: 'Memory temperature.', labels: gpu },
  DCGM_FI_DEV_MEMORY_MAX_OP_TEMP_CELSIUS: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Memory temperature above which memory slows down.',
    labels: gpu,
  },
  DCGM_FI_DEV_BOARD_POWER_WATTS: { kind: 'gauge', unit: 'watts', help: 'Power drawn by the board.', labels: gpu },
  DCGM_FI_DEV_BOARD_POWER_LIMIT_ENFORCED_WATTS: {
    kind: 'gauge',
    unit: 'watts',
    help: 'Power limit in force.',
    labels: gpu,
  },
  DCGM_FI_DEV_GPU_UTIL_RATIO: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of time in which a kernel ran.',
    labels: gpu,
  },
  DCGM_FI_DEV_SM_CLOCK_HERTZ: {
    kind: 'gauge',
    unit: 'hertz',
    help: 'Clock of the streaming multiprocessors.',
    labels: gpu,
  },
  DCGM_FI_DEV_FB_CAPACITY_BYTES: { kind: 'gauge', unit: 'bytes', help: 'Size of device memory.', labels: gpu },
  DCGM_FI_DEV_FB_USED_BYTES: { kind: 'gauge', unit: 'bytes', help: 'Device memory in use.', labels: gpu },
  DCGM_FI_DEV_FB_FREE_BYTES: { kind: 'gauge', unit: 'bytes', help: 'Device memory that is free.', labels: gpu },
  DCGM_FI_DEV_GPU_THERMAL_THROTTLE_SECONDS_TOTAL: {
    kind: 'counter',
    unit: 'seconds',
    help: 'Time for which heat held the clocks down.',
    labels: gpu,
  },
  DCGM_FI_DEV_GPU_POWER_THROTTLE_SECONDS_TOTAL: {
    kind: 'counter',
    unit: 'seconds',
    help: 'Time for which the power cap held the clocks down.',
    labels: gpu,
  },
  DCGM_FI_DEV_PCIE_REPLAY_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'PCIe packets that had to be sent again.',
    labels: gpu,
  },
  DCGM_FI_DEV_FAN_SPEED_RATIO: { kind: 'gauge', unit: 'ratio', help: 'Speed of the fan.', labels: gpu },
  DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory rows remapped for uncorrectable errors.',
    labels: gpu,
  },
  DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory rows remapped for correctable errors.',
    labels: gpu,
  },
  DCGM_FI_DEV_ROW_REMAP_FAILED: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if remapping of a memory row has failed.',
    labels: gpu,
  },
  DCGM_FI_DEV_GPU_RECOVERY_ACTION: {
    kind: 'gauge',
    unit: 'none',
    help: 'What the driver asks for to recover the GPU, as NVML numbers it; 0 for nothing.',
    labels: gpu,
  },
  DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'CRC errors of flits over all NVLink links.',
    labels: gpu,
  },
  DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'CRC errors of data over all NVLink links.',
    labels: gpu,
  },
  DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_TOTAL: {
    kind: 'counter',
    unit: 'none',
    help: 'Recoveries over all NVLink links.',
    labels: gpu,
  },
});
