import { promql, select, series } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { defineAlerts } from '../alert.ts';
import { exampleHostTarget, exampleNode } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { node_network_receive_errs_total: received, node_network_transmit_errs_total: sent } = nodeHost;
const { node_network_carrier_changes_total: carrierChanges } = nodeHost;
const { node_bonding_active: active, node_bonding_slaves: members } = nodeHost;

/** Interfaces with a cable; those of containers and bridges come and go. */
const wired = {
  notRe: 'lo|veth.*|cali.*|cilium.*|lxc.*|docker.*|br-.*|virbr.*|tun.*|tap.*|flannel.*|vxlan.*',
} as const;

const eth = { ...exampleHostTarget, device: 'eno1' } as const;
const ofEth = { ...exampleNode, device: 'eno1' } as const;
const bond = { ...exampleHostTarget, master: 'bond0' } as const;
const who = 'Interface {{ $labels.device }} of {{ $labels.node }} in {{ $labels.cluster }}';
const readInterface =
  'On the machine: `ethtool <device>`, `ethtool -S <device> | grep -iE "err|crc|drop"` and `ethtool -m <device>`.';
const mend =
  'Clean and seat cable and transceiver at both ends, then exchange the cable, the transceiver, the adapter.';

export default defineAlerts({
  theme: 'node-network',
  profile: 'node',
  alerts: [
    {
      name: 'NodeNetworkErrors',
      expr: promql`(
  max by (cluster, node, device) (rate(${select(received, { device: wired })}[10m]))
  +
  max by (cluster, node, device) (rate(${select(sent, { device: wired })}[10m]))
) * 60 > ${thresholds.networkErrorsPerMinute}`,
      thresholds: ['networkErrorsPerMinute'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'An interface of a machine damages packets.',
      description: `${who} has {{ $value | humanize }} errors a minute. Look at the cable.`,
      runbook: {
        meaning: 'Packets are lost and sent again, so connections are slow: storage, downloads, and NCCL over sockets.',
        firstLook: [readInterface, 'The other end: errors of the port of the switch.'],
        remedy: [mend],
      },
      fires: {
        when: 'An interface receives forty damaged packets a minute, and sends thirty',
        series: [
          [series(received, { ...eth, device: 'veth12' }), '0+900x40'],
          [series(sent, { ...eth, device: 'veth12' }), '0x40'],
          [series(received, eth), '0+40x40'],
          [series(sent, eth), '0+30x40'],
        ],
        at: '35m',
        alerts: [ofEth],
      },
      quiet: {
        when: 'An interface has hardly sixty errors a minute, and more for minutes; and that of a container many',
        series: [
          [series(received, eth), '0+49x28 1372+150x12'],
          [series(sent, eth), '0+10x40'],
          [series(received, { ...eth, device: 'veth12' }), '0+900x40'],
          [series(sent, { ...eth, device: 'veth12' }), '0x40'],
        ],
        at: '35m',
      },
    },
    {
      name: 'NodeNetworkLinkFlap',
      expr: promql`round(max by (cluster, node, device) (increase(${select(carrierChanges, { device: wired })}[1h]))) > ${thresholds.networkCarrierChangesPerHour}`,
      thresholds: ['networkCarrierChangesPerHour'],
      for: '0s',
      keepFiringFor: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The link of an interface of a machine goes down again and again.',
      description: `${who} has changed its link {{ $value | humanize }} times within an hour. Look at the cable and at the port of the switch.`,
      runbook: {
        meaning: 'Connections break or stand still each time. One loss of the link is two changes.',
        firstLook: [readInterface, 'When: `dmesg -T | grep -i <device> | tail -20`.'],
        remedy: [mend, 'Many machines of one switch: it is the switch.'],
      },
      fires: {
        when: 'The link is lost four times, the last time for good',
        series: [
          [series(carrierChanges, eth), '2x10 4x10 6x10 8x10 9x30'],
          [series(carrierChanges, { ...eth, device: 'veth12' }), '2x10 4x10 6x10 8x10 10x30'],
        ],
        at: '50m',
        alerts: [ofEth],
      },
      quiet: {
        when: 'The link was lost three times with updates of the switch',
        series: [[series(carrierChanges, eth), '2x10 4x20 6x15 8x30']],
        at: '60m',
      },
    },
    {
      name: 'NodeBondDegraded',
      expr: promql`max by (cluster, node, master) (${recent(members)})
-
max by (cluster, node, master) (${recent(active)})
> 0`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A bond of interfaces of a machine has lost a member.',
      description:
        '{{ $labels.master }} of {{ $labels.node }} in {{ $labels.cluster }} lacks {{ $value | humanize }} of its interfaces. Find out which one before the other fails.',
      runbook: {
        meaning: 'The machine has half of its bandwidth, and no spare.',
        firstLook: ['Which one: `cat /proc/net/bonding/<master>` and `ip -br link`.'],
        remedy: [mend, 'The interface is up, but not in the bond: look at LACP at the switch.'],
      },
      fires: {
        when: 'One of two interfaces is down',
        series: [
          [series(members, bond), '2x9'],
          [series(active, bond), '2 1x8'],
        ],
        at: '7m',
        alerts: [{ ...exampleNode, master: 'bond0' }],
      },
      quiet: {
        when: 'One of two interfaces was down for four minutes',
        series: [
          [series(members, bond), '2x9'],
          [series(active, bond), '2 1 1 1 1 2 2 2 2'],
        ],
        at: '4m',
      },
    },
  ],
});
