import { perGpu } from '../../../../dashboards/panels/scope.ts';
import { cmdb } from '../../../../metrics/cmdb.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { type Expr, promql, select } from '../../../../metrics/promql.ts';
import type { Expressions } from '../../scenes/instant-queries';

const onClusters = { cluster: { re: '$cluster' } } as const;

/** Which GPUs: those of a node, of a rack, or of a job; the page's variables say which one. */
export type Scope = 'node' | 'rack' | 'job';

/** Readings of each GPU in the scope: 64 at most of one node, those of a rack, those of one pod. */
export function gpuCellQueries(scope: Scope) {
  const chosen = chosenBy[scope];
  const of = (readings: Expr) => promql`${perGpu(readings)} and ${chosen}`;
  return {
    up: of(select(gpu.gpu_up, onClusters)),
    temperature: of(select(gpu.gpu_temperature_celsius, onClusters)),
    busy: of(select(gpu.gpu_utilization_ratio, onClusters)),
    power: of(select(gpu.gpu_power_watts, onClusters)),
  } satisfies Expressions;
}

const nodesInRack = promql`(max by (node) (${select(gpu.gpu_devices, { ...onClusters, rack: { re: '$rack' } })}) or max by (node) (${select(cmdb.cmdb_ci_info, { class: 'server', rack: { re: '$rack' }, node: { not: '' } })}))`;
const podGpus = select(gpu.gpu_pod_info, { ...onClusters, namespace: { re: '$namespace' }, pod: { re: '$pod' } });

const chosenBy: Readonly<Record<Scope, Expr>> = {
  node: promql`on (node) max by (node) (${select(gpu.gpu_up, { ...onClusters, node: { re: '$node' } })})`,
  rack: promql`on (node) ${nodesInRack}`,
  job: promql`on (cluster, node, uuid) max by (cluster, node, uuid) (${podGpus})`,
};

/** Where nodes stand, by the inventory. */
export const placeQueries = {
  place: promql`max by (node, name, site, room, rack, owner, team, state, model, serial) (${select(cmdb.cmdb_ci_info, { class: 'server', node: { re: '$node' } })})`,
  rack: promql`max by (node, rack) (${select(gpu.gpu_devices, { ...onClusters, node: { re: '$node' }, rack: { not: '' } })})`,
};
