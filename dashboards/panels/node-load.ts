import { nodeExporter } from '../../metrics/external.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { nodeGroup } from '../../rules/recording/node.ts';
import { definePanels } from '../panel.ts';
import { noRecording, onNodes, perNode } from './scope.ts';

const busy = perNode(select(nodeGroup.series['node:node_cpu_busy:ratio2m'], onNodes));
const cpus = perNode(select(nodeGroup.series['node:node_cpu:count'], onNodes));
const load = perNode(select(nodeHost.node_load15, onNodes));
const total = perNode(select(nodeExporter.node_memory_MemTotal_bytes, onNodes));
const available = perNode(select(nodeHost.node_memory_MemAvailable_bytes, onNodes));

/** Share of time in which somebody waited, of the machine that waited most. */
function waited(metric: PlainMetric): Expr {
  return promql`max(rate(${select(metric, onNodes)}[$__rate_interval]))`;
}

/** CPU, memory, and who waits for them. */
export const nodeLoadPanels = definePanels('node-load', {
  cpu: {
    visual: 'timeseries',
    metric: nodeExporter.node_cpu_seconds_total,
    title: 'Are the CPUs busy?',
    description:
      'Share of time in which CPUs were not idle: the mean machine, and the tenth of machines with the least and with the most.',
    unit: 'ratio',
    queries: [
      { expr: promql`avg(${busy})`, legend: 'mean' },
      { expr: promql`quantile(0.1, ${busy})`, legend: 'idlest 10 %' },
      { expr: promql`quantile(0.9, ${busy})`, legend: 'busiest 10 %' },
    ],
    max: 1,
    noValue: noRecording,
  },
  memory: {
    visual: 'timeseries',
    metric: nodeExporter.node_memory_MemTotal_bytes,
    title: 'How much main memory is in use?',
    description:
      'Memory that processes could not have any more, and what is installed. Files that are cached count as free.',
    queries: [
      { expr: promql`sum(${total}) - sum(${available})`, legend: 'used' },
      { expr: promql`sum(${total})`, legend: 'installed' },
    ],
  },
  pressure: {
    visual: 'timeseries',
    metric: nodeHost.node_pressure_cpu_waiting_seconds_total,
    title: 'Does somebody wait for CPU, disks or memory?',
    description: 'Share of time in which some process waited, on the machine where it was most.',
    unit: 'ratio',
    queries: [
      { expr: waited(nodeHost.node_pressure_cpu_waiting_seconds_total), legend: 'CPU' },
      { expr: waited(nodeHost.node_pressure_io_waiting_seconds_total), legend: 'disks and shares' },
      { expr: waited(nodeHost.node_pressure_memory_waiting_seconds_total), legend: 'memory' },
    ],
    noValue: 'No pressure information: Linux 4.20 or newer has it',
  },
  loadPerCpu: {
    visual: 'timeseries',
    metric: nodeHost.node_load15,
    title: 'Which machines have the highest load?',
    description:
      'Load over fifteen minutes for each CPU, of the eight machines with the highest; above 100 % processes wait.',
    unit: 'ratio',
    queries: [{ expr: promql`topk(8, ${load} / ${cpus})`, legend: '{{node}}' }],
    noValue: noRecording,
  },
  busiest: {
    visual: 'bars',
    metric: nodeExporter.node_cpu_seconds_total,
    title: 'Which machines have the busiest CPUs?',
    description: 'The ten machines whose CPUs were idle for the smallest share of time.',
    unit: 'ratio',
    queries: [{ expr: promql`topk(10, ${busy})`, legend: '{{node}}' }],
    max: 1,
    noValue: noRecording,
  },
  leastMemory: {
    visual: 'bars',
    metric: nodeHost.node_memory_MemAvailable_bytes,
    title: 'Which machines have the least memory left?',
    description: 'The ten machines with the smallest share of memory that processes could still have.',
    unit: 'ratio',
    queries: [{ expr: promql`bottomk(10, ${available} / ${total})`, legend: '{{node}}' }],
    max: 1,
  },
});
