import { nodeExporter } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { defineRecordings } from '../recording.ts';

const idle = select(nodeExporter.node_cpu_seconds_total, { mode: 'idle' });

const ports = promql`max by (cluster, node, device, port) (${nodeHost.node_infiniband_state_id})`;

/** A GPU node has hundreds of CPUs, so they are added up once for all who ask. */
export const nodeGroup = defineRecordings(
  { group: 'node', interval: '1m', profile: 'node' },
  {
    'node:node_cpu_busy:ratio2m': {
      help: 'Share of the time that the CPUs of a machine are not idle, over two minutes.',
      unit: 'ratio',
      labels: ['cluster', 'node'],
      expr: promql`1 - avg by (cluster, node) (rate(${idle}[2m]))`,
    },
    'node:node_cpu:count': {
      help: 'Logical CPUs of a machine.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`count by (cluster, node) (${idle})`,
    },
    'node:node_infiniband_state_id:active': {
      help: 'Ports of InfiniBand and RoCE of a machine that are active.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`count by (cluster, node) (${ports} == 4) or 0 * count by (cluster, node) (${ports})`,
    },
    'node:node_infiniband_state_id:count': {
      help: 'Ports of InfiniBand and RoCE of a machine, also those that were never connected.',
      unit: 'none',
      labels: ['cluster', 'node'],
      expr: promql`count by (cluster, node) (${ports})`,
    },
  },
);
