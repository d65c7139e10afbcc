import { perGpu } from '../../../../dashboards/panels/scope.ts';
import { cmdb } from '../../../../metrics/cmdb.ts';
import { prometheus } from '../../../../metrics/external.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { prediction } from '../../../../metrics/prediction.ts';
import { promql, select } from '../../../../metrics/promql.ts';

const one = { uuid: { re: '$uuid' } } as const;
const inInventory = select(cmdb.cmdb_ci_info, { ...one, class: 'gpu' });

/** All that is known of the one GPU that the page is about. */
export const gpuQueries = {
  info: promql`max by (cluster, node, gpu_id, uuid, model, serial, driver, vbios) (${select(gpu.gpu_info, one)})`,
  up: perGpu(select(gpu.gpu_up, one)),
  failure: promql`max by (error) (${select(gpu.gpu_failure_info, one)})`,
  temperature: perGpu(select(gpu.gpu_temperature_celsius, one)),
  slowdown: perGpu(select(gpu.gpu_slowdown_temperature_celsius, one)),
  memoryTemperature: perGpu(select(gpu.gpu_memory_temperature_celsius, one)),
  power: perGpu(select(gpu.gpu_power_watts, one)),
  powerLimit: perGpu(select(gpu.gpu_power_limit_watts, { ...one, kind: 'enforced' })),
  busy: perGpu(select(gpu.gpu_utilization_ratio, one)),
  memoryUsed: perGpu(select(gpu.gpu_memory_used_bytes, one)),
  memoryTotal: perGpu(select(gpu.gpu_memory_total_bytes, one)),
  held: promql`max by (reason) (${select(gpu.gpu_clock_event_active, { ...one, reason: { re: 'hw_slowdown|hw_thermal|sw_thermal|hw_power_brake|sw_power_cap' } })}) == 1`,
  xids: promql`time() - max by (xid) (${select(gpu.gpu_xid_last_timestamp_seconds, one)})`,
  ecc: promql`max by (severity) (${select(gpu.gpu_ecc_errors_total, { ...one, lifetime: 'volatile' })})`,
  pods: promql`max by (namespace, pod) (${select(gpu.gpu_pod_info, { ...one, pod: { not: '' } })})`,
  jobs: promql`max by (job_id, user_id) (${select(gpu.gpu_job_info, one)})`,
  tenants: promql`max by (name, tenant) (${select(cmdb.cmdb_ci_info, { class: 'application', tenant: { not: '' }, node: { re: '$node' } })})`,
  place: promql`max by (site, room, rack, owner, team, state) (${inInventory})`,
  labelled: promql`max by (rack) (${select(gpu.gpu_info, { ...one, rack: { not: '' } })})`,
  risk: promql`max by (horizon) (${select(prediction.prediction_failure_probability, one)})`,
  base: promql`max by (horizon) (${select(prediction.prediction_failure_base_probability, { kind: 'gpu' })})`,
  rules: promql`max by (rule, severity) (${select(prediction.prediction_rule_hit, one)})`,
  alerts: promql`max by (alertname, severity) (${select(prometheus.ALERTS, { ...one, alertstate: 'firing' })})`,
};
