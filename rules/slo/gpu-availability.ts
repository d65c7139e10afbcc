import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { thresholds } from '../thresholds.ts';
import { perGpu } from '../vectors.ts';
import type { Slo } from './objective.ts';

const maintained = select(prometheus.ALERTS, { alertname: 'NodeMaintenance', alertstate: 'firing' });

/** GPUs that were there within the hour: one whose node is away is lost time too. A GPU that was taken out counts for as long. */
const known = promql`${perGpu(promql`last_over_time(${gpu.gpu_up}[1h])`)} unless on (cluster, node) ${maintained}`;
const toBeRecovered = promql`${perGpu(select(gpu.gpu_recovery_action, { action: { not: 'none' } }))} == 1`;
const usable = promql`${perGpu(gpu.gpu_up)} == 1
  unless ${toBeRecovered}
  unless on (cluster, node) ${maintained}`;

/** Share of the GPU time in which GPUs are up and the driver asks for no reset. */
export const gpuAvailability: Slo = {
  name: 'gpu-availability',
  title: 'the GPUs of a cluster',
  missed: ['the GPU time', 'is lost'],
  objective: thresholds.gpuAvailabilityObjectiveRatio,
  periodDays: 30,
  by: ['cluster'],
  indicator: {
    kind: 'members',
    good: promql`sum by (cluster) (${usable})`,
    members: promql`count by (cluster) (${known})`,
  },
  minimum: { events: thresholds.sloEventsCount, bad: thresholds.sloBadEventsCount },
  pages: true,
  expected: false,
  domain: 'gpu',
  team: 'sre',
  firstLook: [
    'Which ones are away: `gpu_up == 0`, and the ones that the driver wants reset: `gpu_recovery_action{action!="none"} == 1`.',
    'Which nodes do not tell at all: `up{job="fleetlens-gpu"} == 0`.',
    'Alerts about single GPUs and nodes say more: GpuLost, ExporterDown, ManyExportersDown.',
  ],
  remedy: [
    'Single GPUs: see the runbook of GpuLost.',
    'Whole nodes: bring them back. A node that is under maintenance in the inventory does not count.',
    'A cluster that is often repaired: lower gpuAvailabilityObjectiveRatio to what was promised.',
  ],
};
