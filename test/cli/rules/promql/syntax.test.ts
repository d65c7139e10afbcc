import { groupingLabels, syntaxErrors, vectorSelectors } from '../../../../cli/rules/promql/syntax.ts';

test('finds every selector with the labels of its matchers', () => {
  expect(vectorSelectors('rate(a_total{x="1",y=~"b|c"}[5m]) / on (n) group_left (d) b{z!=""} or {q="1"}')).toEqual([
    { name: 'a_total', labels: ['x', 'y'] },
    { name: 'b', labels: ['z'] },
    { name: undefined, labels: ['q'] },
  ]);
});

test('finds recorded names, offsets and subqueries', () => {
  expect(vectorSelectors('max_over_time(node:x:avg[1h:1m] offset 1d)')).toEqual([{ name: 'node:x:avg', labels: [] }]);
});

test('finds the labels of every grouping once', () => {
  expect(groupingLabels('sum by (a, b) (x) / on (a) group_left (c) count without (d) (y)')).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
});

test.each([
  ['sum(', 'syntax error at column 5'],
  ['no_such_function(x)', 'syntax error'],
  ['x{a="b"', 'syntax error'],
  ['', 'the expression is empty'],
])('says where %j is wrong', (text, complaint) => {
  expect(syntaxErrors(text)[0]).toContain(complaint);
});

test('has nothing to say about good expressions', () => {
  expect(syntaxErrors('histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > bool 2')).toEqual([]);
});
