import { perGpu } from '../../../../dashboards/panels/scope.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { promql, select } from '../../../../metrics/promql.ts';

const onNodes = { cluster: { re: '$cluster' }, node: { re: '$node' } } as const;
const up = perGpu(select(gpu.gpu_up, onNodes));
const heldDown = select(gpu.gpu_clock_event_active, {
  ...onNodes,
  reason: { re: 'hw_slowdown|hw_thermal|sw_thermal|hw_power_brake' },
});
const xidAge = promql`time() - max by (cluster, node, gpu_id, uuid, xid) (${select(gpu.gpu_xid_last_timestamp_seconds, onNodes)})`;
const uncorrectable = select(gpu.gpu_ecc_errors_total, { ...onNodes, lifetime: 'volatile', severity: 'uncorrectable' });
const correctable = select(gpu.gpu_ecc_errors_total, { ...onNodes, lifetime: 'volatile', severity: 'correctable' });
const given = promql`(max by (cluster, node, uuid) (${select(gpu.gpu_pod_info, { ...onNodes, pod: { not: '' } })}) or max by (cluster, node, uuid) (${select(gpu.gpu_job_info, onNodes)}))`;
const pods = promql`max by (cluster, node, uuid, namespace, pod) (${select(gpu.gpu_pod_info, { ...onNodes, pod: { not: '' } })})`;
const idle = promql`bottomk(10, max by (cluster, node, gpu_id, uuid) (avg_over_time(${select(gpu.gpu_utilization_ratio, onNodes)}[15m])) < 0.05 and on (cluster, node, uuid) ${given})`;

/** At most ten GPUs for each way of being in trouble; none has a reading where nothing is wrong. */
export const hotSpotQueries = {
  down: promql`topk(10, max by (cluster, node, gpu_id, uuid, error) (${select(gpu.gpu_failure_info, onNodes)}))`,
  seen: promql`count(${up})`,
  throttled: promql`topk(10, max by (cluster, node, gpu_id, uuid, reason) (${heldDown}) == 1)`,
  xids: promql`bottomk(10, (${xidAge}) < 86400)`,
  uncorrectable: promql`topk(10, max by (cluster, node, gpu_id, uuid) (round(increase(${uncorrectable}[1d]))) > 0)`,
  correctable: promql`topk(10, max by (cluster, node, gpu_id, uuid) (round(increase(${correctable}[1d]))) > 0)`,
  replays: promql`topk(10, max by (cluster, node, gpu_id, uuid) (round(increase(${select(gpu.gpu_pcie_replays_total, onNodes)}[1h]))) > 0)`,
  idle,
  idlePods: promql`${pods} and on (cluster, node, uuid) ${idle}`,
};
