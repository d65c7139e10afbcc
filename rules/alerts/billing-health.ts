import { billing } from '../../metrics/billing.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { readBillingLog } from '../billing-texts.ts';
import { exampleBillingReplica, exampleBillingTarget } from '../examples.ts';
import { replicaAlerts } from '../replica-alerts.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const problems = promql`max by (cluster, tenant) (${recent(billing.billing_bill_problems)})`;
const overdueSince = promql`max by (cluster, tenant) (${recent(billing.billing_bill_overdue_since_timestamp_seconds)})`;
const ofJob = { cluster: 'c1', job: 'fleetlens-billing' } as const;
const ofTenant = { cluster: 'c1', tenant: 'search' } as const;
const tenantTarget = { ...exampleBillingTarget, tenant: 'search' } as const;
const sourceTarget = { ...exampleBillingTarget, source: 'main', source_type: 'prometheus' } as const;

/** The daemon that meters and bills, what it reads, and what only people can do. */
export default defineAlerts({
  theme: 'billing-health',
  alerts: [
    {
      name: 'BillingSourceDown',
      expr: promql`max by (cluster, source) (${recent(billing.billing_source_up)}) == 0`,
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'A source of billing does not answer.',
      description:
        'The source {{ $labels.source }} of billing in {{ $labels.cluster }} does not answer, or answers what cannot be used. Metering waits and catches up.',
      runbook: {
        meaning: 'Nothing new is metered from it. Samples are not lost while the source keeps them.',
        firstLook: [readBillingLog, 'By hand: `curl -sS <url>/api/v1/query?query=up`.'],
        remedy: [
          'Bring the source back, or mend address, certificate or token, whichever the error names.',
          'A source of a quota: its readings are missing and nothing else is.',
        ],
      },
      fires: {
        when: 'Prometheus is away for twenty minutes',
        series: [[series(billing.billing_source_up, sourceTarget), '1x5 0x25']],
        at: '25m',
        alerts: [{ cluster: 'c1', source: 'main' }],
      },
      quiet: {
        when: 'A restart of Prometheus',
        series: [[series(billing.billing_source_up, sourceTarget), '1x5 0x6 1x20']],
        at: '25m',
      },
    },
    ...replicaAlerts({
      domain: 'billing',
      readLog: readBillingLog,
      storeUp: billing.billing_store_up,
      leader: billing.billing_leader,
      examples: {
        target: exampleBillingTarget,
        storeUp: series(billing.billing_store_up, { ...exampleBillingTarget, store: 'postgresql' }),
        leaders: [
          series(billing.billing_leader, exampleBillingTarget),
          series(billing.billing_leader, exampleBillingReplica),
        ],
      },
      storeDown: {
        name: 'BillingStoreDown',
        summary: 'The database of the ledger does not answer.',
        description:
          'The database ({{ $labels.store }}) of billing {{ $labels.instance }} in {{ $labels.cluster }} does not answer. Nothing is metered, and no bill can be read.',
        meaning:
          'The ledger can be neither written nor read. What was recorded before is safe, and metering catches up afterwards.',
        remedy: [
          'Bring the database back; the daemon connects again by itself.',
          'Data directory damaged: restore the last backup, and meter what came after it anew.',
        ],
      },
      noLeader: {
        name: 'BillingNoLeader',
        summary: 'No replica of billing meters.',
        description:
          'No replica of {{ $labels.job }} in {{ $labels.cluster }} is the leader, so nothing is metered. See why none gets the lock of the database.',
        meaning: 'Replicas elect one of them by a lock in the database. Without a leader the watermark stands still.',
      },
      twoLeaders: {
        name: 'BillingTwoLeaders',
        summary: 'More than one replica of billing meters.',
        description:
          '{{ $value | humanize }} replicas of {{ $labels.job }} in {{ $labels.cluster }} take themselves for the leader. Stop all but one until you know why.',
        meaning:
          'One ledger cannot have two leaders: its transactions are fenced. So the replicas have two databases, and two ledgers are written.',
        remedy: [
          'Stop all but the one whose database is the right one. The other ledger can be metered anew from samples.',
        ],
      },
      installations: 'installations',
    }),
    {
      name: 'PriceMissing',
      expr: promql`${problems} > 0`,
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'The bill of a tenant has something that keeps it from being closed.',
      description:
        'The draft of the tenant {{ $labels.tenant }} ({{ $labels.cluster }}) has {{ $value | humanize }} problems, such as usage without a price. It cannot be closed before they are mended.',
      runbook: {
        meaning: 'Most often a GPU model, a MIG profile or a model of LLM is used that the price book does not name.',
        firstLook: ['What it is: `fleetlens billing bill <tenant>` lists the problems with SKU and place.'],
        remedy: [
          'Add the price to the price book, valid from the first use. The draft is reckoned anew.',
          'What is not meant to be charged: give it the price 0.',
        ],
      },
      fires: {
        when: 'A new GPU model is used for two hours',
        series: [[series(billing.billing_bill_problems, tenantTarget), '1x150']],
        at: '2h',
        alerts: [ofTenant],
      },
      quiet: {
        when: 'The price was added within the hour',
        series: [[series(billing.billing_bill_problems, tenantTarget), '1x50 0x100']],
        at: '2h',
      },
    },
    {
      name: 'BillOverdue',
      expr: promql`time() - ${overdueSince} > ${thresholds.billOverdueSeconds}`,
      thresholds: ['billOverdueSeconds'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'A period is over and its bill is not closed.',
      description:
        'The oldest bill of the tenant {{ $labels.tenant }} ({{ $labels.cluster }}) that is not closed is {{ $value | humanizeDuration }} past the end of its period. Close it or say why not.',
      runbook: {
        meaning: 'Bills are closed by people or by the date in the file. Until then the amount may still change.',
        firstLook: [
          'What is owed and why it is not closed: `fleetlens billing bill <tenant> --period=<month>`.',
          'Problems of the draft: `billing_bill_problems`.',
        ],
        remedy: [
          'Close it: `fleetlens billing close --period=<month> <tenant>`. It tells what stands in the way.',
          'Mend the problems that it names first.',
        ],
      },
      fires: {
        when: 'Hardly more than five days after the end of the month',
        // Time begins in 1970, so days before are below zero.
        series: [[series(billing.billing_bill_overdue_since_timestamp_seconds, tenantTarget), '-430000x180']],
        at: '3h',
        alerts: [ofTenant],
      },
      quiet: {
        when: 'Nearly five days after the end of the month',
        series: [[series(billing.billing_bill_overdue_since_timestamp_seconds, tenantTarget), '-400000x180']],
        at: '3h',
      },
    },
    {
      name: 'BillingSeriesDropped',
      expr: promql`max by (cluster, job, metric) (${recent(billing.billing_dropped_series)}) > 0`,
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'Some series of billing are left out of its metrics.',
      description:
        '{{ $value | humanize }} series of {{ $labels.metric }} of {{ $labels.job }} in {{ $labels.cluster }} are left out or folded into other. Bills are complete all the same.',
      runbook: {
        meaning:
          'There are more tenants, budgets or quotas than /metrics may show. Alerts about those left out cannot fire.',
        firstLook: ['How many there are: `sum by (metric) (billing_dropped_series)`.'],
        remedy: ['Raise `--metrics.max-series` of the daemon, if Prometheus can carry it.'],
      },
      fires: {
        when: 'One tenant more than may be shown',
        series: [
          [series(billing.billing_dropped_series, { ...exampleBillingTarget, metric: 'billing_period_cost' }), '1x60'],
        ],
        at: '50m',
        alerts: [{ ...ofJob, metric: 'billing_period_cost' }],
      },
      quiet: {
        when: 'Every series is shown',
        series: [
          [series(billing.billing_dropped_series, { ...exampleBillingTarget, metric: 'billing_period_cost' }), '0x60'],
        ],
        at: '50m',
      },
    },
  ],
});
