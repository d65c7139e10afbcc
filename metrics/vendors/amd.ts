import { defineForeignMetrics } from '../define.ts';

/**
 * Series of AMD's device-metrics-exporter with the prefix `amd_` of its packaged configuration, and with the labels that our scrape
 * jobs make: `uuid` of `serial_number`. Names are those of its list of metrics; it declares all of them gauges, counts included.
 */
const gpu = ['gpu_id', 'uuid', 'pod', 'job_id'] as const;

export const amd = defineForeignMetrics('external:amd', {
  amd_gpu_health: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the exporter takes the GPU for healthy, else 0.',
    labels: gpu,
  },
  amd_gpu_junction_temperature: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Temperature of the hottest spot (MI300 and newer).',
    labels: gpu,
  },
  amd_gpu_edge_temperature: {
    kind: 'gauge',
    unit: 'celsius',
    help: 'Temperature at the edge of the die (MI200).',
    labels: gpu,
  },
  amd_gpu_memory_temperature: { kind: 'gauge', unit: 'celsius', help: 'Memory temperature.', labels: gpu },
  amd_gpu_gfx_activity: {
    kind: 'gauge',
    unit: 'percent',
    help: 'Share of time in which the graphics or compute engine worked.',
    labels: gpu,
  },
  amd_gpu_total_vram: { kind: 'gauge', unit: 'none', help: 'Size of device memory, in MB.', labels: gpu },
  amd_gpu_used_vram: { kind: 'gauge', unit: 'none', help: 'Device memory in use, in MB.', labels: gpu },
  amd_gpu_free_vram: { kind: 'gauge', unit: 'none', help: 'Device memory that is free, in MB.', labels: gpu },
  amd_gpu_ecc_correct_total: { kind: 'counter', unit: 'none', help: 'Memory errors that ECC corrected.', labels: gpu },
  amd_gpu_ecc_uncorrect_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Memory errors that ECC could not correct.',
    labels: gpu,
  },
  amd_pcie_replay_count: {
    kind: 'counter',
    unit: 'none',
    help: 'PCIe packets that had to be sent again (MI300 and newer).',
    labels: gpu,
  },
  amd_gpu_violation_socket_thermal_residency_percentage: {
    kind: 'gauge',
    unit: 'percent',
    help: 'Share of time in which heat of the socket held the clocks down (MI300 and newer).',
    labels: gpu,
  },
  amd_gpu_violation_ppt_residency_percentage: {
    kind: 'gauge',
    unit: 'percent',
    help: 'Share of time in which the power limit held the clocks down (MI300 and newer).',
    labels: gpu,
  },
});
