import { processes, prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { fleetlensGroup } from '../../rules/recording/fleetlens.ts';
import { definePanels } from '../panel.ts';
import { noneIsBetter, noneIsGood, noRecording, onDaemons, orZero } from './scope.ts';

const { series } = fleetlensGroup;
const up = select(prometheus.up, onDaemons);
const scrapeSeconds = select(prometheus.scrape_duration_seconds, onDaemons);
const samples = select(prometheus.scrape_samples_post_metric_relabeling, onDaemons);
const failed = select(series['cluster_job_collector:fleetlens_collector_success:failed'], onDaemons);
const reloaded = select(fleetlens.fleetlens_config_last_reload_successful, onDaemons);
const starts = select(processes.process_start_time_seconds, onDaemons);
const rejected = select(fleetlens.fleetlens_http_requests_rejected_total, onDaemons);
const age = select(fleetlens.fleetlens_snapshot_age_seconds, onDaemons);
const memory = select(processes.process_resident_memory_bytes, onDaemons);
const cpu = select(processes.process_cpu_seconds_total, onDaemons);

const noDaemon = 'No daemon is scraped';
const perJob = (readings: Expr | PlainMetric): Expr => promql`max by (cluster, job) (${readings})`;

/** The daemons of FleetLens as Prometheus sees them. */
export const selfPanels = definePanels('self', {
  down: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Daemons down',
    description:
      'How many daemons are down? Targets of the scrape jobs of FleetLens that Prometheus could not scrape: what they watch is not watched.',
    unit: 'count',
    queries: [{ expr: promql`count(${up}) - sum(${up})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noDaemon,
  },
  failing: {
    visual: 'stat',
    metric: fleetlens.fleetlens_collector_success,
    title: 'Collector errors',
    description:
      'How many collectors fail? Collectors of all daemons whose last run did not give everything it should.',
    unit: 'count',
    queries: [{ expr: orZero(promql`sum(${failed})`, up), legend: 'failing' }],
    levels: noneIsBetter,
    noValue: noDaemon,
  },
  badConfigs: {
    visual: 'stat',
    metric: fleetlens.fleetlens_config_last_reload_successful,
    title: 'Old configuration',
    description:
      'How many run with an old configuration? Daemons whose last load of the configuration failed, so that the one before is in force.',
    unit: 'count',
    queries: [{ expr: promql`count(${reloaded}) - sum(${reloaded})`, legend: 'with an old one' }],
    levels: noneIsBetter,
    noValue: noDaemon,
  },
  rejected: {
    visual: 'stat',
    metric: fleetlens.fleetlens_http_requests_rejected_total,
    title: 'Turned away',
    description:
      'How many requests were turned away? HTTP requests in the last hour that had no right, or came while too many others were answered.',
    unit: 'count',
    queries: [{ expr: promql`sum by (reason) (round(increase(${rejected}[1h])))`, legend: '{{reason}}' }],
    levels: noneIsBetter,
    noValue: noDaemon,
  },
  restarts: {
    visual: 'stat',
    metric: processes.process_start_time_seconds,
    title: 'Started, 1 h',
    description:
      'How many daemons started within an hour? Daemons whose process is younger than an hour, in a rollout all of them.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(time() - ${starts} < 3600)`, up), legend: 'started' }],
    noValue: noDaemon,
  },
  series: {
    visual: 'stat',
    metric: prometheus.scrape_samples_post_metric_relabeling,
    title: 'Series',
    description:
      'How many series do they show? Samples of the last scrapes of all daemons: what FleetLens costs in Prometheus.',
    unit: 'count',
    queries: [{ expr: promql`sum(${samples})`, legend: 'series' }],
    noValue: noDaemon,
  },
  jobs: {
    visual: 'table',
    metric: prometheus.up,
    title: 'How is each kind of daemon?',
    description: 'One line for each scrape job; the link on its name narrows the board to it.',
    keys: [
      ['cluster', 'Cluster'],
      ['job', 'Daemon'],
    ],
    columns: [
      { heading: 'Targets', unit: 'count', expr: promql`count by (cluster, job) (${up})` },
      {
        heading: 'Down',
        unit: 'count',
        expr: promql`count by (cluster, job) (${up}) - sum by (cluster, job) (${up})`,
        levels: noneIsGood,
      },
      {
        heading: 'Failing collectors',
        unit: 'count',
        expr: promql`sum by (cluster, job) (${failed})`,
        levels: noneIsBetter,
      },
      { heading: 'Slowest scrape', unit: 'seconds', expr: perJob(scrapeSeconds) },
      { heading: 'Largest scrape', unit: 'count', expr: perJob(samples) },
      { heading: 'All series', unit: 'count', expr: promql`sum by (cluster, job) (${samples})` },
      { heading: 'Most memory', unit: 'bytes', expr: perJob(memory) },
      { heading: 'Youngest', unit: 'seconds', expr: promql`time() - ${perJob(starts)}` },
    ],
    sortBy: ['Down', 'largest'],
    noValue: noDaemon,
  },
  downList: {
    visual: 'table',
    metric: prometheus.up,
    title: 'Which daemons are down?',
    description: 'At most 64. The alert ExporterDown has the steps to take.',
    keys: [
      ['job', 'Daemon'],
      ['instance', 'Address'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Targets',
        unit: 'count',
        expr: promql`topk(64, count by (job, instance, cluster, node) (${up} == 0))`,
      },
    ],
    noValue: 'None',
  },
  versions: {
    visual: 'table',
    metric: fleetlens.fleetlens_build_info,
    title: 'Which versions run?',
    keys: [
      ['daemon', 'Daemon'],
      ['version', 'Version'],
      ['nodejs', 'Node.js'],
      ['cluster', 'Cluster'],
    ],
    columns: [
      {
        heading: 'Processes',
        unit: 'count',
        expr: promql`count by (daemon, version, nodejs, cluster) (${select(fleetlens.fleetlens_build_info, onDaemons)})`,
      },
    ],
    sortBy: ['Processes', 'largest'],
    noValue: noDaemon,
  },
  failures: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_collector_success,
    title: 'Which collectors fail?',
    description: 'Daemons whose collector failed, by scrape job and collector; the 16 that fail most.',
    unit: 'count',
    queries: [{ expr: promql`topk(16, sum by (job, collector) (${failed}))`, legend: '{{job}} {{collector}}' }],
    stacked: true,
    decimals: 0,
    noValue: 'No collector fails',
  },
  durations: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_collector_duration_seconds,
    title: 'Which collectors take long?',
    description: 'Time of the last run on the slowest daemon, by scrape job and collector; the 16 slowest.',
    queries: [
      {
        expr: promql`topk(16, max by (job, collector) (${select(series['cluster_job_collector:fleetlens_collector_duration_seconds:max'], onDaemons)}))`,
        legend: '{{job}} {{collector}}',
      },
    ],
    noValue: noRecording,
  },
  scrapes: {
    visual: 'timeseries',
    metric: prometheus.scrape_duration_seconds,
    title: 'How long do scrapes take?',
    description: 'The slowest target of each scrape job, and what 99 of 100 answers take to be written.',
    queries: [
      { expr: promql`max by (job) (${scrapeSeconds})`, legend: '{{job}}' },
      {
        expr: promql`max by (job) (${select(series['cluster_job:fleetlens_scrape_render_seconds:p99'], onDaemons)})`,
        legend: '{{job}}, writing',
      },
    ],
    noValue: noDaemon,
  },
  snapshotAge: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_snapshot_age_seconds,
    title: 'How old are readings when they are scraped?',
    queries: [
      { expr: promql`max by (job) (${age})`, legend: '{{job}}, oldest' },
      { expr: promql`avg by (job) (${age})`, legend: '{{job}}, mean' },
    ],
    noValue: 'No daemon keeps a snapshot',
  },
  seriesCurve: {
    visual: 'timeseries',
    metric: prometheus.scrape_samples_post_metric_relabeling,
    title: 'How many series does each kind of daemon show?',
    unit: 'count',
    queries: [{ expr: promql`sum by (job) (${samples})`, legend: '{{job}}' }],
    stacked: true,
    noValue: noDaemon,
  },
  churn: {
    visual: 'timeseries',
    metric: prometheus.scrape_series_added,
    title: 'Who makes new series?',
    description: `${prometheus.scrape_series_added.help} Added up by scrape job; new series all the time fill the memory of Prometheus.`,
    unit: 'count',
    queries: [{ expr: promql`sum by (job) (${select(prometheus.scrape_series_added, onDaemons)})`, legend: '{{job}}' }],
    noValue: noDaemon,
  },
  memory: {
    visual: 'timeseries',
    metric: processes.process_resident_memory_bytes,
    title: 'How much memory do they take?',
    description: 'Memory in RAM of the largest process of each scrape job.',
    queries: [{ expr: promql`max by (job) (${memory})`, legend: '{{job}}' }],
    noValue: noDaemon,
  },
  cpu: {
    visual: 'timeseries',
    metric: processes.process_cpu_seconds_total,
    title: 'How much of a core do they take?',
    description: 'Of the process of each scrape job that takes most; 100 % is one core.',
    unit: 'ratio',
    queries: [{ expr: promql`max by (job) (rate(${cpu}[$__rate_interval]))`, legend: '{{job}}' }],
    noValue: noDaemon,
  },
  restartCurve: {
    visual: 'timeseries',
    metric: processes.process_start_time_seconds,
    title: 'When were daemons started anew?',
    description: 'Starts in each step of the picture, by scrape job.',
    unit: 'count',
    queries: [{ expr: promql`sum by (job) (changes(${starts}[$__rate_interval])) > 0`, legend: '{{job}}' }],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: 'Never',
  },
  rejectedCurve: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_http_requests_rejected_total,
    title: 'When were requests turned away?',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (job, reason) (increase(${rejected}[$__rate_interval])) > 0`,
        legend: '{{job}} {{reason}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: 'Never',
  },
  reloads: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_config_last_reload_success_timestamp_seconds,
    title: 'How old are the configurations in force?',
    description: 'Time since the last load that succeeded, of the daemon of each scrape job that loaded longest ago.',
    queries: [
      {
        expr: promql`time() - min by (job) (${select(fleetlens.fleetlens_config_last_reload_success_timestamp_seconds, onDaemons)})`,
        legend: '{{job}}',
      },
    ],
    noValue: noDaemon,
  },
});
