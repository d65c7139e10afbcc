import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { hostJobs } from '../node.ts';
import { thresholds } from '../thresholds.ts';
import { perNode } from '../vectors.ts';
import type { Slo } from './objective.ts';

const maintained = select(prometheus.ALERTS, { alertname: 'NodeMaintenance', alertstate: 'firing' });
const host = select(prometheus.up, { job: hostJobs, node: { not: '' } });

/** Machines that node_exporter told of within the hour. One that was taken out counts for as long. */
const known = promql`${perNode(promql`last_over_time(${host}[1h])`)} unless on (cluster, node) ${maintained}`;
/** A node_exporter that has stopped is no machine that is away. */
const answering = promql`${perNode(select(prometheus.up, { node: { not: '' } }))} == 1`;

/** Share of the time of machines in which anything on them answers. */
export const nodeAvailability: Slo = {
  name: 'node-availability',
  title: 'the machines of a cluster',
  missed: ['the machine time', 'is lost'],
  objective: thresholds.nodeAvailabilityObjectiveRatio,
  periodDays: 30,
  by: ['cluster'],
  indicator: {
    kind: 'members',
    good: promql`sum by (cluster) (${answering} and on (cluster, node) (${known}))`,
    members: promql`count by (cluster) (${known})`,
  },
  minimum: { events: thresholds.sloEventsCount, bad: thresholds.sloBadEventsCount },
  pages: false,
  expected: false,
  profile: 'node',
  domain: 'platform',
  team: 'sre',
  firstLook: [
    'Which ones are away: `up{job=~"(.*/)?node([-_]exporter)?"} == 0`, and where they stand: the board Inventory and drift.',
    'One rack, one switch, one model or one rollout among them: `fleetlens cmdb impact <rack>`.',
    'NodeDown and NodeRebooted say more of single machines.',
  ],
  remedy: [
    'Single machines: see the runbook of NodeDown.',
    'Machines that are away for repair: put them under maintenance in the inventory, and they do not count.',
    'A cluster that is often repaired: lower nodeAvailabilityObjectiveRatio to what was promised.',
  ],
};
