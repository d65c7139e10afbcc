import { promql, series } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { defineAlerts } from '../alert.ts';
import { exampleHostTarget, exampleNode } from '../examples.ts';
import { portsDown } from '../infiniband.ts';
import { perPort } from '../node.ts';
import { thresholds } from '../thresholds.ts';

const { node_infiniband_state_id: state, node_infiniband_port_data_received_bytes_total: received } = nodeHost;
const { node_infiniband_link_downed_total: downed, node_infiniband_symbol_error_total: symbolErrors } = nodeHost;
const recovered = nodeHost.node_infiniband_link_error_recovery_total;

const adapter = { device: 'mlx5_0', port: '1' } as const;
const port = { ...exampleHostTarget, ...adapter } as const;
const ofPort = { ...exampleNode, ...adapter } as const;
const unused = { ...exampleHostTarget, device: 'mlx5_7', port: '1' } as const;

const who = 'Port {{ $labels.port }} of {{ $labels.device }} on {{ $labels.node }} in {{ $labels.cluster }}';
const readPort =
  'On the node: `ibstat <device> <port>` and `mlxlink -d <device> -m -c`, which also shows the light of the transceiver.';
const otherEnd = 'The other end: `iblinkinfo -G <port GUID>`, or the page of the switch.';
const mend = [
  'Clean and seat the cable and the transceiver at both ends. Then exchange the cable, then the transceiver, then the adapter.',
  'Many ports of one switch: it is the switch, its firmware or its power.',
] as const;

export default defineAlerts({
  theme: 'node-infiniband',
  profile: 'node',
  alerts: [
    {
      name: 'InfinibandPortDown',
      expr: portsDown,
      for: '1m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A port of InfiniBand or RoCE that was in use is down.',
      description: `${who} is in state {{ $value | humanize }} instead of active. Look at the cable and at the switch.`,
      runbook: {
        meaning:
          'Runs over many nodes lose the path of one or more GPUs: NCCL stops or goes on over fewer ports. States are 1 down, 2 init (the subnet manager has not set it up), 3 armed. A port that never had data is not told of.',
        firstLook: [readPort, otherEnd, 'State 2 on many nodes: is there a subnet manager, `sminfo`.'],
        remedy: [...mend, 'State 2: start the subnet manager, `systemctl restart opensm`, or the one of the switch.'],
      },
      fires: {
        when: 'A port that had data is set up and does not become active',
        series: [
          [series(state, port), '4x3 3x6'],
          [series(received, port), '9e12x9'],
        ],
        at: '6m',
        alerts: [ofPort],
      },
      quiet: {
        when: 'A port has just gone down, and one was never connected',
        series: [
          [series(state, port), '4x4 1x5'],
          [series(received, port), '9e12x9'],
          [series(state, unused), '1x9'],
          [series(received, unused), '0x9'],
        ],
        at: '5m',
      },
      edges: [
        {
          when: 'A port that worked a day ago is down since the machine was rebooted, so it has had no data; others are active again, were never connected, or never became active',
          series: [
            [series(state, port), '4x9 1x1440'],
            [series(received, port), '9e12x2 _x7 0x1440'],
            [series(state, { ...port, device: 'mlx5_1' }), '4x9 2 4x1440'],
            [series(received, { ...port, device: 'mlx5_1' }), '9e12x2 _x7 0x1440'],
            [series(state, unused), '1x1450'],
            [series(received, unused), '0x1450'],
            [series(state, { ...unused, device: 'mlx5_8' }), '3x1450'],
            [series(received, { ...unused, device: 'mlx5_8' }), '0x1450'],
          ],
          at: '1448m',
          alerts: [ofPort],
        },
      ],
    },
    {
      name: 'InfinibandLinkFlap',
      expr: promql`round(${perPort(promql`increase(${downed}[1h])`)}) > ${thresholds.infinibandLinkDownsPerHour}`,
      thresholds: ['infinibandLinkDownsPerHour'],
      for: '0s',
      keepFiringFor: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The link of a port of InfiniBand or RoCE goes down again and again.',
      description: `${who} has lost its link {{ $value | humanize }} times within an hour. Look at the cable before it fails for good.`,
      runbook: {
        meaning: 'Each time NCCL waits for its timeout, and often the run ends. It is mostly a cable or a transceiver.',
        firstLook: [readPort, otherEnd, 'Since when: `changes(node_infiniband_state_id{node="<node>"}[1d])`.'],
        remedy: mend,
      },
      fires: {
        when: 'A link is lost three times within half an hour',
        series: [[series(downed, port), '0x10 1x10 2x10 3x10 3x30']],
        at: '50m',
        alerts: [ofPort],
      },
      quiet: {
        when: 'A switch was restarted twice',
        series: [[series(downed, port), '0x10 1x20 2x40']],
        at: '60m',
      },
    },
    {
      name: 'InfinibandSymbolErrors',
      expr: promql`${perPort(promql`rate(${symbolErrors}[10m])`)} * 60 > ${thresholds.infinibandSymbolErrorsPerMinute}`,
      thresholds: ['infinibandSymbolErrorsPerMinute'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A port of InfiniBand receives many damaged symbols.',
      description: `${who} receives {{ $value | humanize }} damaged symbols a minute. Have the cable looked at.`,
      runbook: {
        meaning: 'Packets are sent again, so the port is slow before it fails. A run waits for its slowest port.',
        firstLook: [
          readPort,
          otherEnd,
          'Against other ports: `ibqueryerrors --threshold-file /etc/infiniband-diags/error_thresholds`.',
        ],
        remedy: mend,
      },
      fires: {
        when: 'Seventy damaged symbols a minute for half an hour',
        series: [[series(symbolErrors, port), '0+70x40']],
        at: '35m',
        alerts: [ofPort],
      },
      quiet: {
        when: 'Fifty-nine damaged symbols a minute, and a hundred a minute for five minutes at another port',
        series: [
          [series(symbolErrors, port), '0+59x40'],
          [series(symbolErrors, unused), '0x25 100+100x15'],
        ],
        at: '30m',
      },
    },
    {
      name: 'InfinibandLinkRecoveries',
      expr: promql`round(${perPort(promql`increase(${recovered}[1h])`)}) > ${thresholds.infinibandRecoveriesPerHour}`,
      thresholds: ['infinibandRecoveriesPerHour'],
      for: '0s',
      keepFiringFor: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'The link of a port of InfiniBand has to recover from errors again and again.',
      description: `${who} has recovered its link {{ $value | humanize }} times within an hour. Have the cable looked at.`,
      runbook: {
        meaning: 'The port trains its link anew, for milliseconds each time. It comes before a link that goes down.',
        firstLook: [readPort, otherEnd],
        remedy: mend,
      },
      fires: {
        when: 'A link recovers every five minutes, eleven times within an hour',
        series: [[series(recovered, port), '0x4 1x4 2x4 3x4 4x4 5x4 6x4 7x4 8x4 9x4 10x4 11x20']],
        at: '58m',
        alerts: [ofPort],
      },
      quiet: {
        when: 'A link recovers ten times within an hour',
        series: [[series(recovered, port), '0x4 1x4 2x4 3x4 4x4 5x4 6x4 7x4 8x4 9x4 10x20']],
        at: '58m',
      },
    },
  ],
});
