import { type Board, cells, defineBoard } from '../../dashboards/board.ts';
import { definePanels } from '../../dashboards/panel.ts';
import { gpu } from '../../metrics/gpu.ts';
import { inference } from '../../metrics/inference.ts';
import { bucket, promql, select } from '../../metrics/promql.ts';

const other = { uid: 'fleetlens-other', title: 'Other', variables: [{ name: 'node', label: 'node' }] } as const;

export const panels = definePanels('test', {
  plain: {
    visual: 'timeseries',
    metric: gpu.gpu_power_watts,
    queries: [{ expr: promql`max(${select(gpu.gpu_power_watts, { uuid: 'GPU-1' })})`, legend: 'max' }],
  },
  figure: {
    visual: 'stat',
    metric: gpu.gpu_temperature_celsius,
    title: 'How hot?',
    description: 'The hottest.',
    queries: [{ expr: promql`max(${gpu.gpu_temperature_celsius})`, legend: 'hottest' }],
    levels: { base: 'ok', steps: [[80, 'warning']] },
    noValue: 'No reading',
    decimals: 1,
  },
  top: {
    visual: 'bars',
    metric: gpu.gpu_power_watts,
    title: 'Hungriest',
    queries: [{ expr: promql`max by (node) (${select(gpu.gpu_power_watts, { uuid: 'GPU-1' })})`, legend: '{{node}}' }],
    max: 1000,
    leadsTo: other,
  },
  spread: {
    visual: 'heatmap',
    metric: inference.inference_request_duration_seconds,
    title: 'Spread',
    unit: 'count',
    boundsUnit: 'seconds',
    queries: [
      {
        expr: promql`sum by (le) (increase(${bucket(inference.inference_request_duration_seconds)}[$__rate_interval]))`,
        legend: '{{le}}',
      },
    ],
  },
  list: {
    visual: 'table',
    metric: gpu.gpu_up,
    title: 'Nodes',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      { heading: 'Up', unit: 'count', expr: promql`sum by (cluster, node) (${gpu.gpu_up})` },
      {
        heading: 'Hottest',
        unit: 'celsius',
        expr: promql`max by (cluster, node) (${gpu.gpu_temperature_celsius})`,
        levels: { base: 'ok', steps: [[80, 'critical']] },
      },
    ],
    sortBy: ['Hottest', 'largest'],
  },
  devices: {
    visual: 'table',
    metric: gpu.gpu_up,
    title: 'Devices',
    keys: [['uuid', 'UUID']],
    columns: [{ heading: 'Up', unit: 'count', expr: promql`topk(5, sum by (uuid) (${gpu.gpu_up}))` }],
  },
  curve: {
    visual: 'timeseries',
    metric: gpu.gpu_power_watts,
    title: 'Over time',
    queries: [{ expr: promql`max by (node) (${select(gpu.gpu_power_watts, { uuid: 'GPU-1' })})`, legend: '{{node}}' }],
    leadsTo: other,
  },
  elsewhere: {
    visual: 'table',
    metric: gpu.gpu_up,
    title: 'GPUs',
    keys: [
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
    ],
    columns: [{ heading: 'Up', unit: 'count', expr: promql`topk(5, sum by (node, gpu_id) (${gpu.gpu_up}))` }],
    leadsTo: {
      uid: 'fleetlens-other',
      title: 'Other',
      variables: [
        { name: 'node', label: 'node' },
        { name: 'gpu', label: 'gpu_id' },
      ],
    },
  },
});

/** A small board that has each kind of panel, a collapsed row and a variable. */
export function fakeBoard(change: Partial<Board> = {}): Board {
  return defineBoard({
    uid: 'fleetlens-test',
    title: 'Test',
    description: 'Is this a board for tests?',
    audience: 'tests',
    layers: ['GPU', 'physical'],
    tags: ['fleetlens', 'test'],
    from: 'now-1h',
    variables: [
      { name: 'node', label: 'Node', description: 'Nodes.', values: { of: select(gpu.gpu_up, {}), label: 'node' } },
    ],
    next: [
      { uid: 'fleetlens-other', title: 'Other', asks: 'What else?' },
      { page: 'risk', about: 'node', title: 'Risk', asks: 'Will it fail?' },
    ],
    rows: [
      { title: 'First', cells: [...cells(6, panels.figure), ...cells(12, panels.plain, panels.top, panels.spread)] },
      {
        title: 'Second',
        collapsed: true,
        cells: cells(24, panels.list, panels.elsewhere, panels.devices, panels.curve),
      },
    ],
    ...change,
  });
}
