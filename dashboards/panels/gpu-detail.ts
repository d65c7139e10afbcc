import { cmdb } from '../../metrics/cmdb.ts';
import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { toGpuFleet } from './board-links.ts';
import { fullness, heat, noneIsGood, onGpu, orZero } from './scope.ts';

const up = select(gpu.gpu_up, onGpu);
const temperature = one(select(gpu.gpu_temperature_celsius, onGpu));
const slowdown = one(select(gpu.gpu_slowdown_temperature_celsius, onGpu));
const enforced = one(select(gpu.gpu_power_limit_watts, { ...onGpu, kind: 'enforced' }));
const alerts = select(prometheus.ALERTS, onGpu);

const noReading = 'No reading';

function one(readings: Expr): Expr {
  return promql`max by (uuid) (${readings})`;
}

/** One GPU at a glance: how it is, what it is, and where. */
export const gpuDetailPanels = definePanels('gpu-detail', {
  up: {
    visual: 'stat',
    metric: gpu.gpu_up,
    title: 'Answers',
    unit: 'count',
    queries: [{ expr: promql`max(${up})`, legend: 'up' }],
    levels: { base: 'critical', steps: [[1, 'ok']] },
    noValue: 'No such GPU',
  },
  utilization: {
    visual: 'stat',
    metric: gpu.gpu_utilization_ratio,
    title: 'Utilization',
    queries: [{ expr: promql`max(${select(gpu.gpu_utilization_ratio, onGpu)})`, legend: 'busy' }],
    decimals: 0,
    noValue: noReading,
  },
  memoryFull: {
    visual: 'stat',
    metric: gpu.gpu_memory_used_bytes,
    title: 'Memory used',
    unit: 'ratio',
    queries: [
      {
        expr: promql`max(${select(gpu.gpu_memory_used_bytes, onGpu)}) / max(${select(gpu.gpu_memory_total_bytes, onGpu)})`,
        legend: 'used',
      },
    ],
    levels: fullness,
    decimals: 0,
    noValue: noReading,
  },
  temperature: {
    visual: 'stat',
    metric: gpu.gpu_temperature_celsius,
    title: 'Temperature',
    queries: [{ expr: promql`max(${temperature})`, legend: 'core' }],
    levels: heat,
    noValue: noReading,
  },
  margin: {
    visual: 'stat',
    metric: gpu.gpu_slowdown_temperature_celsius,
    title: 'Margin to limit',
    description:
      'How much warmer may it get? Distance to the temperature at which this GPU says that its hardware slows down.',
    queries: [{ expr: promql`min(${slowdown} - ${temperature})`, legend: 'left' }],
    levels: {
      base: 'critical',
      steps: [
        [0, 'warning'],
        [5, 'ok'],
      ],
    },
    noValue: 'No limit known',
  },
  powerOfLimit: {
    visual: 'stat',
    metric: gpu.gpu_power_watts,
    title: 'Of power limit',
    description:
      'How much of its power limit does it draw? Power drawn by the board as a share of the limit that is in force.',
    unit: 'ratio',
    queries: [{ expr: promql`max(${select(gpu.gpu_power_watts, onGpu)}) / max(${enforced})`, legend: 'drawn' }],
    decimals: 0,
    noValue: noReading,
  },
  firing: {
    visual: 'stat',
    metric: prometheus.ALERTS,
    title: 'Alerts firing',
    description: 'How many alerts name it? Alerts with the UUID of this GPU that are firing now.',
    unit: 'count',
    queries: [
      {
        expr: orZero(promql`count(${select(prometheus.ALERTS, { ...onGpu, alertstate: 'firing' })})`, up),
        legend: 'firing',
      },
    ],
    levels: noneIsGood,
    noValue: 'No such GPU',
  },
  failure: {
    visual: 'table',
    metric: gpu.gpu_failure_info,
    title: 'Why does it not answer?',
    keys: [
      ['error', 'Error'],
      ['node', 'Node'],
      ['uuid', 'UUID'],
    ],
    columns: [
      {
        heading: 'GPUs',
        unit: 'count',
        expr: promql`count by (error, node, uuid) (${select(gpu.gpu_failure_info, onGpu)})`,
      },
    ],
    noValue: 'It answers',
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts name it, and since when?',
    description:
      'Pending and firing alerts with the UUID of this GPU, and how long their condition has held. Alerts about its node or its run are on other boards.',
    keys: [
      ['alertstate', 'State'],
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
    ],
    columns: [
      { heading: 'Instances', unit: 'count', expr: promql`count by (alertstate, severity, alertname) (${alerts})` },
      {
        heading: 'For',
        unit: 'seconds',
        expr: promql`time() - min by (severity, alertname) (${select(prometheus.ALERTS_FOR_STATE, onGpu)})`,
      },
    ],
    sortBy: ['For', 'largest'],
    noValue: 'None',
  },
  facts: {
    visual: 'table',
    metric: gpu.gpu_info,
    title: 'What is it?',
    description: 'Product, serial number, address and versions, as the driver says.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['uuid', 'UUID'],
      ['model', 'Model'],
      ['serial', 'Serial'],
      ['pci_bus_id', 'PCI address'],
      ['vbios', 'Video BIOS'],
      ['driver', 'Driver'],
    ],
    columns: [
      {
        heading: 'GPUs',
        unit: 'count',
        expr: promql`count by (cluster, node, gpu_id, uuid, model, serial, pci_bus_id, vbios, driver) (${select(gpu.gpu_info, onGpu)})`,
      },
    ],
    leadsTo: toGpuFleet,
    noValue: 'No such GPU',
  },
  place: {
    visual: 'table',
    metric: cmdb.cmdb_ci_info,
    title: 'Where is it, and whose is it?',
    description: 'What the inventory says of this GPU: place, tenant, owner, who is on call, and its state.',
    keys: [
      ['name', 'Name'],
      ['site', 'Site'],
      ['room', 'Room'],
      ['rack', 'Rack'],
      ['tenant', 'Tenant'],
      ['owner', 'Owner'],
      ['team', 'On call'],
      ['state', 'State'],
    ],
    columns: [
      {
        heading: 'Items',
        unit: 'count',
        expr: promql`count by (name, site, room, rack, tenant, owner, team, state) (max by (ci, name, site, room, rack, tenant, owner, team, state) (${select(cmdb.cmdb_ci_info, { ...onGpu, class: 'gpu' })}))`,
      },
    ],
    noValue: 'No inventory',
  },
});
