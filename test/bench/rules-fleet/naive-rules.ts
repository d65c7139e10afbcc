/**
 * What people write without a pack: the rules and the bands of the documents that this project started from, for the same fleet.
 * The subquery and the regular expression on names are the two that they are told to avoid.
 */
export const naiveRules: readonly string[] = [
  'training_loss > 10',
  'deriv(training_loss[10m]) > -0.001',
  'histogram_quantile(0.95, rate(inference_request_duration_seconds_bucket[5m])) > 2',
  'model_accuracy < 0.85',
  'gpu_memory_used_bytes / gpu_memory_total_bytes * 100 > 90',
  'gpu_temperature_celsius > 80',
  'abs(gpu_temperature_celsius - avg_over_time(gpu_temperature_celsius[1h])) > 3 * stddev_over_time(gpu_temperature_celsius[1h])',
  'abs(gpu_utilization_ratio - avg_over_time(gpu_utilization_ratio[1h])) > 3 * stddev_over_time(gpu_utilization_ratio[1h])',
  'gpu_power_watts > 1.5 * quantile_over_time(0.5, gpu_power_watts[1h])',
  'max_over_time(abs(gpu_power_watts - avg_over_time(gpu_power_watts[5m]))[30m:1m]) > 500',
  'count({__name__=~"DCGM.*"}) > 1e9',
];

export function naiveRuleFile(): object {
  const rules = naiveRules.map((expr, index) => ({ alert: `Naive${index}`, expr, for: '5m' }));
  return { groups: [{ name: 'naive', interval: '1m', rules }] };
}
