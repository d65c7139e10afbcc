import { prediction } from '../../metrics/prediction.ts';
import { duration, type Expr, promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleAtRisk, exampleAtRiskTarget, examplePredictionTarget } from '../examples.ts';
import { askWhy, readCard, readPredictionLog, whichEntity, whichService } from '../prediction-texts.ts';
import { thresholds } from '../thresholds.ts';
import { perEntity, recent } from '../vectors.ts';

const weekAgo = duration('7d');
const week = { horizon: '7d' } as const;
const probability = recent(select(prediction.prediction_failure_probability, week));
const base = recent(select(prediction.prediction_failure_base_probability, { kind: 'gpu', ...week }));
const ranked = recent(prediction.prediction_failure_alert_rank);
/** Only those within the alert budget have a rank. The base is that of the same service. */
const overBase = promql`max by (cluster, node, uuid, job, instance) (${probability} and on (cluster, node, uuid, job, instance) ${ranked})
/ on (job, instance) group_left () max by (job, instance) (${base})`;

const byKind = (vector: Expr): Expr => promql`max by (cluster, kind) (${vector})`;
const expectedFailures = (estimate: string, offset?: typeof weekAgo): Expr => {
  const own = select(prediction.prediction_expected_failures, { ...week, estimate });
  return byKind(offset === undefined ? recent(own) : promql`last_over_time(${own}[3m] offset ${offset})`);
};
const median = select(prediction.prediction_failure_median_probability, week);
const byService = (vector: Expr): Expr => promql`max by (cluster, job, kind) (${vector})`;
const ofRule = (severity: string): Expr =>
  promql`max by (cluster, node, uuid, rule) (${recent(select(prediction.prediction_rule_hit, { severity }))}) > 0`;

type Service = Readonly<Record<'job' | 'instance', string>>;

function exampleProbability(values: string): readonly [Expr, string] {
  return [series(prediction.prediction_failure_probability, { ...exampleAtRiskTarget, ...week }), values];
}

function exampleBase(values: string, service: Partial<Service> = {}): readonly [Expr, string] {
  const own = { ...examplePredictionTarget, kind: 'gpu', ...week, ...service };
  return [series(prediction.prediction_failure_base_probability, own), values];
}

function exampleRank(values: string, service: Partial<Service> = {}): readonly [Expr, string] {
  return [series(prediction.prediction_failure_alert_rank, { ...exampleAtRiskTarget, ...service }), values];
}

function exampleRule(rule: string, severity: string, values: string): readonly [Expr, string] {
  return [series(prediction.prediction_rule_hit, { ...exampleAtRiskTarget, rule, severity }), values];
}

/** Expected failures for a week and twelve hours: the change is after a week and two hours. */
function exampleFailures(
  kind: string,
  { before, high, now }: Readonly<Record<'before' | 'high' | 'now', number>>,
): readonly (readonly [Expr, string])[] {
  const own = { ...examplePredictionTarget, kind, ...week };
  const expected = series(prediction.prediction_expected_failures, { ...own, estimate: 'expected' });
  return [
    [expected, `${before}x5100 ${now}x300`],
    [series(prediction.prediction_expected_failures, { ...own, estimate: 'high' }), `${high}x5400`],
  ];
}

function exampleMedian(values: string): readonly [Expr, string] {
  const own = { ...examplePredictionTarget, kind: 'gpu', ...week };
  return [series(prediction.prediction_failure_median_probability, own), values];
}

/** Services beside the one of the examples. */
const otherJob = { job: 'prediction-canary' } as const;
const otherInstance = { instance: 'p2:9414' } as const;

/** Who is next, what rules say, and what to expect of the fleet. */
export default defineAlerts({
  theme: 'prediction-risk',
  alerts: [
    {
      name: 'GpuFailureRiskHigh',
      expr: promql`${perEntity(overBase)} > ${thresholds.riskOverBaseRatio}`,
      thresholds: ['riskOverBaseRatio'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'sre',
      summary: 'A GPU is among the likeliest to fail.',
      description: `${whichEntity} is within the alert budget and {{ $value | humanize }} times as likely to fail within a week as a GPU of the fleet is on average. Look at why before you drain it.`,
      runbook: {
        meaning:
          'Of many GPUs with such a figure some fail within the week and most do not: it is a reason to look and to plan, not a verdict. How many of them failed on this fleet is on the model card.',
        firstLook: [
          askWhy,
          readCard,
          'Errors of the last days: `increase(gpu_ecc_errors_total{uuid="<uuid>"}[7d])`, `increase(gpu_pcie_replays_total{uuid="<uuid>"}[7d])`.',
        ],
        remedy: [
          'Long jobs: start them elsewhere, or save checkpoints more often.',
          'At the next window: drain the node, `nvidia-smi --gpu-reset -i <id>`, and a field diagnostic such as `dcgmi diag -r 3 -i <id>`.',
          'Nothing found: nothing else needs to be done. The figure falls by itself as time passes without errors.',
        ],
      },
      fires: {
        when: 'Errors grow on a GPU: three and a half times the base rate of its service; two others have another',
        series: [
          exampleProbability('0.004x10 0.007x120'),
          exampleBase('0.002x130'),
          exampleBase('0.1x130', otherJob),
          exampleBase('0.1x130', otherInstance),
          exampleRank('_x10 2x120'),
        ],
        at: '2h',
        alerts: [exampleAtRisk],
      },
      quiet: {
        when: 'It stands as high, and others within the budget stand higher',
        series: [exampleProbability('0.01x130'), exampleBase('0.002x130'), exampleRank('2x60 stale')],
        at: '2h',
      },
      edges: [
        {
          when: 'Two and a half times the base rate',
          series: [exampleProbability('0.005x130'), exampleBase('0.002x130'), exampleRank('2x130')],
          at: '2h',
        },
        {
          when: 'It is within the alert budget of other services alone',
          series: [
            exampleProbability('0.01x130'),
            exampleBase('0.002x130'),
            exampleRank('2x130', otherJob),
            exampleRank('2x130', otherInstance),
          ],
          at: '2h',
        },
      ],
    },
    {
      name: 'GpuFailureRuleActNow',
      expr: ofRule('act_now'),
      for: '5m',
      severity: 'critical',
      action: 'drain',
      domain: 'prediction',
      team: 'sre',
      summary: 'A rule says that a GPU or node needs a person now.',
      description: `${whichEntity} meets the rule {{ $labels.rule }}. Drain the node and confirm it, as the runbook says.`,
      runbook: {
        meaning:
          'A rule is a fact and no forecast: a flag of the driver that NVIDIA names as a reason to act, or telemetry that has collapsed, which is how a GPU looks that fell off the bus.',
        firstLook: [
          'What the rule says, with its source: `curl -sS http://<daemon>:9414/api/v1/risk/<uuid>`.',
          'Row remapping: `nvidia-smi -q -d ROW_REMAPPER -i <id>`. Is the GPU there at all: `nvidia-smi -L`.',
          'The log of the kernel: `dmesg -T | grep -i xid`.',
        ],
        remedy: [
          'Drain the node: `kubectl drain <node> --ignore-daemonsets`, `scontrol update nodename=<node> state=drain reason=gpu`.',
          'Row remapping has failed: run the field diagnostic. It confirms the criterion for an RMA; the flag alone does not.',
          'A GPU that is gone: power-cycle the node. If it is gone again, reseat or exchange it.',
        ],
      },
      fires: {
        when: 'Row remapping has failed',
        series: [exampleRule('row_remap_failure', 'act_now', '_x5 1x15')],
        at: '15m',
        alerts: [{ ...exampleAtRisk, rule: 'row_remap_failure' }],
      },
      quiet: {
        when: 'The exporter was away for four minutes',
        series: [exampleRule('scrape_gaps', 'act_now', '_x5 1x3 stale')],
        at: '15m',
      },
    },
    {
      name: 'GpuFailureRuleNextWindow',
      expr: ofRule('next_window'),
      for: '1h',
      severity: 'info',
      action: 'reset_gpu',
      domain: 'prediction',
      team: 'sre',
      summary: 'A rule says that a GPU needs a reset at the next window.',
      description: `${whichEntity} meets the rule {{ $labels.rule }}. Work may go on; plan a reset.`,
      runbook: {
        meaning:
          'A row of memory waits to be remapped, or a page to be retired. Until the reset new work is kept away from it.',
        firstLook: [
          'What the rule says, with its source: `curl -sS http://<daemon>:9414/api/v1/risk/<uuid>`.',
          'On the node: `nvidia-smi -q -d ROW_REMAPPER,PAGE_RETIREMENT -i <id>`.',
        ],
        remedy: [
          'At the next window: end the work on the GPU and reset it: `nvidia-smi --gpu-reset -i <id>`.',
          'It comes again after the reset: have the GPU diagnosed with `dcgmi diag -r 3 -i <id>`.',
        ],
      },
      fires: {
        when: 'A remapping is pending since this morning',
        series: [exampleRule('row_remap_pending', 'next_window', '1x120')],
        at: '2h',
        alerts: [{ ...exampleAtRisk, rule: 'row_remap_pending' }],
      },
      quiet: {
        when: 'A reset came within the hour',
        series: [exampleRule('row_remap_pending', 'next_window', '1x50 stale')],
        at: '2h',
      },
    },
    {
      name: 'ExpectedFailuresRising',
      expr: promql`${expectedFailures('expected')} > ${thresholds.expectedFailuresRatio} * ${expectedFailures('expected', weekAgo)}
and ${expectedFailures('expected')} > ${expectedFailures('high', weekAgo)}
and ${expectedFailures('expected')} > ${thresholds.expectedFailuresCount}`,
      thresholds: ['expectedFailuresRatio', 'expectedFailuresCount'],
      for: '6h',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'sre',
      summary: 'More failures are to be expected than a week ago.',
      description:
        '{{ $value | humanize }} failures of kind {{ $labels.kind }} are to be expected in {{ $labels.cluster }} within a week, clearly more than a week ago. Look for a common cause and check the spares.',
      runbook: {
        meaning:
          'The sum of the probabilities is above the interval that was told a week ago. Either several devices got worse, or the fleet as a whole, or the model sees data that it does not know.',
        firstLook: [
          'Do a few devices carry it, or all: on the board Failure risk compare the list with the median.',
          'Have they a rack, a driver or a delivery in common: the board shows the node, the inventory the rest.',
          readCard,
        ],
        remedy: [
          'A common place: look at cooling and power there.',
          'A common driver or firmware: go back, or forward.',
          'The whole fleet at once: suspect the data first; see FailureRiskShifted.',
        ],
      },
      fires: {
        when: 'Seven instead of four GPUs; three or four nodes instead of two',
        series: [
          ...exampleFailures('gpu', { before: 4, high: 6, now: 7 }),
          ...exampleFailures('node', { before: 2, high: 3, now: 3.5 }),
        ],
        interval: '2m',
        at: '178h',
        alerts: [
          { cluster: 'c1', kind: 'gpu' },
          { cluster: 'c1', kind: 'node' },
        ],
      },
      quiet: {
        when: 'Eight GPUs instead of five, which is within chance; two or three nodes instead of one',
        series: [
          ...exampleFailures('gpu', { before: 5, high: 9, now: 8 }),
          ...exampleFailures('node', { before: 1, high: 2, now: 2.5 }),
        ],
        interval: '2m',
        at: '178h',
      },
      edges: [
        {
          when: 'Less than half as many again as a week ago',
          series: exampleFailures('gpu', { before: 4, high: 5, now: 5.6 }),
          interval: '2m',
          at: '178h',
        },
      ],
    },
    {
      name: 'FailureRiskShifted',
      expr: promql`${byService(recent(median))} > ${thresholds.riskShiftRatio} * ${byService(promql`last_over_time(${median}[3m] offset 1d)`)}`,
      thresholds: ['riskShiftRatio'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'The probabilities of a whole fleet have jumped.',
      description: `${whichService} gives half of the fleet ({{ $labels.kind }}) a probability above {{ $value | humanize }}, more than twice that of yesterday. Suspect data or model until it is shown otherwise.`,
      runbook: {
        meaning:
          'Whole fleets do not get twice as likely to fail in a day. A new model, an exporter that shows other units, or a label that merges devices do that.',
        firstLook: [
          'Was there a new set of models: `prediction_model_info`, `prediction_model_swaps_total`.',
          'Which features lie elsewhere: `sort_desc(prediction_feature_drift_psi > 0.2)`.',
          readPredictionLog,
        ],
        remedy: [
          "A new set of models is to blame: `curl -X POST -H 'Authorization: Bearer <token>' http://<daemon>:9414/api/v1/models/rollback` lets those before answer again.",
          'An exporter or driver was changed: probabilities are right again after a training with the new data.',
          'It was many real failures: see ExpectedFailuresRising.',
        ],
      },
      fires: {
        when: 'An exporter shows other units since two hours',
        series: [exampleMedian('0.002x1500 0.006x200')],
        at: '1620m',
        alerts: [{ cluster: 'c1', job: 'fleetlens-prediction', kind: 'gpu' }],
      },
      quiet: {
        when: 'A few failures raise the base rate',
        series: [exampleMedian('0.002x1500 0.003x200')],
        at: '1620m',
      },
    },
  ],
});
