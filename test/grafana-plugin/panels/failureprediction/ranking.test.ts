import { readRisks } from '../../../../grafana-plugin/src/panels/failureprediction/api/read-risk';
import { likeliestFirst, rankRows } from '../../../../grafana-plugin/src/panels/failureprediction/rows/rank-rows';
import { selectRows } from '../../../../grafana-plugin/src/panels/failureprediction/rows/select-rows';
import { withSaid } from '../../../../grafana-plugin/src/panels/failureprediction/rows/with-said';
import { row } from './rows';

const at = (value: number) => ({ probability: { '7d': value } });
const all = { text: '', nodes: '' } as const;

test('places follow the probability, equals share one, and who is out has none', () => {
  const ranked = rankRows([
    row('a', at(0.1)),
    row('b', at(0.3)),
    row('c', { ...at(0.9), isOut: true }),
    row('d', at(0.1)),
    row('e', at(0.05)),
    row('f'),
  ]);
  expect(Object.fromEntries(ranked.map(({ uuid, rank }) => [uuid, rank['7d']]))).toEqual({
    a: 2,
    b: 1,
    c: undefined,
    d: 2,
    e: 4,
    f: undefined,
  });
});

test('the list is by the chosen horizon, who is out comes last', () => {
  const rows = [
    row('a', { probability: { '24h': 0.1, '7d': 0.2 } }),
    row('b', { probability: { '24h': 0.01, '7d': 0.5 } }),
    row('c', { probability: { '24h': 0.9, '7d': 0.9 }, isOut: true }),
  ];
  expect(likeliestFirst(rows, '7d').map(({ uuid }) => uuid)).toEqual(['b', 'a', 'c']);
  expect(likeliestFirst(rows, '24h').map(({ uuid }) => uuid)).toEqual(['a', 'b', 'c']);
});

test('each word of a filter must be somewhere in the row', () => {
  const rows = [row('GPU-1', { rack: 'r7', tenant: 'team-a' }), row('GPU-2', { rack: 'r7', tenant: 'team-b' })];
  expect(selectRows(rows, { ...all, text: 'R7 team-B' }).map(({ uuid }) => uuid)).toEqual(['GPU-2']);
  expect(selectRows(rows, { ...all, text: '<b>' })).toEqual([]);
});

test.each([
  ['n1|n2', ['a', 'b']],
  ['n1', ['a']],
  ['.*', ['a', 'b', 'c']],
  ['$node', ['a', 'b', 'c']],
  ['n1[', []],
])('nodes by %s', (nodes, expected) => {
  const rows = [row('a'), row('b', { node: 'n2' }), row('c', { node: 'n11' })];
  expect(selectRows(rows, { ...all, nodes }).map(({ uuid }) => uuid)).toEqual(expected);
});

const said = readRisks({
  at: '2026-11-29T12:00:00Z',
  total: 1,
  risks: [
    {
      kind: 'gpu',
      cluster: 'c',
      node: 'n1',
      uuid: 'a',
      at: '2026-11-29T12:00:00Z',
      probability: { '24h': 0.1, '7d': 0.2, '30d': 7 },
      layer: { '24h': 'rate', '7d': 'learned', '30d': 'magic' },
      out_of_service: true,
      rules: [
        { rule: 'xid_48', severity: 'raised_risk', sentence: 'XID 48', action: 'drain', source: 's' },
        { rule: 'off_the_bus', severity: 'act_now', sentence: 'Lost.', action: 'restart_node', source: 's' },
        'torn',
      ],
    },
    { kind: 'node', cluster: 'c', node: 'n1' },
    null,
  ],
});

test('the service adds to a row and leaves its probability alone', () => {
  const [own] = withSaid([row('a', at(0.9))], said);
  expect(own).toMatchObject({ probability: { '7d': 0.9 }, isOut: true, layer: { '24h': 'rate', '7d': 'learned' } });
  expect(own?.rules.map(({ rule }) => rule)).toEqual(['off_the_bus', 'xid_48']);
  expect(own?.layer['30d']).toBeUndefined();
});

test('without Prometheus the rows are those of the service, without what is no probability', () => {
  const [own] = withSaid([], said);
  expect(own).toMatchObject({ uuid: 'a', probability: { '24h': 0.1, '7d': 0.2 } });
  expect(own?.probability['30d']).toBeUndefined();
});

test('an answer of somebody else is an error that names what is missing', () => {
  expect(() => readRisks({ message: 'ok' })).toThrow('no list "risks"');
  expect(() => readRisks(null)).toThrow('no list "risks"');
});
