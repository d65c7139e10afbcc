import { nodeExporter, prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { kubeState } from '../../metrics/vendors/kube-state-metrics.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { nodeGroup } from '../../rules/recording/node.ts';
import { nodeRacksGroup } from '../../rules/recording/node-racks.ts';
import { definePanels } from '../panel.ts';
import { localUsed } from './node-series.ts';
import { allocatableGpus, requestedGpus } from './platform-series.ts';
import { diskFullness, hostJob, noneIsBetter, noneIsGood, noRecording, onNodes, orZero, perNode } from './scope.ts';

const noHost = 'No node_exporter';

const up = perNode(select(prometheus.up, hostJob));
const busy = perNode(select(nodeGroup.series['node:node_cpu_busy:ratio2m'], onNodes));
const available = perNode(select(nodeHost.node_memory_MemAvailable_bytes, onNodes));
const memory = perNode(select(nodeExporter.node_memory_MemTotal_bytes, onNodes));
const uptime = promql`(time() - ${perNode(select(nodeHost.node_boot_time_seconds, onNodes))})`;
const portsDown = perNode(select(nodeRacksGroup.series['node_rack:node_infiniband_ports:down'], onNodes));
const firing = select(prometheus.ALERTS, { ...onNodes, alertstate: 'firing', domain: 'platform' });
const firingAnywhere = select(prometheus.ALERTS, {
  cluster: onNodes.cluster,
  alertstate: 'firing',
  domain: 'platform',
});
const ready = perNode(select(kubeState.kube_node_status_condition, { ...onNodes, condition: 'Ready', status: 'true' }));

/** The machines at a glance, and each of them in a line. */
export const nodePanels = definePanels('node', {
  up: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Machines up',
    description: 'How many machines answer? Machines whose node_exporter answered the last scrape.',
    unit: 'count',
    queries: [{ expr: promql`sum(${up})`, legend: 'up' }],
    noValue: noHost,
  },
  down: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Machines down',
    description:
      'How many machines do not answer? Machines whose node_exporter did not answer the last scrape: the machine is away, or the exporter.',
    unit: 'count',
    queries: [{ expr: promql`count(${up}) - sum(${up})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noHost,
  },
  busy: {
    visual: 'stat',
    metric: nodeExporter.node_cpu_seconds_total,
    title: 'CPU busy',
    description: 'How busy are the CPUs? Share of time in which CPUs were not idle, over all machines.',
    unit: 'ratio',
    queries: [{ expr: promql`avg(${busy})`, legend: 'busy' }],
    decimals: 0,
    noValue: noHost,
  },
  memoryUsed: {
    visual: 'stat',
    metric: nodeHost.node_memory_MemAvailable_bytes,
    title: 'Memory used',
    description:
      'How full is main memory? Memory that processes could not have any more, as a share of all. Files that are cached count as free.',
    unit: 'ratio',
    queries: [{ expr: promql`1 - sum(${available}) / sum(${memory})`, legend: 'used' }],
    decimals: 0,
    noValue: noHost,
  },
  fullest: {
    visual: 'stat',
    metric: nodeHost.node_filesystem_avail_bytes,
    title: 'Fullest disk',
    description:
      'How full is the fullest disk? Of the file systems on disks of the machines, the one with the least room.',
    unit: 'ratio',
    queries: [{ expr: promql`max(${localUsed})`, legend: 'used' }],
    levels: diskFullness,
    decimals: 0,
    noValue: noHost,
  },
  portsDown: {
    visual: 'stat',
    metric: nodeHost.node_infiniband_state_id,
    title: 'Fabric ports down',
    description:
      'How many ports of the fabric are down? Ports of InfiniBand or RoCE that were in use and are not active now, on machines whose rack is known.',
    unit: 'count',
    queries: [{ expr: promql`sum(${portsDown})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noRecording,
  },
  restarted: {
    visual: 'stat',
    metric: nodeHost.node_boot_time_seconds,
    title: 'Booted, 1 day',
    description: 'How many machines booted within a day? Machines that have been up for less than 24 hours.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${uptime} < 86400)`, uptime), legend: 'booted' }],
    levels: noneIsBetter,
    noValue: noHost,
  },
  firing: {
    visual: 'stat',
    metric: prometheus.ALERTS,
    title: 'Alerts firing',
    description:
      'How many alerts about them fire? Alerts about machines and the platform of the chosen clusters that are firing now.',
    unit: 'count',
    queries: [{ expr: promql`count(${firingAnywhere}) or vector(0)`, legend: 'firing' }],
    levels: noneIsBetter,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about machines and platform fire?',
    description: 'Alerts that are firing now, with the number of their instances. Those of no machine have no node.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Instances',
        unit: 'count',
        expr: promql`count by (severity, alertname, cluster, node) (${firing})`,
      },
    ],
    sortBy: ['Instances', 'largest'],
    noValue: 'No alert fires',
  },
  machines: {
    visual: 'table',
    metric: nodeExporter.node_uname_info,
    title: 'How is each machine?',
    description: 'One line for each machine; the link on its name opens the board of its GPUs.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      { heading: 'Answers', unit: 'count', expr: up, levels: { base: 'critical', steps: [[1, 'ok']] } },
      { heading: 'Ready', unit: 'count', expr: ready, levels: { base: 'critical', steps: [[1, 'ok']] } },
      { heading: 'Up for', unit: 'seconds', expr: uptime },
      { heading: 'CPU busy', unit: 'ratio', expr: busy },
      { heading: 'Memory used', unit: 'ratio', expr: promql`1 - ${available} / ${memory}` },
      {
        heading: 'Fullest disk',
        unit: 'ratio',
        expr: promql`max by (cluster, node) (${localUsed})`,
        levels: diskFullness,
      },
      {
        heading: 'Fabric',
        unit: 'bytes_per_second',
        expr: promql`sum by (cluster, node) (rate(${select(nodeHost.node_infiniband_port_data_received_bytes_total, onNodes)}[$__rate_interval]))`,
      },
      { heading: 'GPUs', unit: 'count', expr: allocatableGpus(['cluster', 'node']) },
      { heading: 'GPUs taken', unit: 'count', expr: requestedGpus(['cluster', 'node']) },
    ],
    sortBy: ['Answers', 'smallest'],
    leadsTo: {
      uid: 'fleetlens-gpu-fleet',
      title: 'GPU fleet',
      variables: [
        { name: 'cluster', label: 'cluster' },
        { name: 'node', label: 'node' },
      ],
    },
    noValue: noHost,
  },
});
