import type { Metric } from '../../metrics/define.ts';
import { prometheus } from '../../metrics/external.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleModel } from '../examples.ts';
import { lately } from '../history.ts';
import { addReplicas, lookAtEngine, lookAtLoad, whichModel } from '../inference-texts.ts';
import { anomalyHistoryGroup } from '../recording/anomaly-history.ts';
import { anomalyReplicasGroup } from '../recording/anomaly-replicas.ts';
import { inferenceGroup } from '../recording/inference.ts';
import { predictionBandsGroup } from '../recording/prediction-bands.ts';
import { predictionSlowGroup } from '../recording/prediction-slow.ts';
import { thresholds } from '../thresholds.ts';

const history = anomalyHistoryGroup.series;
const served = inferenceGroup.series;

const tokens = served['model:inference_tokens_generated:rate5m'];
const usualTokens = history['model:inference_tokens_generated:median2h'];
const active = served['model:inference_active_connections:sum'];
const usuallyActive = history['model:inference_active_connections:median2h'];

/** Drops only, to nothing too. With fewer requests than usual there are fewer tokens, which is no fault. */
const slower = promql`${lately(tokens)} / ${usualTokens} < ${thresholds.inferenceThroughputDropRatio}
and
${lately(active)} >= ${thresholds.inferenceThroughputLoadRatio} * ${usuallyActive}
and
${usualTokens} * 60 >= ${thresholds.inferenceThroughputPerMinute}`;

const traffic = history['model:inference_requests:avg15m'];
const low = predictionBandsGroup.series['model:inference_requests:lowseason'];
const high = predictionBandsGroup.series['model:inference_requests:highseason'];
const yesterday = predictionSlowGroup.series['model:inference_requests:mean1d'];
const weekAgo = predictionSlowGroup.series['model:inference_requests:mean1w'];

/** Where traffic is so restless that the band goes below nothing, nothing at all is still a drop. */
const unusual = promql`(
  ${traffic} <= clamp_min(${low}, 0)
  and ${traffic} < ${thresholds.inferenceTrafficDropRatio} * ${yesterday}
  and ${traffic} < ${thresholds.inferenceTrafficDropRatio} * ${weekAgo}
  and ${yesterday} * 60 >= ${thresholds.inferenceTrafficPerMinute}
)
or
(
  ${traffic} > ${high}
  and ${traffic} > ${thresholds.inferenceTrafficSurgeRatio} * ${yesterday}
  and ${traffic} > ${thresholds.inferenceTrafficSurgeRatio} * ${weekAgo}
  and ${traffic} * 60 >= ${thresholds.inferenceTrafficPerMinute}
)`;

const requests = served['model:inference_requests:rate5m'];
const ofModels = select(prometheus.ALERTS, {
  alertname: { re: 'InferenceThroughputBelowHistory|InferenceTrafficAnomaly' },
});
/** Models of a cluster that deviate, whether that is told yet or not. */
const deviating = promql`count by (cluster) (count by (cluster, model_name) (${ofModels}))`;
const known = promql`count by (cluster) (count by (cluster, model_name) (${requests}))`;

const perToken = anomalyReplicasGroup.series['model_instance:inference_inter_token_latency_seconds:mean5m'];
const ofReplica = promql`avg_over_time(${perToken}[10m])`;

type Recorded = Metric<string, 'gauge', 'cluster' | 'engine_kind' | 'model_name'> & { readonly source: 'recording' };
type Series = readonly (readonly [Expr, string])[];

function constant(
  values: readonly (readonly [Recorded, number])[],
  labels: typeof exampleModel | ReturnType<typeof modelIn>,
): Series {
  return values.map(([metric, value]) => [series(metric, labels), `${value}x60`]);
}

function modelIn(cluster: string, model_name: string) {
  return { ...exampleModel, cluster, model_name } as const;
}

interface Speed {
  readonly now: number;
  readonly usual?: number;
  readonly load?: number;
}

function speedOf(labels: ReturnType<typeof modelIn>, { now, usual = 1000, load = 10 }: Speed): Series {
  return constant(
    [
      [tokens, now],
      [usualTokens, usual],
      [active, load],
      [usuallyActive, 10],
    ],
    labels,
  );
}

interface Traffic {
  readonly now: number;
  readonly day?: number;
  readonly week?: number;
  readonly lowest?: number;
  readonly highest?: number;
}

function trafficOf(
  labels: ReturnType<typeof modelIn>,
  { now, day = 1, week = 1, lowest = 0.85 * Math.min(day, week), highest = 1.15 * Math.max(day, week) }: Traffic,
): Series {
  return constant(
    [
      [traffic, now],
      [yesterday, day],
      [weekAgo, week],
      [low, lowest],
      [high, highest],
    ],
    labels,
  );
}

function replica(instance: string, seconds: number, model = 'llama-8b', cluster = 'c1'): readonly [Expr, string] {
  return [series(perToken, { ...modelIn(cluster, model), instance }), `${seconds}x60`];
}

const three = ['n1:8000', 'n2:8000', 'n3:8000'] as const;

/** Alerts of single models, and how many models there are. */
function deviatingIn(cluster: string, count: number, alertnames: readonly string[], of: number): Series {
  const models = Array.from({ length: of }, (_, index) => `m${index}`);
  return [
    ...models.map((name) => [series(requests, modelIn(cluster, name)), '1x60'] as const),
    ...models.slice(0, count).flatMap((model_name) =>
      alertnames.map(
        (alertname) =>
          [
            series(prometheus.ALERTS, {
              ...{ cluster, model_name, alertname, alertstate: 'pending' },
              ...{ severity: 'warning', domain: 'inference', team: 'workload', run: '', tenant: '', uuid: '' },
            }),
            '1x60',
          ] as const,
      ),
    ),
  ];
}

const common = { severity: 'warning', action: 'investigate', domain: 'inference' } as const;

/** What is unlike before, or unlike its peers. Errors, latencies and budgets have alerts of their own. */
export default defineAlerts({
  theme: 'inference-anomaly',
  alerts: [
    {
      ...common,
      name: 'InferenceThroughputBelowHistory',
      expr: slower,
      thresholds: ['inferenceThroughputDropRatio', 'inferenceThroughputLoadRatio', 'inferenceThroughputPerMinute'],
      for: '15m',
      team: 'workload',
      summary: 'A model makes fewer tokens than it did, under the same load.',
      description: `${whichModel} makes {{ $value | humanizePercentage }} of the tokens per second that it made within two hours, with as many requests in work. See whether one replica holds back, and what its GPUs do.`,
      runbook: {
        meaning:
          'As many requests are being worked on as before, and fewer tokens come out. None at all means that requests hang. What many models of a cluster show at once is told by InferenceFleetAnomaly alone.',
        firstLook: [
          'One replica or all: alert InferenceReplicaSlow, and `rate(inference_tokens_generated_total{model_name="<model>"}[5m])` by instance.',
          'GPUs whose clocks are held down: alerts of GPUs on the nodes of the engine.',
          lookAtLoad,
          lookAtEngine,
        ],
        remedy: [
          'A slow or hanging replica: take it out of the routing and start it again.',
          'Other requests than before, such as long prompts: nothing. After an hour or two it is the usual one.',
        ],
      },
      fires: {
        when: 'One model makes a fifth less, another nothing more under nine tenths of the load, and a small one half',
        series: [
          ...speedOf(modelIn('c1', 'llama-8b'), { now: 800 }),
          ...speedOf(modelIn('c1', 'qwen-72b'), { now: 0, load: 9 }),
          ...speedOf(modelIn('c1', 'phi-4'), { now: 5, usual: 10 }),
        ],
        at: '30m',
        alerts: [exampleModel, modelIn('c1', 'qwen-72b'), modelIn('c1', 'phi-4')],
      },
      quiet: {
        when: 'A tenth less, and just what is still usual; half with four fifths of the load; and a model that is hardly used',
        series: [
          ...speedOf(modelIn('c1', 'llama-8b'), { now: 900 }),
          ...speedOf(modelIn('c1', 'qwen-72b'), { now: 500, load: 8 }),
          ...speedOf(modelIn('c1', 'phi-4'), { now: 1, usual: 9 }),
          ...speedOf(modelIn('c2', 'llama-8b'), { now: 850 }),
        ],
        at: '30m',
      },
    },
    {
      ...common,
      name: 'InferenceTrafficAnomaly',
      expr: unusual,
      thresholds: ['inferenceTrafficDropRatio', 'inferenceTrafficSurgeRatio', 'inferenceTrafficPerMinute'],
      for: '15m',
      keepFiringFor: '15m',
      team: 'workload',
      summary: 'A model gets far fewer or far more requests than at this time yesterday and a week ago.',
      description: `${whichModel} gets {{ $value | humanize }} requests a second, unlike yesterday and a week ago at this time. See who sends, and whether requests get as far as here.`,
      runbook: {
        meaning:
          'Requests are outside of the band of both days, and by so much that it matters. Requests that never arrive are no errors, so no other alert tells of them.',
        firstLook: [
          'Level and band: `model:inference_requests:rate5m`, `model:inference_requests:lowseason`, `model:inference_requests:highseason`.',
          'Who sends: `topk(10, model_tenant:inference_requests:rate5m{model_name="<model>"})`, today and with `offset 1w`.',
          'Fewer: does DNS, the load balancer or the gateway before the proxy answer. Is today a holiday.',
          'More: a client that tries again without waiting, or a job that somebody started.',
        ],
        remedy: [
          'The way to the model is broken: mend it, or switch over.',
          'A client runs wild: lower its limit at the proxy, and tell its owner.',
          addReplicas,
        ],
      },
      fires: {
        when: 'Two fifths fewer at one model, none at a restless one, more than twice as many at a third; and the same for two of the least traffic that counts',
        series: [
          ...trafficOf(modelIn('c1', 'llama-8b'), { now: 0.6 }),
          ...trafficOf(modelIn('c2', 'llama-8b'), { now: 0, lowest: -1 }),
          ...trafficOf(modelIn('c3', 'llama-8b'), { now: 2.5 }),
          ...trafficOf(modelIn('c4', 'llama-8b'), { now: 0, day: 0.1, week: 0.1 }),
          ...trafficOf(modelIn('c5', 'llama-8b'), { now: 0.1, day: 0.02, week: 0.02 }),
        ],
        at: '40m',
        alerts: ['c1', 'c2', 'c3', 'c4', 'c5'].map((cluster) => modelIn(cluster, 'llama-8b')),
      },
      quiet: {
        when: 'Three tenths fewer, or twice as many; as few as yesterday or as a week ago, or as many; within a wide band; and hardly any',
        series: [
          ...trafficOf(modelIn('c1', 'a'), { now: 0.7 }),
          ...trafficOf(modelIn('c1', 'b'), { now: 2 }),
          ...trafficOf(modelIn('c2', 'a'), { now: 0.5, day: 0.6, lowest: 0.55 }),
          ...trafficOf(modelIn('c2', 'b'), { now: 0.5, week: 0.6, lowest: 0.55 }),
          ...trafficOf(modelIn('c2', 'c'), { now: 2.5, day: 1.25 }),
          ...trafficOf(modelIn('c2', 'd'), { now: 2.5, week: 1.25 }),
          ...trafficOf(modelIn('c3', 'a'), { now: 0.5, lowest: 0.4 }),
          ...trafficOf(modelIn('c3', 'b'), { now: 0.5, lowest: -1 }),
          ...trafficOf(modelIn('c3', 'c'), { now: 2.5, highest: 2.5 }),
          ...trafficOf(modelIn('c4', 'a'), { now: 0, day: 0.09, week: 0.09 }),
          ...trafficOf(modelIn('c4', 'b'), { now: 0.09, day: 0.01, week: 0.01 }),
        ],
        at: '40m',
      },
    },
    {
      ...common,
      name: 'InferenceFleetAnomaly',
      expr: promql`${deviating} > ${thresholds.anomalyFleetRatio} * ${known}
and
${deviating} >= ${thresholds.anomalyFleetCount}`,
      thresholds: ['anomalyFleetRatio', 'anomalyFleetCount'],
      for: '5m',
      keepFiringFor: '10m',
      team: 'sre',
      summary: 'Traffic or speed of many models of a cluster is unusual at once.',
      description:
        '{{ $value | humanize }} models in {{ $labels.cluster }} get far fewer or more requests than usual, or make fewer tokens. Look for one cause: the way in, the network, power, or a rollout.',
      runbook: {
        meaning:
          'What befalls many models at once has one cause. InferenceTrafficAnomaly and InferenceThroughputBelowHistory are held back meanwhile, since they would say the same of each model.',
        firstLook: [
          'Traffic: `sum by (cluster) (model:inference_requests:rate5m)` against the week before; is the gateway up, does DNS answer.',
          'Speed: `model:inference_tokens_generated:score`, clocks of the GPUs on the board GPU fleet.',
          'What was rolled out, and when.',
        ],
        remedy: [
          'The way in is broken: mend it or switch over.',
          'Clocks are held down everywhere: tell the site of cooling and power.',
          'A holiday: nothing. Silence it until the day is over.',
        ],
      },
      fires: {
        when: 'The traffic of four of ten models is unusual; in another cluster three of nine are slow',
        series: [
          ...deviatingIn('c1', 4, ['InferenceTrafficAnomaly'], 10),
          ...deviatingIn('c2', 3, ['InferenceThroughputBelowHistory'], 9),
        ],
        at: '30m',
        alerts: [{ cluster: 'c1' }, { cluster: 'c2' }],
      },
      quiet: {
        when: 'Three of ten; two of two, which are slow and get more requests too; and four of ten with an alert of another kind',
        series: [
          ...deviatingIn('c1', 3, ['InferenceTrafficAnomaly'], 10),
          ...deviatingIn('c2', 2, ['InferenceTrafficAnomaly', 'InferenceThroughputBelowHistory'], 2),
          ...deviatingIn('c3', 4, ['InferenceErrorsHigh'], 10),
        ],
        at: '30m',
      },
    },
    {
      ...common,
      name: 'InferenceReplicaSlow',
      expr: promql`${ofReplica} / on (cluster, engine_kind, model_name) group_left () quantile by (cluster, engine_kind, model_name) (0.5, ${ofReplica})
> ${thresholds.inferenceReplicaSlowRatio}
and on (cluster, engine_kind, model_name)
count by (cluster, engine_kind, model_name) (${ofReplica}) >= ${thresholds.inferenceReplicasCount}`,
      thresholds: ['inferenceReplicaSlowRatio', 'inferenceReplicasCount'],
      for: '15m',
      team: 'sre',
      summary: 'A replica of a model is slower than the others.',
      description: `The replica {{ $labels.instance }} of ${whichModel.replace('Model', 'model')} takes {{ $value | humanizePercentage }} of the time of the others for a token. Compare its GPUs and its node with theirs.`,
      runbook: {
        meaning:
          'Replicas of one model do the same work, so the one that is slower has a cause of its own. Its users wait longer, and a router that counts requests sends it as many as the others.',
        firstLook: [
          'Since when: `model_instance:inference_inter_token_latency_seconds:mean5m{model_name="<model>"}`.',
          'Its GPUs: clocks, heat and power against the others on the board GPU fleet, `gpu:gpu_sm_clock_hertz:z`; other pods on the node.',
          'Its load: alert InferenceReplicaImbalance.',
          lookAtEngine,
        ],
        remedy: [
          'Clocks are held down: see the runbook of GpuThermalThrottle or GpuHwSlowdown.',
          'No cause to be found: start it again on another node, and see which of the two is slow then.',
        ],
      },
      fires: {
        when: 'One of three takes a third longer for a token',
        series: [replica('n1:8000', 0.02), replica('n2:8000', 0.02), replica('n3:8000', 0.027)],
        at: '30m',
        alerts: [{ ...exampleModel, instance: 'n3:8000' }],
      },
      quiet: {
        when: 'One of three takes nearly three tenths longer than the middle one; one of two takes twice as long, of a model that has three in another cluster and at another engine; and a small model is faster than a large one',
        series: [
          replica('n1:8000', 0.015),
          replica('n2:8000', 0.02),
          replica('n3:8000', 0.0258),
          replica('n1:8000', 0.02, 'phi-4'),
          replica('n2:8000', 0.04, 'phi-4'),
          ...three.map((each) => replica(each, 0.02, 'phi-4', 'c2')),
          ...three.map(
            (instance) =>
              [series(perToken, { ...modelIn('c1', 'phi-4'), engine_kind: 'sglang', instance }), '0.02x60'] as const,
          ),
          ...three.map((each) => replica(each, 0.1, 'qwen-72b')),
        ],
        at: '30m',
      },
    },
  ],
});
