import { fleetlens } from '../../metrics/fleetlens.ts';
import { bucket, promql, select } from '../../metrics/promql.ts';
import { defineRecordings } from '../recording.ts';

const ours = { job: { re: 'fleetlens-.*' } } as const;
const success = select(fleetlens.fleetlens_collector_success, ours);
const seconds = select(fleetlens.fleetlens_collector_duration_seconds, ours);

/** What the daemons say of themselves, by scrape job: each of 1,250 nodes has an exporter with some thirty collectors. */
export const fleetlensGroup = defineRecordings(
  { group: 'fleetlens', interval: '1m' },
  {
    'cluster_job_collector:fleetlens_collector_success:failed': {
      help: 'Daemons of the scrape job of which the last run of the collector failed; absent while there are none.',
      unit: 'none',
      labels: ['cluster', 'job', 'collector'],
      expr: promql`count by (cluster, job, collector) (${success} == 0)`,
    },
    'cluster_job_collector:fleetlens_collector_duration_seconds:max': {
      help: 'Time that the last run of the collector took on the slowest daemon of the scrape job.',
      unit: 'seconds',
      labels: ['cluster', 'job', 'collector'],
      expr: promql`max by (cluster, job, collector) (${seconds})`,
    },
    'cluster_job:fleetlens_scrape_render_seconds:p99': {
      help: 'Time to render an answer to a scrape that 99 of 100 answers of the scrape job stay below, over ten minutes.',
      unit: 'seconds',
      labels: ['cluster', 'job'],
      expr: promql`histogram_quantile(
  0.99,
  sum by (cluster, job, le) (rate(${bucket(fleetlens.fleetlens_scrape_render_seconds, ours)}[10m]))
)`,
    },
  },
);
