import { prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { fleetlensGroup } from '../../rules/recording/fleetlens.ts';
import { definePanels } from '../panel.ts';
import { gpuJob, noneIsBetter, noneIsGood, onClusters, onNodes } from './scope.ts';

const scraped = select(prometheus.up, gpuJob);
const responsive = select(gpu.gpu_driver_responsive, onNodes);
const driverState = select(gpu.gpu_driver_state, onNodes);
const collectorSuccess = select(fleetlens.fleetlens_collector_success, gpuJob);
const snapshotAge = select(fleetlens.fleetlens_snapshot_age_seconds, gpuJob);
const scrapeDuration = select(prometheus.scrape_duration_seconds, gpuJob);
const restarts = select(gpu.gpu_driver_restarts_total, onNodes);
/** Recorded, since each node has an exporter with some thirty collectors; the choice of nodes does not narrow it. */
const ofJob = { ...onClusters, job: gpuJob.job } as const;
const rendering = select(fleetlensGroup.series['cluster_job:fleetlens_scrape_render_seconds:p99'], ofJob);
const failed = select(fleetlensGroup.series['cluster_job_collector:fleetlens_collector_success:failed'], ofJob);

/** The way of a reading: driver, exporter, scrape. */
export const gpuExporterPanels = definePanels('gpu-exporter', {
  exportersDown: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'GPU exporters down',
    description:
      'How many GPU exporters are down? Targets of the scrape job "fleetlens-gpu" that Prometheus could not scrape: their GPUs are not watched.',
    unit: 'count',
    queries: [{ expr: promql`count(${scraped}) - sum(${scraped})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: 'No exporter',
  },
  driversHanging: {
    visual: 'stat',
    metric: gpu.gpu_driver_responsive,
    title: 'Nodes whose driver is silent',
    description: 'On how many nodes does the driver not answer? Nodes on which a call to the driver hangs or crashed.',
    unit: 'count',
    queries: [{ expr: promql`count(${responsive}) - sum(${responsive})`, legend: 'not answering' }],
    levels: noneIsGood,
    noValue: 'No driver',
  },
  failedCollectors: {
    visual: 'stat',
    metric: fleetlens.fleetlens_collector_success,
    title: 'Collectors failing',
    description:
      'How many collectors failed? Collectors of GPU exporters whose last run did not give everything it should.',
    unit: 'count',
    queries: [{ expr: promql`count(${collectorSuccess}) - sum(${collectorSuccess})`, legend: 'failed' }],
    levels: noneIsBetter,
    noValue: 'No exporter',
  },
  source: {
    visual: 'stat',
    metric: gpu.gpu_source_info,
    title: 'Source of the readings',
    unit: 'count',
    queries: [{ expr: promql`count by (source) (${select(gpu.gpu_source_info, onNodes)})`, legend: '{{source}}' }],
    noValue: 'No exporter',
  },
  driverStates: {
    visual: 'timeseries',
    metric: gpu.gpu_driver_state,
    title: 'In which state are the drivers?',
    description: `${gpu.gpu_driver_state.help} Counted in nodes.`,
    unit: 'count',
    queries: [{ expr: promql`sum by (state) (${driverState}) > 0`, legend: '{{state}}' }],
    stacked: true,
    noValue: 'No exporter',
  },
  driverRestarts: {
    visual: 'timeseries',
    metric: gpu.gpu_driver_restarts_total,
    title: 'Was the connection to a driver restarted?',
    unit: 'count',
    queries: [{ expr: promql`sum by (reason) (increase(${restarts}[$__rate_interval]))`, legend: '{{reason}}' }],
    draw: 'bars',
    decimals: 0,
    noValue: 'No restarts',
  },
  collectors: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_collector_success,
    title: 'Which collectors fail?',
    description: 'GPU exporters of the chosen clusters whose collector failed, by collector.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (collector) (${failed})`,
        legend: '{{collector}}',
      },
    ],
    stacked: true,
    noValue: 'No collector fails',
  },
  snapshotAge: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_snapshot_age_seconds,
    title: 'How old are the readings?',
    queries: [
      { expr: promql`max(${snapshotAge})`, legend: 'oldest' },
      { expr: promql`avg(${snapshotAge})`, legend: 'mean' },
    ],
  },
  scrapeDuration: {
    visual: 'timeseries',
    metric: prometheus.scrape_duration_seconds,
    title: 'How long do scrapes take?',
    description:
      'Duration of scrapes as Prometheus sees it, and how much of it the exporter spends on writing the answer.',
    queries: [
      { expr: promql`max(${scrapeDuration})`, legend: 'slowest' },
      { expr: promql`quantile(0.9, ${scrapeDuration})`, legend: 'slowest 10 %' },
      {
        expr: promql`max(${rendering})`,
        legend: 'writing, slowest 1 %',
      },
    ],
  },
  driverVersions: {
    visual: 'table',
    metric: gpu.gpu_driver_info,
    title: 'Which drivers run, and on how many nodes?',
    keys: [
      ['cluster', 'Cluster'],
      ['driver', 'Driver'],
      ['cuda', 'CUDA'],
      ['nvml', 'NVML'],
    ],
    columns: [
      {
        heading: 'Nodes',
        unit: 'count',
        expr: promql`count by (cluster, driver, cuda, nvml) (${select(gpu.gpu_driver_info, onNodes)})`,
      },
    ],
    sortBy: ['Nodes', 'largest'],
    noValue: 'No driver',
  },
  exporterVersions: {
    visual: 'table',
    metric: fleetlens.fleetlens_build_info,
    title: 'Which versions of the exporter run?',
    keys: [
      ['cluster', 'Cluster'],
      ['version', 'Version'],
      ['nodejs', 'Node.js'],
    ],
    columns: [
      {
        heading: 'Exporters',
        unit: 'count',
        expr: promql`count by (cluster, version, nodejs) (${select(fleetlens.fleetlens_build_info, { ...onNodes, daemon: 'gpu' })})`,
      },
    ],
    sortBy: ['Exporters', 'largest'],
    noValue: 'No exporter',
  },
});
