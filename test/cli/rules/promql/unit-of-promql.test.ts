import { isSameUnit, unitOfPromql } from '../../../../cli/rules/promql/unit-of-promql.ts';
import { catalogue } from '../../../../metrics/index.ts';

test.each([
  ['gpu_temperature_celsius', 'celsius'],
  ['topk(10, max by (node) (gpu_power_watts))', 'watts'],
  ['quantile(0.9, gpu_utilization_ratio)', 'ratio'],
  ['count(gpu_power_watts > 300)', 'count'],
  ['sum(rate(gpu_energy_joules_total[5m]))', 'watts'],
  ['increase(gpu_energy_joules_total[5m]) / 3600', 'watt_hours'],
  ['rate(gpu_xid_errors_total[5m])', 'per_second'],
  ['sum(gpu_memory_used_bytes) / sum(gpu_memory_total_bytes)', 'ratio'],
  ['time() - gpu_xid_last_timestamp_seconds < 3600', 'seconds'],
  ['count(gpu_up == 0) or 0 * count(gpu_up)', 'count'],
  ['gpu_power_watts * on (node) group_left (driver) gpu_driver_info', 'watts'],
  ['gpu_power_watts offset 1h', 'watts'],
  ['quantile_over_time(0.9, gpu_power_watts[5m])', 'watts'],
  ['histogram_quantile(0.99, sum by (le) (rate(fleetlens_scrape_render_seconds_bucket[5m])))', 'seconds'],
  ['sum(rate(fleetlens_scrape_render_seconds_sum[5m]))', 'ratio'],
  ['increase(fleetlens_scrape_render_seconds_count[5m])', 'count'],
  [
    'increase(fleetlens_scrape_render_seconds_sum[5m]) / increase(fleetlens_scrape_render_seconds_count[5m])',
    'seconds',
  ],
])('%s gives %s', (expr, unit) => {
  expect(unitOfPromql(expr, catalogue)).toBe(unit);
});

test.each([
  ['gpu_power_watts + gpu_temperature_celsius', 'of watts and celsius'],
  ['gpu_power_watts or gpu_temperature_celsius', 'of watts and celsius'],
  ['gpu_power_watts * gpu_temperature_celsius', 'product of watts and celsius'],
  ['gpu_power_watts / gpu_temperature_celsius', 'quotient of watts and celsius'],
  ['rate(gpu_temperature_celsius[5m])', 'rate of celsius'],
  ['no_such_series', 'is not in the catalogue'],
])('%s has no unit', (expr, complaint) => {
  expect(() => unitOfPromql(expr, catalogue)).toThrow(complaint);
});

test('a count and a figure without a unit go together, and nothing else does', () => {
  expect(isSameUnit('none', 'count')).toBe(true);
  expect(isSameUnit('ratio', 'percent')).toBe(false);
});
