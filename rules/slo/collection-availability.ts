import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { thresholds } from '../thresholds.ts';
import { booleanGauge } from './indicator.ts';
import type { Slo } from './objective.ts';

const maintained = select(prometheus.ALERTS, { alertname: 'NodeMaintenance', alertstate: 'firing' });
const scraped = promql`(${select(prometheus.up, { job: { re: 'fleetlens-.*' } })} unless on (cluster, node) ${maintained})`;

/** Share of the scrapes of our daemons that succeed: what every other objective is measured by. */
export const collectionAvailability: Slo = {
  name: 'collection-availability',
  title: 'the collection of readings',
  missed: ['the scrapes', 'fail'],
  objective: thresholds.collectionAvailabilityObjectiveRatio,
  periodDays: 30,
  by: ['cluster'],
  indicator: booleanGauge(['cluster'], scraped),
  minimum: { events: thresholds.sloEventsCount, bad: thresholds.sloBadEventsCount },
  pages: false,
  expected: false,
  domain: 'fleetlens',
  team: 'observability',
  firstLook: [
    'Which targets: `up{job=~"fleetlens-.*"} == 0`, and how long they take: `topk(10, scrape_duration_seconds)`.',
    'Page Status, Targets of Prometheus: column Error.',
  ],
  remedy: [
    'Single targets: see the runbook of ExporterDown; many at once: that of ManyExportersDown.',
    'Scrapes that run into the timeout: see the runbook of ExporterScrapeSlow.',
  ],
};
