import { cmdb } from '../../metrics/cmdb.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { type BoardLink, definePanels } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { heat, onNodes, onShownNode } from './scope.ts';

const legend = '{{node}} · {{gpu_id}}';
const bounded = 'Of the node that is chosen above as the node in detail.';

/** A node may have 16 GPUs; more of them, by mistake of a label, are not drawn. */
function perGpu(
  metric: PlainMetric,
  readings: Expr,
): { metric: PlainMetric; queries: [{ expr: Expr; legend: string }]; leadsTo: BoardLink } {
  const expr = promql`topk(16, max by (cluster, node, gpu_id, uuid) (${readings}))`;
  return { metric, queries: [{ expr, legend }], leadsTo: toGpuDetail };
}

/** One curve for each GPU of one node. */
export const gpuDevicePanels = definePanels('gpu-devices', {
  utilization: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_utilization_ratio, select(gpu.gpu_utilization_ratio, onShownNode)),
    description: `${gpu.gpu_utilization_ratio.help} ${bounded}`,
    max: 1,
  },
  memoryUsed: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_memory_used_bytes, select(gpu.gpu_memory_used_bytes, onShownNode)),
    description: `${gpu.gpu_memory_used_bytes.help} ${bounded}`,
  },
  temperature: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_temperature_celsius, select(gpu.gpu_temperature_celsius, onShownNode)),
    description: `${gpu.gpu_temperature_celsius.help} ${bounded}`,
    levels: heat,
  },
  memoryTemperature: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_memory_temperature_celsius, select(gpu.gpu_memory_temperature_celsius, onShownNode)),
    description: `${gpu.gpu_memory_temperature_celsius.help} ${bounded}`,
    noValue: 'No reading',
  },
  power: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_power_watts, select(gpu.gpu_power_watts, onShownNode)),
    description: `${gpu.gpu_power_watts.help} ${bounded}`,
  },
  clock: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_sm_clock_hertz, select(gpu.gpu_sm_clock_hertz, onShownNode)),
    description: `${gpu.gpu_sm_clock_hertz.help} ${bounded}`,
  },
  fan: {
    visual: 'timeseries',
    ...perGpu(gpu.gpu_fan_ratio, select(gpu.gpu_fan_ratio, onShownNode)),
    description: `${gpu.gpu_fan_ratio.help} ${bounded}`,
    max: 1,
    noValue: 'No fans',
  },
  facts: {
    visual: 'table',
    metric: gpu.gpu_info,
    title: 'Which boards are these?',
    description: 'GPUs of the node that is chosen above as the node in detail.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['model', 'Model'],
      ['serial', 'Serial'],
      ['uuid', 'UUID'],
      ['vbios', 'Video BIOS'],
    ],
    columns: [
      {
        heading: 'GPUs',
        unit: 'count',
        expr: promql`topk(64, count by (cluster, node, gpu_id, model, serial, uuid, vbios) (${select(gpu.gpu_info, onShownNode)}))`,
      },
    ],
    leadsTo: toGpuDetail,
    noValue: 'No GPU seen',
  },
  inInventory: {
    visual: 'table',
    metric: cmdb.cmdb_ci_info,
    title: 'Where are these nodes, and whose are they?',
    description: 'What the inventory says of the chosen nodes, at most 64; the link opens the board of the inventory.',
    keys: [
      ['node', 'Node'],
      ['site', 'Site'],
      ['rack', 'Rack'],
      ['tenant', 'Tenant'],
      ['owner', 'Owner'],
      ['state', 'State'],
    ],
    columns: [
      {
        heading: 'Servers',
        unit: 'count',
        expr: promql`topk(64, count by (node, site, rack, tenant, owner, state) (${select(cmdb.cmdb_ci_info, { node: onNodes.node, class: 'server' })}))`,
      },
    ],
    leadsTo: {
      uid: 'fleetlens-inventory',
      title: 'Inventory and drift',
      variables: [{ name: 'node', label: 'node' }],
    },
    noValue: 'No inventory',
  },
});
