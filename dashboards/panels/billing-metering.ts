import { billing } from '../../metrics/billing.ts';
import { prometheus } from '../../metrics/external.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { billingJob, noneIsBetter, noneIsGood, onClusters } from './scope.ts';

const noDaemon = 'No billing';
const scraped = select(prometheus.up, billingJob);
const meters = [
  ['meter', 'Meter'],
  ['cluster', 'Cluster'],
] as const;

/** Replicas show the same, so the largest of them counts once. */
function perMeter(readings: PlainMetric | Expr): Expr {
  return promql`max by (cluster, meter) (${readings})`;
}

const watermark = perMeter(select(billing.billing_metered_until_timestamp_seconds, onClusters));
const held = perMeter(select(billing.billing_held_windows, onClusters));
const conservation = promql`max by (cluster) (${select(billing.billing_conservation_error_seconds, onClusters)})`;

/** Whether all is metered, and the daemon that does it. */
export const billingMeteringPanels = definePanels('billing-metering', {
  behind: {
    visual: 'stat',
    metric: billing.billing_metered_until_timestamp_seconds,
    title: 'Metering lag',
    description:
      'How far is metering behind? Time since the oldest watermark of the chosen clusters. A window and its delay are usual: 70 minutes.',
    queries: [{ expr: promql`time() - min(${watermark})`, legend: 'behind' }],
    levels: {
      base: 'ok',
      steps: [
        [7200, 'warning'],
        [10_800, 'critical'],
      ],
    },
    noValue: noDaemon,
  },
  coverage: {
    visual: 'stat',
    metric: billing.billing_coverage_ratio,
    title: 'Data present',
    description:
      'How much of the data was there? Share of the expected scrapes of the last day that were seen, of the meter and cluster where it is smallest.',
    queries: [{ expr: promql`min(${perMeter(select(billing.billing_coverage_ratio, onClusters))})`, legend: 'seen' }],
    levels: {
      base: 'warning',
      steps: [[0.95, 'ok']],
    },
    decimals: 2,
    noValue: noDaemon,
  },
  conservation: {
    visual: 'stat',
    metric: billing.billing_conservation_error_seconds,
    title: 'Books off by',
    queries: [{ expr: promql`max(${conservation})`, legend: 'error' }],
    levels: noneIsGood,
    noValue: noDaemon,
  },
  held: {
    visual: 'stat',
    metric: billing.billing_held_windows,
    title: 'Windows waiting',
    unit: 'count',
    queries: [{ expr: promql`sum(${held})`, legend: 'waiting' }],
    levels: noneIsBetter,
    noValue: noDaemon,
  },
  meters: {
    visual: 'table',
    metric: billing.billing_metered_until_timestamp_seconds,
    title: 'How is each meter?',
    description: 'How far, how well, and what waits.',
    keys: meters,
    columns: [
      { heading: 'Behind', unit: 'seconds', expr: promql`time() - ${watermark}` },
      { heading: 'Seen', unit: 'ratio', expr: perMeter(select(billing.billing_coverage_ratio, onClusters)) },
      { heading: 'Waiting', unit: 'count', expr: held, levels: noneIsBetter },
    ],
    sortBy: ['Behind', 'largest'],
    leadsTo: {
      uid: 'fleetlens-gpu-fleet',
      title: 'GPU fleet',
      variables: [{ name: 'cluster', label: 'cluster' }],
    },
    noValue: noDaemon,
  },
  recorded: {
    visual: 'timeseries',
    metric: billing.billing_windows_recorded_total,
    title: 'How many windows are recorded, and which again?',
    description: `${billing.billing_windows_recorded_total.help} Many later ones mean late or back-filled data.`,
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (revision) (increase(${select(billing.billing_windows_recorded_total, onClusters)}[1h]))`,
        legend: '{{revision}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    noValue: noDaemon,
  },
  sources: {
    visual: 'table',
    metric: billing.billing_source_up,
    title: 'Do the sources answer?',
    description: 'When each source last answered, and when a question last failed.',
    keys: [
      ['source', 'Source'],
      ['cluster', 'Cluster'],
    ],
    columns: [
      {
        heading: 'Up',
        unit: 'count',
        expr: promql`max by (cluster, source) (${billing.billing_source_up})`,
        levels: { base: 'critical', steps: [[1, 'ok']] },
      },
      {
        heading: 'Answered, ago',
        unit: 'seconds',
        expr: promql`time() - max by (cluster, source) (${billing.billing_source_last_success_timestamp_seconds})`,
      },
      {
        heading: 'Failed, ago',
        unit: 'seconds',
        expr: promql`time() - max by (cluster, source) (${billing.billing_source_last_error_timestamp_seconds})`,
      },
    ],
    sortBy: ['Answered, ago', 'largest'],
    noValue: 'No source',
  },
  closed: {
    visual: 'timeseries',
    metric: billing.billing_bills_closed_total,
    title: 'When are bills closed?',
    unit: 'count',
    queries: [
      {
        expr: promql`sum(max by (tenant) (increase(${billing.billing_bills_closed_total}[1d])))`,
        legend: 'closed in a day',
      },
    ],
    draw: 'bars',
    decimals: 0,
    noValue: 'No bill was closed',
  },
  daemonsDown: {
    visual: 'stat',
    metric: prometheus.up,
    title: 'Replicas down',
    description:
      'How many replicas of billing are down? Targets of the scrape job "fleetlens-billing" that Prometheus could not scrape.',
    unit: 'count',
    queries: [{ expr: promql`count(${scraped}) - sum(${scraped})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noDaemon,
  },
  leaders: {
    visual: 'stat',
    metric: billing.billing_leader,
    title: 'Replicas that lead',
    unit: 'count',
    queries: [{ expr: promql`sum by (cluster) (${billing.billing_leader})`, legend: '{{cluster}}' }],
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
    metric: billing.billing_store_up,
    title: 'Ledgers not answering',
    unit: 'count',
    queries: [{ expr: promql`count(${billing.billing_store_up}) - sum(${billing.billing_store_up})`, legend: 'down' }],
    levels: noneIsGood,
    noValue: noDaemon,
  },
  dropped: {
    visual: 'stat',
    metric: billing.billing_dropped_series,
    title: 'Series left out',
    unit: 'count',
    queries: [{ expr: promql`sum(max by (metric) (${billing.billing_dropped_series}))`, legend: 'left out' }],
    levels: noneIsBetter,
    noValue: 'None',
  },
  collectors: {
    visual: 'timeseries',
    metric: fleetlens.fleetlens_collector_success,
    title: 'Which collectors of billing fail?',
    description: 'Replicas of billing whose collector failed, by collector.',
    unit: 'count',
    queries: [
      {
        expr: promql`count by (collector) (${select(fleetlens.fleetlens_collector_success, billingJob)} == 0)`,
        legend: '{{collector}}',
      },
    ],
    stacked: true,
    noValue: 'No collector fails',
  },
  scrapes: {
    visual: 'timeseries',
    metric: prometheus.scrape_duration_seconds,
    title: 'How long do scrapes of billing take?',
    queries: [
      {
        expr: promql`max by (instance) (${select(prometheus.scrape_duration_seconds, billingJob)})`,
        legend: '{{instance}}',
      },
    ],
    noValue: noDaemon,
  },
});
