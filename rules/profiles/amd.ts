import { promql } from '../../metrics/promql.ts';
import { amd } from '../../metrics/vendors/amd.ts';
import type { Alert, AlertTheme } from '../alert.ts';
import { defineAlerts } from '../alert.ts';
import { exampleGpu } from '../examples.ts';
import { drainNode, whichGpu } from '../gpu-texts.ts';
import { recent } from '../vectors.ts';
import { errorAlerts } from './errors.ts';
import { guardAlerts } from './guards.ts';
import { heatAlerts } from './heat.ts';
import { linkAlerts } from './links.ts';
import { memoryAlerts } from './memory.ts';
import { type GpuSignals, ofGpu, type Signal, shown, type VendorMetric } from './signals.ts';

const profile = 'amd';
const percent = (metric: VendorMetric): Signal => ({ metric, unitsPerBase: 100 });
const megabytes = (metric: VendorMetric): Signal => ({ metric, unitsPerBase: 1 / 1_048_576 });
const plain = (metric: VendorMetric): Signal => ({ metric, unitsPerBase: 1 });

/** AMD's exporter has no XIDs, no remapped rows and no clock reasons; what it takes for unhealthy is in its own flag. */
export const amdSignals: GpuSignals = {
  profile,
  temperature: { ...plain(amd.amd_gpu_junction_temperature), or: amd.amd_gpu_edge_temperature },
  memoryTemperature: plain(amd.amd_gpu_memory_temperature),
  utilization: percent(amd.amd_gpu_gfx_activity),
  memoryTotal: megabytes(amd.amd_gpu_total_vram),
  memoryUsed: megabytes(amd.amd_gpu_used_vram),
  memoryFree: megabytes(amd.amd_gpu_free_vram),
  heldByHeat: { shareOf: percent(amd.amd_gpu_violation_socket_thermal_residency_percentage) },
  heldByPower: { shareOf: percent(amd.amd_gpu_violation_ppt_residency_percentage) },
  uncorrectable: plain(amd.amd_gpu_ecc_uncorrect_total),
  correctable: plain(amd.amd_gpu_ecc_correct_total),
  pcieReplays: plain(amd.amd_pcie_replay_count),
};

const health = plain(amd.amd_gpu_health);

const unhealthy: Alert = {
  name: 'AmdGpuUnhealthy',
  expr: promql`${ofGpu(health, recent)} == 0`,
  for: '2m',
  severity: 'critical',
  action: 'drain',
  domain: 'gpu',
  team: 'sre',
  summary: 'The exporter of AMD takes a GPU for unhealthy.',
  description: `${whichGpu} is unhealthy by the judgement of its exporter. Drain the node and read its RAS errors with amd-smi.`,
  runbook: {
    meaning:
      'The exporter compares counts of errors that cannot be corrected with its thresholds, which are 0 unless its configuration says otherwise. The device plugin of AMD takes such a GPU out of what can be allocated.',
    firstLook: [
      'Which block: `curl -s http://<node>:5000/metrics | grep ^amd_gpu_ecc_uncorrect_`.',
      'On the node: `amd-smi metric --ecc --gpu <gpu_id>` and `amd-smi ras --cper --gpu=<gpu_id>`.',
      'The kernel log: `dmesg -T | grep -i amdgpu | tail -50`.',
    ],
    remedy: [
      drainNode,
      'Reset it: `amd-smi reset --gpureset --gpu <gpu_id>`; if that is refused, reboot the node.',
      'The errors come back: open a case with the maker of the server, with the output of `amd-smi` above.',
    ],
  },
  fires: {
    when: 'The flag goes down and stays',
    series: [shown(health, '1x3 0x10')],
    at: '8m',
    alerts: [exampleGpu],
  },
  quiet: { when: 'It goes down for a moment', series: [shown(health, '1x3 0 1x10')], at: '8m' },
};

const texts = {
  prefix: 'Amd',
  exporter: 'device-metrics-exporter',
  flag: '--rules.profiles',
  labels:
    'Relabel in the scrape job as `prometheus/scrape-gpu-vendors.yml` does: `uuid` of `serial_number`, `node` of the target; and set `MetricsFieldPrefix` to `amd_` in the configuration of the exporter, so that its names do not collide with ours.',
  curl: '`curl -s http://<node>:5000/metrics | grep -c ^amd_gpu_`',
  fields: 'counts of ECC errors',
  askForFields: 'Add GPU_ECC_UNCORRECT_TOTAL and the other fields of the guide to `Fields` in its configuration.',
} as const;

const levels = {
  high: 'amdJunctionTemperatureHighCelsius',
  critical: 'amdJunctionTemperatureCriticalCelsius',
} as const;

export const amdThemes: readonly AlertTheme[] = [
  defineAlerts({ theme: 'amd-errors', profile, alerts: [unhealthy, ...errorAlerts(amdSignals)] }),
  defineAlerts({ theme: 'amd-heat', profile, alerts: heatAlerts(amdSignals, levels) }),
  defineAlerts({ theme: 'amd-memory', profile, interval: '1m', alerts: memoryAlerts(amdSignals) }),
  defineAlerts({ theme: 'amd-links', profile, interval: '1m', alerts: linkAlerts(amdSignals) }),
  defineAlerts({ theme: 'amd-guards', profile, alerts: guardAlerts(amdSignals, amdSignals.uncorrectable, texts) }),
];
