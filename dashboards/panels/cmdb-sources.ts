import { cmdb } from '../../metrics/cmdb.ts';
import { prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { cmdbJob, noneIsBetter, noneIsGood } from './scope.ts';

const scraped = select(prometheus.up, cmdbJob);
const noSource = 'No source';
const noDaemon = 'No inventory';

/** Where the inventory comes from, who reads it, and the daemon that keeps it. */
export const cmdbSourcePanels = definePanels('cmdb-sources', {
  sources: {
    visual: 'table',
    metric: cmdb.cmdb_source_up,
    title: 'How is each source?',
    description: 'Freshness, duration and counts of the last look of each source.',
    keys: [
      ['source', 'Source'],
      ['cluster', 'Cluster'],
    ],
    columns: [
      {
        heading: 'Taken over, ago',
        unit: 'seconds',
        expr: promql`time() - max by (cluster, source) (${cmdb.cmdb_source_last_success_timestamp_seconds})`,
      },
      {
        heading: 'Looked at every',
        unit: 'seconds',
        expr: promql`max by (cluster, source) (${cmdb.cmdb_source_interval_seconds})`,
      },
      {
        heading: 'Duration',
        unit: 'seconds',
        expr: promql`max by (cluster, source) (${cmdb.cmdb_source_duration_seconds})`,
      },
      { heading: 'Items', unit: 'count', expr: promql`max by (cluster, source) (${cmdb.cmdb_source_items})` },
      {
        heading: 'Problems',
        unit: 'count',
        expr: promql`max by (cluster, source) (${cmdb.cmdb_source_problems})`,
        levels: noneIsBetter,
      },
      {
        heading: 'Refused',
        unit: 'count',
        expr: promql`max by (cluster, source) (${cmdb.cmdb_source_refused})`,
        levels: noneIsGood,
      },
    ],
    sortBy: ['Taken over, ago', 'largest'],
    noValue: noSource,
  },
  changes: {
    visual: 'timeseries',
    metric: cmdb.cmdb_source_changes_total,
    title: 'What do the sources change?',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (source, change) (increase(${cmdb.cmdb_source_changes_total}[$__rate_interval])) > 0`,
        legend: '{{source}} {{change}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: 'No changes',
  },
  history: {
    visual: 'timeseries',
    metric: cmdb.cmdb_changes_total,
    title: 'Who changes the inventory?',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (source) (increase(${cmdb.cmdb_changes_total}[$__rate_interval])) > 0`,
        legend: '{{source}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    decimals: 0,
    noValue: 'No changes',
  },
  targets: {
    visual: 'timeseries',
    metric: cmdb.cmdb_http_sd_targets,
    title: 'How many targets does service discovery give?',
    unit: 'count',
    queries: [{ expr: promql`max by (list) (${cmdb.cmdb_http_sd_targets})`, legend: '{{list}}' }],
    noValue: 'No list',
  },
  refused: {
    visual: 'timeseries',
    metric: cmdb.cmdb_http_sd_refused_total,
    title: 'When did service discovery refuse or fail?',
    description: `${cmdb.cmdb_http_sd_refused_total.help} Beside it the failures that Prometheus counts.`,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (list) (increase(${cmdb.cmdb_http_sd_refused_total}[$__rate_interval])) > 0`,
        legend: 'refused {{list}}',
      },
      {
        expr: promql`sum by (instance) (increase(${prometheus.prometheus_sd_http_failures_total}[$__rate_interval])) > 0`,
        legend: 'failed at {{instance}}',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'Never',
  },
  daemonsDown: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Replicas down',
    description:
      'How many replicas of the inventory are down? Targets of the scrape job "fleetlens-cmdb" that Prometheus could not scrape.',
    unit: 'count',
    queries: [{ expr: promql`count(${scraped}) - sum(${scraped})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noDaemon,
  },
  leaders: {
    visual: 'stat',
    metric: cmdb.cmdb_leader,
    title: 'Replicas leading',
    unit: 'count',
    queries: [{ expr: promql`sum by (cluster) (${cmdb.cmdb_leader})`, legend: '{{cluster}}' }],
    levels: {
      base: 'critical',
      steps: [
        [1, 'ok'],
        [2, 'critical'],
      ],
    },
    noValue: noDaemon,
  },
  storesDown: {
    visual: 'stat',
    metric: cmdb.cmdb_store_up,
    title: 'Databases down',
    unit: 'count',
    queries: [{ expr: promql`count(${cmdb.cmdb_store_up}) - sum(${cmdb.cmdb_store_up})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noDaemon,
  },
  dropped: {
    visual: 'stat',
    metric: cmdb.cmdb_dropped_series,
    title: 'Series left out',
    unit: 'count',
    queries: [{ expr: promql`sum(max by (metric) (${cmdb.cmdb_dropped_series}))`, legend: 'left out' }],
    levels: noneIsBetter,
    noValue: 'None',
  },
  windows: {
    visual: 'stat',
    metric: cmdb.cmdb_maintenance_windows,
    title: 'Maintenance',
    unit: 'count',
    queries: [{ expr: promql`max by (state) (${cmdb.cmdb_maintenance_windows})`, legend: '{{state}}' }],
    noValue: 'None',
  },
  silences: {
    visual: 'stat',
    metric: cmdb.cmdb_silence_sync_success,
    title: 'Silences in sync',
    unit: 'count',
    queries: [{ expr: promql`max by (cluster) (${cmdb.cmdb_silence_sync_success})`, legend: '{{cluster}}' }],
    levels: { base: 'warning', steps: [[1, 'ok']] },
    noValue: 'No Alertmanager',
  },
  collectors: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_collector_success,
    title: 'Which collectors of the inventory fail?',
    description: 'Replicas of the inventory whose collector failed, by collector.',
    unit: 'count',
    queries: [
      {
        expr: promql`count by (collector) (${select(fleetlens.fleetlens_collector_success, cmdbJob)} == 0)`,
        legend: '{{collector}}',
      },
    ],
    stacked: true,
    noValue: 'No collector fails',
  },
  scrapes: {
    visual: 'timeseries',
    metric: prometheus.scrape_duration_seconds,
    title: 'How long do scrapes of the inventory take?',
    queries: [
      {
        expr: promql`max by (instance) (${select(prometheus.scrape_duration_seconds, cmdbJob)})`,
        legend: '{{instance}}',
      },
    ],
    noValue: noDaemon,
  },
});
