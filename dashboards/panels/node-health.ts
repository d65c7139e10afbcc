import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { definePanels } from '../panel.ts';
import { noneIsBetter, noneIsGood, onNodes, orZero, perNode } from './scope.ts';

const offset = promql`abs(${perNode(select(nodeHost.node_timex_offset_seconds, onNodes))})`;
const synchronised = perNode(select(nodeHost.node_timex_sync_status, onNodes));
const blocked = perNode(select(nodeHost.node_procs_blocked, onNodes));
const uptime = promql`(time() - ${perNode(select(nodeHost.node_boot_time_seconds, onNodes))})`;

function inRange(metric: PlainMetric): Expr {
  return promql`sum(increase(${select(metric, onNodes)}[$__range]))`;
}

/** What wears out or goes wrong on a machine without being load. */
export const nodeHealthPanels = definePanels('node-health', {
  unsynchronised: {
    visual: 'stat',
    metric: nodeHost.node_timex_sync_status,
    title: 'Clocks not synced',
    description: 'How many clocks are on their own? Machines whose clock no reference keeps.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${synchronised} == 0)`, synchronised), legend: 'on their own' }],
    levels: noneIsBetter,
  },
  uncorrected: {
    visual: 'stat',
    metric: nodeHost.node_edac_uncorrectable_errors_total,
    title: 'Uncorrected ECC',
    description:
      'How many errors of main memory were not corrected? Errors in the time range shown that could not be corrected.',
    queries: [{ expr: inRange(nodeHost.node_edac_uncorrectable_errors_total), legend: 'not corrected' }],
    levels: noneIsGood,
    decimals: 0,
    noValue: 'No ECC readings',
  },
  corrected: {
    visual: 'stat',
    metric: nodeHost.node_edac_correctable_errors_total,
    title: 'Corrected ECC',
    description:
      'How many errors of main memory were corrected? Errors in the time range shown that were corrected. Many on one machine come before those that are not.',
    queries: [{ expr: inRange(nodeHost.node_edac_correctable_errors_total), legend: 'corrected' }],
    levels: noneIsBetter,
    decimals: 0,
    noValue: 'No ECC readings',
  },
  oomKills: {
    visual: 'stat',
    metric: nodeHost.node_vmstat_oom_kill,
    title: 'OOM kills',
    description:
      'How many processes were killed for lack of memory? Processes that the kernel killed in the time range shown, also within the limit of a container.',
    queries: [{ expr: inRange(nodeHost.node_vmstat_oom_kill), legend: 'killed' }],
    levels: noneIsBetter,
    decimals: 0,
  },
  clock: {
    visual: 'timeseries',
    metric: nodeHost.node_timex_offset_seconds,
    title: 'Are the clocks right?',
    description:
      'Distance of the clock to its reference, either way: the machine with the largest, and the middle one.',
    queries: [
      { expr: promql`max(${offset})`, legend: 'farthest' },
      { expr: promql`quantile(0.5, ${offset})`, legend: 'middle machine' },
    ],
  },
  blocked: {
    visual: 'timeseries',
    metric: nodeHost.node_procs_blocked,
    title: 'Where do processes hang?',
    description:
      'Processes that wait for input or output and cannot be interrupted, of the eight machines with the most.',
    unit: 'count',
    queries: [{ expr: promql`topk(8, ${blocked})`, legend: '{{node}}' }],
  },
  youngest: {
    visual: 'bars',
    metric: nodeHost.node_boot_time_seconds,
    title: 'Which machines booted last?',
    description: 'The ten machines that have been up for the shortest time.',
    unit: 'seconds',
    queries: [{ expr: promql`bottomk(10, ${uptime})`, legend: '{{node}}' }],
  },
});
