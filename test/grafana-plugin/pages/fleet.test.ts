import { indexAfter } from '../../../grafana-plugin/src/pages/cards/index-after';
import { healthOf, levelOf, stepOf } from '../../../grafana-plugin/src/pages/fleet/cell-colour';
import { hotGpusOf } from '../../../grafana-plugin/src/pages/fleet/hot-gpus';
import { type NodeCell, racksOf } from '../../../grafana-plugin/src/pages/fleet/node-map';
import { holdersOf, tenantsOf } from '../../../grafana-plugin/src/pages/fleet/tenants';

const row = (labels: Record<string, string>, value = 1) => ({ labels, value });
const node = (name: string, value: number) => row({ cluster: 'c', node: name }, value);
const cell: NodeCell = {
  cluster: 'c',
  node: 'n',
  known: 8,
  up: 8,
  temperature: 50,
  busy: 1,
  power: 1,
  criticalAlerts: 0,
  warnings: 0,
};

test('a namespace belongs to the tenant that the inventory says, or to the one of its name', () => {
  const pods = [
    row({ namespace: 'ns', pod: 'p' }),
    row({ namespace: 'other', pod: 'q' }),
    row({ namespace: 'ns', pod: 'p' }),
    row({}),
  ];
  const holders = holdersOf(pods, [row({ name: 'ns/train', tenant: 'team-a' })]);
  expect(holders).toEqual([
    { namespace: 'ns', pod: 'p', tenant: 'team-a' },
    { namespace: 'other', pod: 'q', tenant: 'other' },
  ]);
  expect(tenantsOf(holders)).toEqual(['team-a', 'other']);
});

test('nodes by rack in the order in which people count; unknown racks come last', () => {
  const racks = racksOf({
    known: [node('n10', 8), node('n2', 8), node('lost', 4)],
    up: [node('n10', 8), node('n2', 7)],
    temperature: [node('n2', 66)],
    busy: [],
    power: [],
    alerts: [row({ node: 'n2', severity: 'critical' }, 2)],
    racks: [row({ node: 'n10', rack: 'r1' }), row({ node: 'n2', rack: 'r1' })],
  });
  expect(racks.map(({ rack, nodes }) => [rack, nodes.map((each) => each.node)])).toEqual([
    ['r1', ['n2', 'n10']],
    ['', ['lost']],
  ]);
  expect(racks[0]?.nodes[0]).toMatchObject({ up: 7, temperature: 66, busy: undefined, criticalAlerts: 2 });
  expect(racks[1]?.nodes[0]?.up).toBe(0);
});

test('colours', () => {
  expect(healthOf(cell)).toBe('good');
  expect(healthOf({ ...cell, warnings: 1 })).toBe('warning');
  expect(healthOf({ ...cell, up: 7 })).toBe('bad');
  expect(levelOf({ ...cell, temperature: 85 }, 'temperature')).toBe('hot');
  expect(levelOf({ ...cell, busy: undefined }, 'busy')).toBe('none');
  expect([stepOf(59, [60, 75, 85]), stepOf(60, [60, 75, 85]), stepOf(Number.NaN, [1, 2, 3])]).toEqual([
    'cold',
    'mild',
    'none',
  ]);
});

test('the hottest comes first, with its rack, holder, limit and risk', () => {
  const gpu = (uuid: string, value: number) => row({ cluster: 'c', node: 'n', gpu_id: '0', uuid }, value);
  const [first] = hotGpusOf({
    hottest: [gpu('a', 60), gpu('b', 70)],
    limit: [gpu('b', 87)],
    pods: [row({ uuid: 'b', namespace: 'ns', pod: 'p' })],
    tenants: [],
    racks: [row({ node: 'n', rack: 'r1' })],
    risk: [row({ uuid: 'b' }, 0.1)],
  });
  expect(first).toMatchObject({
    uuid: 'b',
    temperature: 70,
    limit: 87,
    rack: 'r1',
    risk: 0.1,
    holders: [{ pod: 'p', tenant: 'ns' }],
  });
});

test('arrow keys go from cell to cell', () => {
  expect(['ArrowRight', 'ArrowUp', 'Home', 'End', 'Enter'].map((key) => indexAfter(key, 2, 9))).toEqual([
    3, 1, 0, 8, -1,
  ]);
});
