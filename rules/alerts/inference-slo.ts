import type { Metric } from '../../metrics/define.ts';
import { prometheus } from '../../metrics/external.ts';
import { inference } from '../../metrics/inference.ts';
import type { Expr, PlainMetric } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import type { Alert, Example, Runbook } from '../alert.ts';
import { defineAlerts } from '../alert.ts';
import { exampleObjective, exampleProxyTarget, exampleRequests, exampleSlo } from '../examples.ts';
import { askProxy, compareKinds } from '../inference-texts.ts';
import { sloRecordings } from '../recording/slo.ts';
import { judged, proxyJob, requests } from '../serving.ts';
import { burning } from '../slo/burn.ts';
import { type ThresholdName, thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const recorded = sloRecordings.series;
const objective = inference.inference_slo_objective_ratio;
const events = inference.inference_slo_events_total;

type SloSeries = Metric<string, 'gauge', 'cluster' | 'model_name' | 'slo'> & { readonly source: 'recording' };

const aimedAt = promql`max by (cluster, slo) (${recent(objective)})`;

interface Windows {
  readonly long: SloSeries;
  readonly short: SloSeries;
  readonly events: SloSeries;
  readonly rate: ThresholdName;
}

/** An objective of all leaves no budget to burn, and would alert for each single event. */
function burningAt({ long, short, events: judgedEvents, rate }: Windows): Expr {
  const burns = burning({
    long,
    short,
    events: judgedEvents,
    limit: promql`on (cluster, slo) group_left () ${thresholds[rate]} * (1 - ${aimedAt})`,
    minimum: { events: thresholds.sloEventsCount, bad: thresholds.sloBadEventsCount },
  });
  return promql`${burns}
and on (cluster, slo)
${aimedAt} < 1`;
}

function thresholdsOf(rate: ThresholdName): readonly ThresholdName[] {
  return [rate, 'sloEventsCount', 'sloBadEventsCount'];
}

const fast: Windows = {
  long: recorded['slo:error_ratio:rate1h'],
  short: recorded['slo:error_ratio:rate5m'],
  events: recorded['slo:events:increase1h'],
  rate: 'sloBurnFastRatio',
};
const mid: Windows = {
  long: recorded['slo:error_ratio:rate6h'],
  short: recorded['slo:error_ratio:rate30m'],
  events: recorded['slo:events:increase6h'],
  rate: 'sloBurnMidRatio',
};
const slow: Windows = {
  long: recorded['slo:error_ratio:rate1d'],
  short: recorded['slo:error_ratio:rate2h'],
  events: recorded['slo:events:increase1d'],
  rate: 'sloBurnSlowRatio',
};
const verySlow: Windows = {
  long: recorded['slo:error_ratio:rate3d'],
  short: recorded['slo:error_ratio:rate6h'],
  events: recorded['slo:events:increase3d'],
  rate: 'sloBurnVerySlowRatio',
};

const firstLook = [
  'Which objective: availability is about errors and timeouts, ttft about the first token, tpot about the pace after it. `inference_slo_threshold_seconds` tells what is good.',
  'Since when, and is one tenant behind it: `sum by (tenant) (rate(inference_slo_events_total{model_name="<model>",slo="<slo>"}[5m])) - sum by (tenant) (rate(inference_slo_good_events_total{model_name="<model>",slo="<slo>"}[5m]))`.',
  'availability: what requests fail of, `sum by (status, reason) (rate(inference_requests_total{model_name="<model>"}[5m]))`, and upstreams on the board LLM serving.',
  `ttft and tpot: ${compareKinds}`,
  'What was changed at that time: rollouts of engines and models, limits of tenants, the file of the proxy.',
];
const remedy = [
  'availability: see the runbooks of InferenceErrorsHigh and InferenceUpstreamDown.',
  'ttft: see the runbook of InferenceTtftHigh; tpot: see that of InferenceTpotHigh.',
  'One tenant floods all others: lower its limits at the proxy.',
  'An objective that nobody needs: lower `--slo.objective`, or raise the threshold of the model.',
];

function runbook(meaning: string): Runbook {
  return { meaning, firstLook, remedy };
}

const which =
  'of the requests to {{ $labels.model_name }} in {{ $labels.cluster }} miss the objective {{ $labels.slo }}';

const common = { action: 'investigate', domain: 'inference', team: 'sre' } as const satisfies Partial<Alert>;

interface Measured {
  readonly slo?: typeof exampleSlo.slo | 'ttft';
  readonly model?: string;
  /** Shares of bad events in the long and in the short window. */
  readonly ratios: readonly [long: number, short: number];
  readonly events?: number;
}

/** What fires, and what is just quiet, where one in a hundred events may be bad. */
function examplesOf(windows: Windows, minutes: number): Pick<Alert, 'fires' | 'quiet' | 'edges'> {
  const at: Example['at'] = `${minutes}m`;
  const limit = thresholds[windows.rate].value / 100;
  const [below, above] = [roughly(0.95 * limit), roughly(1.05 * limit)];
  const objectives = [exampleObjective(0.99, 'availability', minutes), exampleObjective(0.99, 'ttft', minutes)];

  /** The recorded series of one objective of a model. */
  function measured(example: Measured): readonly (readonly [Expr, string])[] {
    const { slo = exampleSlo.slo, model = exampleSlo.model_name, ratios, events: count = 3000 } = example;
    const labels = { cluster: 'c1', model_name: model, slo };
    return [
      [series(windows.long, labels), `${ratios[0]}x${minutes}`],
      [series(windows.short, labels), `${ratios[1]}x${minutes}`],
      [series(windows.events, labels), `${count}x${minutes}`],
    ];
  }

  return {
    fires: {
      when: 'Errors use up the budget a little faster than may be; and of twenty requests for the first token five were late',
      series: [
        ...objectives,
        ...measured({ ratios: [above, above] }),
        ...measured({ slo: 'ttft', ratios: [0.25, 0.25], events: 20 }),
      ],
      at,
      alerts: [exampleSlo, { ...exampleSlo, slo: 'ttft' }],
    },
    quiet: {
      when: 'By one of the two windows they use it up a little slower; and there were only nineteen requests for the first token, or four of them were late',
      series: [
        ...objectives,
        ...measured({ ratios: [below, above] }),
        ...measured({ model: 'qwen-72b', ratios: [above, below] }),
        ...measured({ slo: 'ttft', ratios: [0.5, 0.5], events: 19 }),
        ...measured({ slo: 'ttft', model: 'qwen-72b', ratios: [0.2, 0.2], events: 20 }),
      ],
      at,
    },
    edges: [
      {
        when: 'An objective of all leaves no budget, whatever that of other requests and in other clusters is',
        series: [
          exampleObjective(1, 'availability', minutes),
          exampleObjective(0.99, 'ttft', minutes),
          [series(objective, { ...exampleProxyTarget, cluster: 'c2', slo: exampleSlo.slo }), `0.99x${minutes}`],
          ...measured({ ratios: [0.1, 0.1] }),
        ],
        at,
      },
    ],
  };
}

function roughly(ratio: number): number {
  return Number(ratio.toPrecision(4));
}

function perModel(vector: PlainMetric | Expr): Expr {
  return promql`sum by (cluster, model_name) (${vector})`;
}

function judgedEvents(values: string, model_name = 'llama-8b', cluster = 'c1'): readonly [Expr, string] {
  const labels = { ...exampleProxyTarget, cluster, model_name, tenant: 'search', slo: 'availability' };
  return [series(events, labels), values];
}

export default defineAlerts({
  theme: 'inference-slo',
  alerts: [
    {
      ...common,
      name: 'InferenceErrorBudgetBurnFast',
      expr: burningAt(fast),
      thresholds: thresholdsOf('sloBurnFastRatio'),
      for: '2m',
      severity: 'critical',
      summary: 'The error budget of a model will be gone within two days at most.',
      description: `{{ $value | humanizePercentage }} ${which}, counted over an hour. See what changed within the last hour.`,
      runbook: runbook(
        'So many requests are bad that a budget of thirty days would be used up in two days at most. Users notice now. It was so over the last hour and still is over the last five minutes.',
      ),
      ...examplesOf(fast, 5),
    },
    {
      ...common,
      name: 'InferenceErrorBudgetBurnMid',
      expr: burningAt(mid),
      thresholds: thresholdsOf('sloBurnMidRatio'),
      for: '15m',
      severity: 'critical',
      summary: 'The error budget of a model will be gone within five days at most.',
      description: `{{ $value | humanizePercentage }} ${which}, counted over six hours. See when it began, and what changed then.`,
      runbook: runbook(
        'A budget of thirty days would be used up in five days at most. It has been so for hours and still is over the last half hour.',
      ),
      ...examplesOf(mid, 20),
    },
    {
      ...common,
      name: 'InferenceErrorBudgetBurnSlow',
      expr: burningAt(slow),
      thresholds: thresholdsOf('sloBurnSlowRatio'),
      for: '1h',
      severity: 'warning',
      summary: 'The error budget of a model will be gone within ten days at most.',
      description: `{{ $value | humanizePercentage }} ${which}, counted over a day. Look for a cause in working hours.`,
      runbook: runbook(
        'A budget of thirty days would be used up in ten days at most. Nobody needs to be woken for it, and somebody should look within a day.',
      ),
      ...examplesOf(slow, 70),
    },
    {
      ...common,
      name: 'InferenceErrorBudgetBurnVerySlow',
      expr: burningAt(verySlow),
      thresholds: thresholdsOf('sloBurnVerySlowRatio'),
      for: '3h',
      severity: 'warning',
      summary: 'The error budget of a model is used up as fast as it may be, or faster.',
      description: `{{ $value | humanizePercentage }} ${which}, counted over three days. Plan the time to find out why.`,
      runbook: runbook(
        'If it goes on, nothing of the budget is left at the end of thirty days, and no room for a real outage.',
      ),
      ...examplesOf(verySlow, 200),
    },
    {
      name: 'SloMetricAbsent',
      expr: promql`(
  ${perModel(promql`increase(${requests({ ...judged, engine_kind: 'proxy' })}[15m])`)} >= ${thresholds.inferenceSloTrafficCount}
  unless
  ${perModel(promql`increase(${events}[15m])`)} > 0
  and on (cluster)
  max by (cluster) (${recent(objective)})
)
or
(
  ${perModel(promql`increase(${events}[30m] offset 1h)`)} > 0
  unless
  ${perModel(recent(events))}
  unless on (cluster)
  max by (cluster) (${select(prometheus.up, { job: proxyJob })}) == 1
)`,
      thresholds: ['inferenceSloTrafficCount'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'observability',
      summary: 'An objective of a model is not measured any more, so its error budget is blind.',
      description:
        'Requests to {{ $labels.model_name }} in {{ $labels.cluster }} are not judged by any objective, and no alert about its error budget can fire. See whether the proxy is scraped, and what relabelling drops.',
      runbook: {
        meaning:
          'Either requests come through the proxy and no objective counts them, or the proxy has vanished from Prometheus with all its series. Without them an outage looks like silence.',
        firstLook: [
          'Is the proxy known to Prometheus: `up{job="fleetlens-inference"}`; page Status, Service discovery.',
          'Does it show them: `curl -s http://<proxy>:9411/metrics | grep inference_slo_events_total`.',
          'Shown by the proxy and missing in Prometheus: look for `metric_relabel_configs` or a `sample_limit` in the scrape job.',
          askProxy,
        ],
        remedy: [
          'Proxy gone from service discovery: put it back; if it was taken out for good this ends by itself within two hours.',
          'Relabelling drops the series: mend the scrape job.',
        ],
      },
      fires: {
        when: 'Of more than twenty requests to a model in a quarter of an hour none was judged, of another none ever; the last proxy of another cluster has vanished, and judged one request an hour ago',
        series: [
          exampleRequests('0+1.4x150', { status: 'success' }),
          judgedEvents('7x150'),
          exampleRequests('0+1.4x150', { status: 'success', model_name: 'phi-4' }),
          exampleObjective(0.99, 'availability', 150),
          [
            series(events, {
              cluster: 'c2',
              job: proxyJob,
              instance: 'n9:9411',
              model_name: 'qwen-72b',
              tenant: 'search',
              slo: 'availability',
            }),
            '0x44 1x45 stale',
          ],
          [series(prometheus.up, { cluster: 'c2', job: proxyJob, instance: 'n9:9411' }), '1x90 stale'],
        ],
        at: '120m',
        alerts: [
          { cluster: 'c1', model_name: 'llama-8b' },
          { cluster: 'c1', model_name: 'phi-4' },
          { cluster: 'c2', model_name: 'qwen-72b' },
        ],
      },
      quiet: {
        when: 'A request was judged, or there were nearly twenty; others fail by the fault of their clients; a proxy without traffic was restarted, and one that never had any has vanished; one has no objectives, and one has no series about its scrapes',
        series: [
          exampleObjective(0.99),
          exampleRequests('0+10x150', { status: 'success' }),
          judgedEvents('0x114 1x36'),
          exampleRequests('0+1.3x150', { status: 'success', model_name: 'gemma-3' }),
          exampleRequests('0+10x150', { status: 'error', reason: 'client_error', model_name: 'qwen-72b' }),
          judgedEvents('0+10x90 stale', 'phi-4'),
          [series(prometheus.up, exampleProxyTarget), '1x150'],
          judgedEvents('5x90 stale', 'llama-8b', 'c3'),
          judgedEvents('0+10x150', 'llama-8b', 'c4'),
          [
            series(inference.inference_requests_total, {
              cluster: 'c2',
              job: proxyJob,
              engine_kind: 'proxy',
              model_name: 'llama-8b',
              tenant: 'search',
              status: 'success',
              reason: '',
            }),
            '0+10x150',
          ],
        ],
        at: '120m',
      },
    },
  ],
});
