import { promqlLines } from '../../../../cli/rules/promql/layout.ts';
import { nodesOf, textOf } from '../../../../cli/rules/promql/syntax.ts';
import { allThemes } from '../../../../rules/themes.ts';

function linesOf(text: string, width = 40): readonly string[] {
  return promqlLines(text, { indent: '  ', width });
}

test('what fits stays in one line, but for conditions', () => {
  expect(linesOf('gpu_up == 0')).toEqual(['  gpu_up == 0']);
  expect(linesOf('a > 1 and b')).toEqual(['  a > 1', '  and', '  b']);
});

test('it is broken at operators and in brackets, and what is reckoned on a side is indented', () => {
  expect(
    linesOf(
      'sum by (cluster) (rate(a_total{x="long",y="long"}[5m])) / on (cluster) group_left () (b > 0) > c * 0.5',
      34,
    ),
  ).toEqual([
    '  sum by (cluster) (',
    '    rate(',
    '      a_total{x="long",y="long"}[5m]',
    '    )',
    '  )',
    '  / on (cluster) group_left ()',
    '  (b > 0)',
    '  > c * 0.5',
  ]);
  expect(linesOf('first_long_name_of_a_series > second_long_name_of_a_series - 5')).toEqual([
    '  first_long_name_of_a_series',
    '  > second_long_name_of_a_series - 5',
  ]);
  expect(linesOf('first_long_name_of_a_series > second_long_name_of_a_series - third_name')).toEqual([
    '  first_long_name_of_a_series',
    '  > second_long_name_of_a_series',
    '    - third_name',
  ]);
  expect(linesOf('histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))')).toEqual([
    '  histogram_quantile(',
    '    0.9,',
    '    sum by (le) (rate(x_bucket[5m]))',
    '  )',
  ]);
});

test('what has no place to break, and what is no PromQL, stays whole', () => {
  const long = `a_series{label="${'x'.repeat(60)}"}`;
  expect(linesOf(long)).toEqual([`  ${long}`]);
  expect(linesOf('')).toEqual(['  ']);
});

const expressions = allThemes.flatMap(({ alerts }) => alerts.map(({ expr }) => expr.promql));

test.each([30, 80, 120])('at %d columns every expression of the pack keeps its meaning', (width) => {
  for (const text of expressions) {
    const lines = promqlLines(text, { indent: '  ', width });
    expect(syntaxOf(lines.join('\n'))).toEqual(syntaxOf(text));
  }
});

function syntaxOf(text: string): readonly string[] {
  return nodesOf(text).map((node) => (node.firstChild === null ? `${node.name} ${textOf(text, node)}` : node.name));
}
