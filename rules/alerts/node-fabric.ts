import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { nodeRacksGroup } from '../recording/node-racks.ts';
import { thresholds } from '../thresholds.ts';

const down = nodeRacksGroup.series['node_rack:node_infiniband_ports:down'];
const nodesDown = promql`count by (cluster, rack) (${down} > 0)`;

type Machines = Readonly<Record<string, string>>;

/** Machines of a rack, each with the values of its ports that are down. */
function rack(name: string, machines: Machines, cluster = 'c1') {
  return Object.entries(machines).map(
    ([node, values]) => [series(down, { cluster, node, rack: name }), values] as const,
  );
}

/** Machines that are well, by number. */
function machines(letter: string, from: number, to: number): Machines {
  return Object.fromEntries(Array.from({ length: to - from + 1 }, (_, index) => [`${letter}${from + index}`, '0x10']));
}

const on = (node: string, name = 'r1') => ({ cluster: 'c1', node, rack: name });

export default defineAlerts({
  theme: 'node-fabric',
  profile: 'node',
  alerts: [
    {
      name: 'FabricOrSwitchDown',
      expr: promql`${down} > 0
and on (cluster, rack)
${nodesDown} >= ${thresholds.fabricDownMachinesCount}
and on (cluster, rack)
${nodesDown} >= ${thresholds.fabricDownMachinesRatio} * count by (cluster, rack) (${down})`,
      thresholds: ['fabricDownMachinesCount', 'fabricDownMachinesRatio'],
      for: '30s',
      keepFiringFor: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Most machines of a rack have lost links of InfiniBand or RoCE at once.',
      description:
        '{{ $value | humanize }} ports of {{ $labels.node }} in {{ $labels.cluster }} are down, and so are ports of most machines of rack {{ $labels.rack }}. Look at the switch that they share, not at cables.',
      runbook: {
        meaning:
          'Many machines do not lose links for reasons of their own: a switch, its power or firmware, the subnet manager, or work on cables. Runs with ranks in the rack stop. Each machine has an alert, all in one message; those about its single ports are held back. A machine whose rack is unknown is told of port by port.',
        firstLook: [
          'Which ports: `node_infiniband_state_id{node="<node>"} < 4`. The same adapter on every machine is one leaf switch of a rail; all adapters are the power of the rack.',
          'The switch: `iblinkinfo`, its page, or its fans and power supplies. What hangs off it: `fleetlens cmdb impact <switch>`.',
          'State 2 on all of them: is there a subnet manager, `sminfo`.',
        ],
        remedy: [
          'Switch down: restore its power, or reload its firmware; then see that the ports come back, `ibstat`.',
          'State 2: start the subnet manager, `systemctl restart opensm`, or the one of the switch.',
          'Runs that hang in NCCL do not recover by themselves: restart them from the last checkpoint.',
        ],
      },
      fires: {
        when: 'Three of the six machines of a rack lose ports at once; in other clusters racks of the same name have one of two, and three of seven',
        series: [
          ...rack('r1', { n1: '0x3 8x7', n2: '0x3 1x7', n3: '0x3 1x7', n4: '0x10', n5: '0x10', n6: '0x10' }),
          ...rack('r1', { n1: '1x10', n2: '0x10' }, 'c2'),
          ...rack('r1', { n1: '1x10', n2: '1x10', n3: '1x10', ...machines('n', 4, 7) }, 'c3'),
          ...rack('r2', { n7: '0x10', n8: '0x10' }),
        ],
        at: '8m',
        alerts: [on('n1'), on('n2'), on('n3')],
      },
      quiet: {
        when: 'All ports of three of seven machines; of two of two, and of four; one in each of two racks, and in racks of one name in two clusters; and what has just begun',
        series: [
          ...rack('q1', { n1: '8x10', n2: '8x10', n3: '8x10', ...machines('n', 4, 7) }),
          ...rack('q2', { m1: '8x10', m2: '8x10' }),
          ...rack('q2', { m3: '1x10', m4: '1x10' }, 'c2'),
          ...rack('q3', { k1: '1x10' }),
          ...rack('q4', { k2: '1x10' }),
          ...rack('q5', { j1: '0x7 1x3', j2: '0x7 1x3', j3: '0x7 1x3' }),
          ...rack('q6', { i1: '1x10', i2: '1x10', ...machines('i', 3, 4) }),
        ],
        at: '8m',
      },
      edges: [
        {
          when: 'The switch has been back for four minutes',
          series: rack('r1', { n1: '1x5 0x20', n2: '1x5 0x20', n3: '1x5 0x20' }),
          at: '9m',
          alerts: [on('n1'), on('n2'), on('n3')],
        },
        {
          when: 'It has been back for seven',
          series: rack('r1', { n1: '1x5 0x20', n2: '1x5 0x20', n3: '1x5 0x20' }),
          at: '12m',
        },
      ],
    },
  ],
});
