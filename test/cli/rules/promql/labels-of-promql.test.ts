import { labelsOfPromql } from '../../../../cli/rules/promql/labels-of-promql.ts';
import { catalogue } from '../../../../metrics/index.ts';
import { recorded } from '../../../../rules/recording/index.ts';

const series = new Map([...catalogue, ...recorded]);

function labels(text: string): string {
  const found = labelsOfPromql(text, series);
  return found === 'scalar' ? found : [...found].sort().join(' ');
}

test.each([
  ['gpu_devices', 'cluster instance job node rack tenant'],
  ['node:gpu:count', 'cluster node'],
  ['max by (cluster, uuid) (rate(gpu_pcie_replays_total[5m]))', 'cluster uuid'],
  ['absent(up{job="fleetlens-gpu",node=~"a.*"})', 'job'],
  ['vector(1)', ''],
  ['time() - 5', 'scalar'],
  ['time() - max by (node) (gpu_xid_last_timestamp_seconds)', 'node'],
  ['gpu_up == 0 and on (uuid) gpu_info', 'cluster gpu_id instance job node rack tenant uuid'],
  ['max by (node, uuid) (gpu_up) or max by (node) (gpu_devices)', 'node'],
  ['gpu_power_watts > on (uuid) gpu_power_watts', 'uuid'],
  ['max by (node, uuid) (gpu_up) > on (node) group_left () max by (node) (gpu_devices)', 'node uuid'],
  ['max by (run) (quantile_over_time(0.5, training_loss[1h]))', 'run'],
  ['histogram_quantile(0.5, max by (run, le) (rate(training_step_duration_seconds_bucket[5m])))', 'run'],
])('%s has the labels %s', (text, expected) => {
  expect(labels(text)).toBe(expected);
});

test.each([
  ['gpu_temprature_celsius > 5', /gpu_temprature_celsius is in no catalogue/],
  ['{node="a"} > 5', /is in no catalogue/],
  ['gpu_up{xid="79"}', /a matcher of gpu_up names xid/],
  ['sum without (node) (gpu_up)', /must say by/],
  ['sum(gpu_up)', /must say by/],
  ['sum by (xid) (gpu_up)', /by names xid/],
  ['max by (node) (node:gpu:count{job="a"})', /a matcher of node:gpu:count names job/],
  ['max by (node, uuid) (gpu_up) == max by (node) (gpu_devices)', /uuid is on one side only/],
  ['gpu_up unless on (reason) gpu_info', /on names reason/],
  ['gpu_up * on (uuid) group_left (model) gpu_info', /group_left copies labels/],
  ['gpu_up * on (uuid) group_left () gpu_info', /group_left may find two partners/],
  ['gpu_info * on (uuid) group_right () gpu_up', /turn the sides around/],
  ['training_step_duration_seconds > 1', /is in no catalogue/],
  ['max by (le) (training_step_duration_seconds_sum)', /by names le/],
])('%s is refused', (text, reason) => {
  expect(() => labels(text)).toThrow(reason);
});
