import { nodeRacksGroup } from '../../rules/recording/node-racks.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const target = (node: string, rack: string, cluster = 'c1'): string =>
  `cluster="${cluster}",node="${node}"${rack === '' ? '' : `,rack="${rack}"`},job="node",instance="${node}:9100"`;

function port(
  node: string,
  device: string,
  { states, rack = '', bytes = '9e12x20' }: Readonly<Record<string, string>>,
) {
  const labels = `${target(node, rack)},device="${device}",port="1"`;
  return [
    { series: `node_infiniband_state_id{${labels}}`, values: states },
    { series: `node_infiniband_port_data_received_bytes_total{${labels}}`, values: bytes },
  ];
}

const up = (node: string, rack = '') => ({ series: `up{${target(node, rack)}}`, values: '1x20' });
const inInventory = (node: string, rack: string, kind = 'server') => ({
  series: `cmdb_ci_info{cluster="c1",ci="${node}",class="${kind}",name="${node}",node="${node}",rack="${rack}",job="fleetlens-cmdb",instance="m1:9412"}`,
  values: '1x20',
});

test('ports that were in use and are down are counted by machine, whose rack is known from discovery or from the inventory', () => {
  folder.write('fabric.yaml', recordingFile(nodeRacksGroup));
  const labels = (node: string, rack: string): string =>
    `node_rack:node_infiniband_ports:down{cluster="c1",node="${node}",rack="${rack}"}`;
  folder.write('fabric.test.yaml', {
    rule_files: ['fabric.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          up('n1', 'r1'),
          ...port('n1', 'mlx5_0', { rack: 'r1', states: '1x20' }),
          ...port('n1', 'mlx5_1', { rack: 'r1', states: '2x20' }),
          ...port('n1', 'mlx5_2', { rack: 'r1', states: '4x20' }),
          // Never connected.
          ...port('n1', 'mlx5_3', { rack: 'r1', states: '1x20', bytes: '0x20' }),
          up('n2'),
          inInventory('n2', 'r2'),
          ...port('n2', 'mlx5_0', { states: '1x20' }),
          // All is well.
          up('n3', 'r1'),
          inInventory('n3', 'moved-from'),
          ...port('n3', 'mlx5_0', { rack: 'r1', states: '4x20' }),
          // Its rack is not known; a GPU in the inventory is no machine.
          up('n4'),
          inInventory('n4', 'r4', 'gpu'),
          ...port('n4', 'mlx5_0', { states: '1x20' }),
          // Without InfiniBand.
          up('n5', 'r1'),
        ],
        promql_expr_test: [
          {
            expr: 'node_rack:node_infiniband_ports:down',
            eval_time: '10m',
            exp_samples: [
              { labels: labels('n1', 'r1'), value: 2 },
              { labels: labels('n2', 'r2'), value: 1 },
              { labels: labels('n3', 'r1'), value: 0 },
            ],
          },
        ],
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'fabric.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});
