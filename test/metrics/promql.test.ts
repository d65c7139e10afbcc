import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import {
  bucket,
  countOf,
  duration,
  promql,
  select,
  sumOf,
  withInsertions,
  withParameters,
} from '../../metrics/promql.ts';

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

const limit = { parameter: 'limitCelsius', value: 85 };
const margin = { parameter: 'marginCelsius', value: 5 };
const hot = promql`${promql`${gpu.gpu_temperature_celsius} + ${margin}`} > ${limit} or ${gpu.gpu_up} > ${limit}`;

test('a named number is set wherever it stands, and the others stay', () => {
  expect(hot.promql).toBe('gpu_temperature_celsius + 5 > 85 or gpu_up > 85');
  expect(withParameters(hot, { limitCelsius: 90, other: 1 }).promql).toBe(
    'gpu_temperature_celsius + 5 > 90 or gpu_up > 90',
  );
  expect(withParameters(withParameters(hot, { limitCelsius: 90 }), { marginCelsius: 7 }).promql).toBe(
    'gpu_temperature_celsius + 7 > 90 or gpu_up > 90',
  );
});

test('text is put in at its place, and the named numbers behind it can still be set', () => {
  const inserted = withInsertions(hot, [
    { at: 'gpu_temperature_celsius'.length, text: '{node="a"}' },
    { at: hot.promql.indexOf('gpu_up') + 'gpu_up'.length, text: '{node="b"}' },
  ]);
  expect(withParameters(inserted, { marginCelsius: 12, limitCelsius: 100 }).promql).toBe(
    'gpu_temperature_celsius{node="a"} + 12 > 100 or gpu_up{node="b"} > 100',
  );
});
