import { filterByLabel } from '../../../../cli/rules/overrides/filter-by-label.ts';
import { catalogue } from '../../../../metrics/index.ts';
import { type Expr, promql } from '../../../../metrics/promql.ts';
import { recorded } from '../../../../rules/recording/index.ts';
import { ruleFolder } from '../../../rules/rule-files.ts';

const series = new Map([...recorded, ...catalogue]);
const folder = ruleFolder();
afterAll(() => folder.remove());

function withoutNodeA(text: string): string {
  return filterByLabel(expression(text), { label: 'node', matcher: 'node!="a"' }, series).promql;
}

function expression(text: string): Expr {
  return promql(Object.assign([text], { raw: [text] }) as unknown as TemplateStringsArray);
}

const hot = 'max by (cluster, node, uuid) (last_over_time(gpu_temperature_celsius[3m]))';
const slow = 'max by (cluster, node, uuid) (gpu_slowdown_temperature_celsius)';
const hotNotA = hot.replace('celsius[', 'celsius{node!="a"}[');
const slowNotA = slow.replace('celsius)', 'celsius{node!="a"})');

const filters: readonly (readonly [expr: string, filtered: string])[] = [
  ['gpu_up == 0', 'gpu_up{node!="a"} == 0'],
  ['gpu_up{} == 0', 'gpu_up{node!="a"} == 0'],
  ['gpu_up{uuid="x"} offset 5m == 0', 'gpu_up{uuid="x",node!="a"} offset 5m == 0'],
  [`${hot} > 90`, `${hotNotA} > 90`],
  ['90 < gpu_temperature_celsius', '90 < gpu_temperature_celsius{node!="a"}'],
  [`${hot} >= ${slow} - 5`, `${hotNotA} >= ${slow} - 5`],
  [`${hot} unless ${slow}`, `${hotNotA} unless ${slow}`],
  [`${hot} > ${slow} or (${hot} > 85 unless ${slow})`, `${hotNotA} > ${slow} or (${hotNotA} > 85 unless ${slow})`],
  [`${slow} or ${hot}`, `${slowNotA} or ${hotNotA}`],
  [
    'max by (node, uuid) (gpu_up) > on (node) group_left () max by (node) (gpu_devices)',
    'max by (node, uuid) (gpu_up{node!="a"}) > on (node) group_left () max by (node) (gpu_devices)',
  ],
  [
    'max by (node) (quantile_over_time(0.5, gpu_up[5m])) < 1',
    'max by (node) (quantile_over_time(0.5, gpu_up{node!="a"}[5m])) < 1',
  ],
];

test.each(filters)('of %s, what node a has is left out where the results come from', (text, filtered) => {
  expect(withoutNodeA(text)).toBe(filtered);
});

test('Prometheus finds exactly the results that are not of node a', () => {
  const readings = (name: string, values: readonly [string, number][]): readonly object[] =>
    values.map(([node, value]) => ({
      series: `${name}{cluster="c",node="${node}",uuid="u${node}"}`,
      values: `${value}x10`,
    }));
  const sameAs = (text: string): object => ({
    // Both differences are empty only if the two have the same results; `or vector(-1)` makes that a sample.
    expr: `((${withoutNodeA(text)}) unless ((${text}) unless on (node) label_replace(vector(1), "node", "a", "", ""))) or (((${text}) unless on (node) label_replace(vector(1), "node", "a", "", "")) unless (${withoutNodeA(text)})) or vector(-1)`,
    eval_time: '6m',
    exp_samples: [{ labels: '{}', value: -1 }],
  });
  folder.write('none.yaml', { groups: [] });
  folder.write('filters.test.yaml', {
    rule_files: ['none.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          ...readings('gpu_temperature_celsius', [
            ['a', 99],
            ['b', 95],
            ['d', 20],
          ]),
          ...readings('gpu_slowdown_temperature_celsius', [
            ['a', 90],
            ['d', 90],
          ]),
          ...readings('gpu_up', [
            ['a', 0],
            ['b', 0],
          ]),
          ...readings('gpu_devices', [
            ['a', -1],
            ['b', -1],
          ]),
        ],
        promql_expr_test: filters.map(([text]) => sameAs(text)),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'filters.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

test.each([
  ['absent(up{job="x"})', /it has no label node/],
  ['absent(up{node="b"})', /its labels come from absent\(\)/],
  ['vector(1)', /it has no label node/],
  ['max by (cluster) (gpu_up) == 0', /it has no label node/],
  [`${hot} or on (cluster) ${slow}`, /its "or" does not compare node/],
])('%s cannot be limited by node', (text, reason) => {
  expect(() => withoutNodeA(text)).toThrow(reason);
});
