import { billing } from '../../metrics/billing.ts';
import { duration, type Expr, type PlainMetric, promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { askStatus, readBillingLog, whichMeter } from '../billing-texts.ts';
import { exampleBillingTarget, exampleMeter, exampleMeterTarget } from '../examples.ts';
import { billingRecordings } from '../recording/billing-score.ts';
import { thresholds } from '../thresholds.ts';
import { perMeter, recent } from '../vectors.ts';

const billed = billingRecordings.series['cluster:billing_gpu_seconds:increase1d'];
const allocated = billingRecordings.series['cluster:gpu_allocated_share:rate5m'];
/** The ledger gets a window when it is over and its delay has passed: half a window and that on average. */
const lag = duration('40m');
const perCluster = (vector: Expr | PlainMetric): Expr => promql`max by (cluster) (${vector})`;
const inCluster = { cluster: 'c1' } as const;
const ofCluster = { ...exampleBillingTarget } as const;

/** Whether everything is metered, and only once. */
export default defineAlerts({
  theme: 'billing-metering',
  alerts: [
    {
      name: 'MeteringGap',
      expr: promql`time() - ${perMeter(recent(billing.billing_metered_until_timestamp_seconds))} > ${thresholds.meteringGapSeconds}`,
      thresholds: ['meteringGapSeconds'],
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'Metering has fallen behind.',
      description: `${whichMeter} was last metered {{ $value | humanizeDuration }} ago. Nothing is lost while the source keeps its samples: find out what metering waits for.`,
      runbook: {
        meaning:
          'No window after the watermark is in the ledger. What is not metered before the source forgets its samples is never billed.',
        firstLook: [
          askStatus,
          readBillingLog,
          'How long does the source keep samples: the page Status of Prometheus. That is the time there is.',
        ],
        remedy: [
          'The source is down or slow: bring it back. Metering catches up by itself.',
          'A window is held for lack of data: decide by the gap policy, as the guide of metering says.',
          'No replica leads: see BillingNoLeader.',
        ],
      },
      fires: {
        when: 'The watermark has stood still for more than three hours',
        series: [[series(billing.billing_metered_until_timestamp_seconds, exampleMeterTarget), '0x200']],
        at: '200m',
        alerts: [exampleMeter],
      },
      quiet: {
        when: 'Windows of an hour that come nearly two hours late',
        series: [[series(billing.billing_metered_until_timestamp_seconds, exampleMeterTarget), '1800x200']],
        at: '200m',
      },
    },
    {
      name: 'MeteringHeld',
      expr: promql`${perMeter(recent(billing.billing_held_windows))} > 0`,
      for: '6h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'Windows wait for data and are not billed.',
      description: `${whichMeter} holds {{ $value | humanize }} windows in which too many scrapes are missing. Back-fill the samples or let the windows go.`,
      runbook: {
        meaning:
          'The gap policy is to wait. The bill of the period cannot be closed before somebody brings the samples or decides that there will be none.',
        firstLook: [askStatus, 'Which targets were not scraped then: `up` over the time that it names.'],
        remedy: [
          'Samples exist elsewhere, such as on the second Prometheus: back-fill them, and the windows are metered anew.',
          'They do not: choose another gap policy for these windows, as the guide of metering says.',
        ],
      },
      fires: {
        when: 'A window waits over night',
        series: [[series(billing.billing_held_windows, exampleMeterTarget), '1x480']],
        at: '7h',
        alerts: [exampleMeter],
      },
      quiet: {
        when: 'A window waited for two hours',
        series: [[series(billing.billing_held_windows, exampleMeterTarget), '0x60 1x120 0x300']],
        at: '7h',
      },
    },
    {
      name: 'MeteringCoverageLow',
      expr: promql`${perMeter(recent(billing.billing_coverage_ratio))} < ${thresholds.meteringCoverageRatio}`,
      thresholds: ['meteringCoverageRatio'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'Too few of the samples that bills rest on were there.',
      description: `${whichMeter} saw only {{ $value | humanizePercentage }} of the scrapes of the last day. Mend the scrapes: gaps are bridged by policy, not known.`,
      runbook: {
        meaning:
          'Counters bridge a gap exactly, gauges do not. What is bridged is marked on the bill with its coverage.',
        firstLook: [
          askStatus,
          'Which targets: `avg_over_time(up{job="fleetlens-gpu"}[1d]) < 0.95`.',
          'Is the scrape interval of the source the one that billing expects.',
        ],
        remedy: ['Bring the targets back.', 'The interval was changed: change it in the sources of billing, too.'],
      },
      fires: {
        when: 'A tenth of the scrapes is missing',
        series: [[series(billing.billing_coverage_ratio, exampleMeterTarget), '0.9x60']],
        at: '50m',
        alerts: [exampleMeter],
      },
      quiet: {
        when: 'A rolling update took some',
        series: [[series(billing.billing_coverage_ratio, exampleMeterTarget), '0.95x60']],
        at: '50m',
      },
    },
    {
      name: 'MeteringDrift',
      expr: promql`abs(${perCluster(billed)} / (${perCluster(promql`avg_over_time(${allocated}[1d] offset ${lag})`)} * 86400 > 0) - 1) > ${thresholds.meteringDriftRatio}
and ${billed} offset 1d`,
      thresholds: ['meteringDriftRatio'],
      for: '2h',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'What is billed differs from what the exporters show.',
      description:
        'The GPU time that the ledger of {{ $labels.cluster }} got in a day differs by {{ $value | humanizePercentage }} from what the exporters show as allocated. Find out which of the two is wrong before a bill is closed.',
      runbook: {
        meaning:
          'The ledger and a plain rate of the exporters are two ways to the same number, for whole GPUs. They agree within a few percent unless one of them misses something.',
        firstLook: [
          'Coverage and held windows: the row Metering of the board Cost and usage.',
          'Was a back-fill or a replay run: its windows count on the day on which they were recorded.',
          'Which tenant differs: compare `billing_gpu_seconds_total` with the allocation by namespace.',
        ],
        remedy: [
          'A back-fill: nothing, the difference goes away after a day.',
          'Exporters that billing does not read, or reads twice: mend the selector of the source.',
        ],
      },
      fires: {
        when: 'An eighth of the allocated time is not in the ledger; and in another cluster an hour is, though hardly a second was allocated',
        series: [
          [series(billed, inCluster), '7560000x1680'],
          [series(allocated, inCluster), '100x1680'],
          [series(billed, { cluster: 'c2' }), '3600x1680'],
          [series(allocated, { cluster: 'c2' }), '1e-5x1680'],
        ],
        at: '28h',
        alerts: [inCluster, { cluster: 'c2' }],
      },
      quiet: {
        when: 'Two windows of the day came late; another cluster is metered since this morning, and one that was billed has nothing allocated',
        series: [
          [series(billed, inCluster), '7920000x1680'],
          [series(allocated, inCluster), '100x1680'],
          [series(billed, { cluster: 'c2' }), '_x600 4320000x1080'],
          [series(allocated, { cluster: 'c2' }), '100x1680'],
          [series(billed, { cluster: 'c3' }), '3600x1680'],
          [series(allocated, { cluster: 'c3' }), '0x1680'],
        ],
        at: '28h',
      },
    },
    {
      name: 'ConservationError',
      expr: promql`${perCluster(recent(billing.billing_conservation_error_seconds))} > ${thresholds.conservationErrorSeconds}`,
      thresholds: ['conservationErrorSeconds'],
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'billing',
      team: 'observability',
      summary: 'The states of GPUs do not add up to what is installed.',
      description:
        'In {{ $labels.cluster }} used, idle, unavailable and system differ by {{ $value | humanizeDuration }} of GPU time from what was installed in the last day. Close no bill before it is explained.',
      runbook: {
        meaning:
          'Some GPU was given to more holders than it has room for, or to none. The difference is told and not spread, so the lines of that GPU are wrong by it.',
        firstLook: [
          'Which GPUs: `GET /api/v1/conservation` of billing names the largest errors with their windows.',
          'Do two exporters tell of one GPU with different holders; was MIG reconfigured while pods ran.',
        ],
        remedy: [
          'Take the second exporter out of the selector of the source, and meter the windows anew.',
          'Otherwise keep the samples of that hour and report it: the books must balance.',
        ],
      },
      fires: {
        when: 'A GPU was billed twice for more than a minute',
        series: [[series(billing.billing_conservation_error_seconds, ofCluster), '0x10 70x30']],
        at: '30m',
        alerts: [inCluster],
      },
      quiet: {
        when: 'Two clocks differ by nearly a minute',
        series: [[series(billing.billing_conservation_error_seconds, ofCluster), '55x60']],
        at: '30m',
      },
    },
    {
      name: 'UnattributedUsage',
      expr: promql`${perCluster(recent(billing.billing_unattributed_ratio))} > ${thresholds.unattributedRatio}`,
      thresholds: ['unattributedRatio'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'billing',
      team: 'finance',
      summary: 'Used GPU time belongs to no tenant.',
      description:
        'In {{ $labels.cluster }} {{ $value | humanizePercentage }} of the used GPU time of the last day belongs to nobody. Give the namespaces or accounts to tenants.',
      runbook: {
        meaning:
          'Work ran whose namespace, label, account or key no rule of the tenants names. It is on the bill of the tenant unattributed, which nobody pays.',
        firstLook: [
          'Whose it may be: `fleetlens billing bill unattributed` has the lines, and `fleetlens billing explain unattributed <line>` names the holders behind one.',
          'Was a namespace or an account made in the last day.',
        ],
        remedy: [
          'Add a rule to the tenants of the file, with its `from` where it is about the past. The draft is reckoned anew.',
          'Work of the cluster itself: name its namespace under `system_namespaces`.',
        ],
      },
      fires: {
        when: 'A new team runs on one of forty GPUs',
        series: [[series(billing.billing_unattributed_ratio, ofCluster), '0.024x60']],
        at: '50m',
        alerts: [inCluster],
      },
      quiet: {
        when: 'A few test pods',
        series: [[series(billing.billing_unattributed_ratio, ofCluster), '0.02x60']],
        at: '50m',
      },
    },
  ],
});
