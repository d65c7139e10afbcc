import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { bucket, countOf, duration, promql, select, sumOf } from '../../metrics/promql.ts';

test('what compiles renders as written', () => {
  const hot = select(gpu.gpu_temperature_celsius, {
    node: { re: 'a|b' },
    gpu_id: { not: '0' },
    uuid: { notRe: 'GPU-1.*' },
  });
  expect(promql`max_over_time(${hot}[${duration('5m')}]) > ${87.5}`.promql).toBe(
    'max_over_time(gpu_temperature_celsius{node=~"a|b",gpu_id!="0",uuid!~"GPU-1.*"}[5m]) > 87.5',
  );
  const histogram = fleetlens.fleetlens_scrape_render_seconds;
  expect(promql`${bucket(histogram, { le: '0.1' })} / ${countOf(histogram)} + ${sumOf(histogram)}`.promql).toBe(
    'fleetlens_scrape_render_seconds_bucket{le="0.1"} / fleetlens_scrape_render_seconds_count + fleetlens_scrape_render_seconds_sum',
  );
});

test('label values are escaped, and PromQL keeps its backslashes', () => {
  expect(select(gpu.gpu_temperature_celsius, { node: 'a"b\\c\nd' }).promql).toBe(
    'gpu_temperature_celsius{node="a\\"b\\\\c\\nd"}',
  );
  expect(promql`label_replace(${gpu.gpu_up}, "a", "$1", "b", "(\\d+)\.x")`.promql).toBe(
    'label_replace(gpu_up, "a", "$1", "b", "(\\\\d+)\\.x")',
  );
});

test('a number that PromQL cannot hold is refused', () => {
  expect(() => promql`${gpu.gpu_up} > ${Number.NaN}`).toThrow('must be finite');
});
