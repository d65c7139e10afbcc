import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import { definePanels } from '../panel.ts';
import { noneIsGood, trainingJob } from './scope.ts';

const scraped = select(prometheus.up, trainingJob);
const noExporter = 'No exporter';

/** The way of a number from the run: file or message, exporter, scrape. */
export const trainingExporterPanels = definePanels('training-exporter', {
  exportersDown: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Training exporters down',
    description:
      'How many training exporters are down? Targets of the scrape job "fleetlens-training" that Prometheus could not scrape: their runs are not watched.',
    unit: 'count',
    queries: [{ expr: promql`count(${scraped}) - sum(${scraped})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noExporter,
  },
  files: {
    visual: 'stat',
    metric: training.training_source_files,
    title: 'Files followed',
    description: 'How many files are followed? Files that training exporters follow, by kind of source.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (source) (${select(training.training_source_files, trainingJob)}) > 0`,
        legend: '{{source}}',
      },
    ],
    noValue: noExporter,
  },
  unread: {
    visual: 'stat',
    metric: training.training_source_unread_bytes,
    title: 'Still to be read',
    description:
      'How much is still to be read? Bytes of followed files that are still to be read: more than a moment after the start means that an exporter does not keep up.',
    queries: [{ expr: promql`sum(${select(training.training_source_unread_bytes, trainingJob)})`, legend: 'unread' }],
    noValue: noExporter,
  },
  poll: {
    visual: 'stat',
    metric: training.training_poll_duration_seconds,
    title: 'Time of one look',
    description: 'How long does a look at the files take? The slowest exporter.',
    queries: [
      { expr: promql`max(${select(training.training_poll_duration_seconds, trainingJob)})`, legend: 'slowest' },
    ],
    noValue: noExporter,
  },
  records: {
    visual: 'timeseries',
    metric: training.training_source_records_total,
    title: 'How much do runs tell?',
    description: training.training_source_records_total.help,
    unit: 'per_second',
    queries: [
      {
        expr: promql`sum by (source) (rate(${select(training.training_source_records_total, trainingJob)}[$__rate_interval]))`,
        legend: '{{source}}',
      },
    ],
    stacked: true,
    noValue: noExporter,
  },
  errors: {
    visual: 'timeseries',
    metric: training.training_source_errors_total,
    title: 'What could not be read?',
    description: training.training_source_errors_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (source, reason) (increase(${select(training.training_source_errors_total, trainingJob)}[$__rate_interval])) > 0`,
        legend: '{{source}} {{reason}}',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'No errors',
  },
  dropped: {
    visual: 'timeseries',
    metric: training.training_dropped_total,
    title: 'What was left out for a limit?',
    description: training.training_dropped_total.help,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (kind) (increase(${select(training.training_dropped_total, trainingJob)}[$__rate_interval])) > 0`,
        legend: '{{kind}}',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'Nothing',
  },
});
