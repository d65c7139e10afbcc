import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { nodeGroup } from '../../rules/recording/node.ts';
import { definePanels } from '../panel.ts';
import { noneIsBetter, onNodes, orZero } from './scope.ts';

/** Interfaces with hardware; those of containers come and go by the hundred. */
const wired = {
  ...onNodes,
  device: { notRe: 'lo|veth.*|cali.*|docker.*|cni.*|flannel.*|br-.*|virbr.*|lxc.*|bond.*' },
} as const;

function interfaces(metric: PlainMetric): Expr {
  return promql`rate(${select(metric, wired)}[$__rate_interval])`;
}

function ports(metric: PlainMetric): Expr {
  return promql`rate(${select(metric, onNodes)}[$__rate_interval])`;
}

function grownBy(metric: PlainMetric): Expr {
  return promql`sum by (cluster, node) (increase(${select(metric, onNodes)}[$__range]))`;
}

const active = select(nodeGroup.series['node:node_infiniband_state_id:active'], onNodes);
const all = select(nodeGroup.series['node:node_infiniband_state_id:count'], onNodes);
const bonded = promql`max by (cluster, node, master) (${select(nodeHost.node_bonding_active, onNodes)})`;
const members = promql`max by (cluster, node, master) (${select(nodeHost.node_bonding_slaves, onNodes)})`;
const noPorts = 'No ports of InfiniBand or RoCE';

/** Interfaces of the kernel, and adapters that send around it. */
export const nodeNetworkPanels = definePanels('node-network', {
  traffic: {
    visual: 'timeseries',
    metric: nodeHost.node_network_receive_bytes_total,
    title: 'How much goes over the network?',
    description: 'Data through the interfaces of all machines, as the kernel counts it: RDMA goes around it.',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`sum(${interfaces(nodeHost.node_network_receive_bytes_total)})`, legend: 'received' },
      { expr: promql`sum(${interfaces(nodeHost.node_network_transmit_bytes_total)})`, legend: 'sent' },
    ],
  },
  errors: {
    visual: 'timeseries',
    metric: nodeHost.node_network_receive_errs_total,
    title: 'Which machines lose packets?',
    description: 'Packets with errors or dropped, either way, of the eight machines with the most.',
    unit: 'per_second',
    queries: [
      {
        expr: promql`topk(8, sum by (cluster, node) (${interfaces(nodeHost.node_network_receive_errs_total)} + ${interfaces(nodeHost.node_network_transmit_errs_total)} + ${interfaces(nodeHost.node_network_receive_drop_total)} + ${interfaces(nodeHost.node_network_transmit_drop_total)}))`,
        legend: '{{node}}',
      },
    ],
  },
  linkChanges: {
    visual: 'bars',
    metric: nodeHost.node_network_carrier_changes_total,
    title: 'Which interfaces went up and down?',
    description: 'The ten interfaces whose link changed most often in the time range shown.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(10, max by (cluster, node, device) (increase(${select(nodeHost.node_network_carrier_changes_total, wired)}[$__range])))`,
        legend: '{{node}} · {{device}}',
      },
    ],
    decimals: 0,
  },
  bondsDegraded: {
    visual: 'stat',
    metric: nodeHost.node_bonding_active,
    title: 'Bonds degraded',
    description: 'How many bonds lack an interface? Bonds with fewer interfaces that are up than they have.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${bonded} < ${members})`, members), legend: 'degraded' }],
    levels: noneIsBetter,
    noValue: 'No bonds',
  },
  fabricTraffic: {
    visual: 'timeseries',
    metric: nodeHost.node_infiniband_port_data_received_bytes_total,
    title: 'How much goes over the fabric?',
    description: 'Data through the ports of InfiniBand and RoCE of all machines.',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`sum(${ports(nodeHost.node_infiniband_port_data_received_bytes_total)})`, legend: 'received' },
      { expr: promql`sum(${ports(nodeHost.node_infiniband_port_data_transmitted_bytes_total)})`, legend: 'sent' },
    ],
    noValue: noPorts,
  },
  fabricPorts: {
    visual: 'timeseries',
    metric: nodeHost.node_infiniband_state_id,
    title: 'Are the ports of the fabric active?',
    description: 'Ports of InfiniBand and RoCE that are active, and all others, also those that were never connected.',
    unit: 'count',
    queries: [
      { expr: promql`sum(${active})`, legend: 'active' },
      { expr: promql`sum(${all}) - sum(${active})`, legend: 'not active' },
    ],
    noValue: noPorts,
  },
  fabricErrors: {
    visual: 'table',
    metric: nodeHost.node_infiniband_symbol_error_total,
    title: 'Which machines have errors on the fabric?',
    description:
      'What happened to the ports of each machine in the time range shown, the thirty with the most lost links first.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Links lost',
        unit: 'count',
        expr: promql`topk(30, ${grownBy(nodeHost.node_infiniband_link_downed_total)})`,
        levels: noneIsBetter,
      },
      {
        heading: 'Links recovered',
        unit: 'count',
        expr: promql`topk(30, ${grownBy(nodeHost.node_infiniband_link_error_recovery_total)})`,
        levels: noneIsBetter,
      },
      {
        heading: 'Packets with errors',
        unit: 'count',
        expr: promql`topk(30, ${grownBy(nodeHost.node_infiniband_port_errors_received_total)})`,
        levels: noneIsBetter,
      },
      {
        heading: 'Symbols with errors',
        unit: 'count',
        expr: promql`topk(30, ${grownBy(nodeHost.node_infiniband_symbol_error_total)})`,
        levels: noneIsBetter,
      },
    ],
    sortBy: ['Links lost', 'largest'],
    noValue: noPorts,
  },
  busiestFabric: {
    visual: 'bars',
    metric: nodeHost.node_infiniband_port_data_transmitted_bytes_total,
    title: 'Which machines send the most over the fabric?',
    description: 'The ten machines whose ports of InfiniBand and RoCE sent the most together.',
    unit: 'bytes_per_second',
    queries: [
      {
        expr: promql`topk(10, sum by (cluster, node) (${ports(nodeHost.node_infiniband_port_data_transmitted_bytes_total)}))`,
        legend: '{{node}}',
      },
    ],
    noValue: noPorts,
  },
});
