import { inference } from '../../metrics/inference.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleModel, exampleProxyModel, exampleProxyTarget, exampleRequests } from '../examples.ts';
import { askProxy, lookAtEngine, whichModel } from '../inference-texts.ts';
import { inferenceGroup } from '../recording/inference.ts';
import { perModel, requests } from '../serving.ts';
import { thresholds } from '../thresholds.ts';

const errorRatio = inferenceGroup.series['model:inference_error_ratio:rate5m'];
const rate = inferenceGroup.series['model:inference_requests:rate5m'];

/** Not those whose client left: what it has seen was counted piece by piece. */
const withoutUsage = select(inference.inference_usage_missing_total, { reason: { re: 'absent|too_large' } });
const missing = promql`sum by (cluster, engine_kind, model_name, reason) (increase(${withoutUsage}[30m]))`;

const proxyTarget = { ...exampleProxyTarget, ...exampleProxyModel, tenant: 'search' } as const;

export default defineAlerts({
  theme: 'inference-errors',
  alerts: [
    {
      name: 'InferenceErrorsHigh',
      expr: promql`${errorRatio} > ${thresholds.inferenceErrorsRatio}
and
${rate} * 60 >= ${thresholds.inferenceTrafficPerMinute}`,
      thresholds: ['inferenceErrorsRatio', 'inferenceTrafficPerMinute'],
      for: '5m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'Many requests to a model fail.',
      description: `${whichModel} fails {{ $value | humanizePercentage }} of its requests. See by reason what they fail of.`,
      runbook: {
        meaning:
          'Requests end with an error or a timeout, or are refused because no server is left or none has room. What clients spoil themselves and what limits reject is not counted. If this goes on, alerts about the error budget follow, and page.',
        firstLook: [
          'By reason: `sum by (status, reason) (rate(inference_requests_total{model_name="<model>"}[5m]))`. unreachable and no_upstream: the servers; server_error and stream_error: the engine; first_byte and idle: it hangs; rate_limited: a provider behind the proxy limits it.',
          'By upstream: `sum by (upstream, outcome) (rate(inference_upstream_attempts_total[5m]))`.',
          askProxy,
          lookAtEngine,
        ],
        remedy: [
          'One bad upstream: take it out of the file of the proxy and load it again, or restart the engine.',
          'Errors began with a rollout: go back to the version before.',
          'Timeouts with a full queue: see the runbook of InferenceQueueGrowing.',
        ],
      },
      fires: {
        when: 'Six percent of hardly more than six requests a minute fail at the proxy',
        series: [
          [series(errorRatio, exampleProxyModel), '0.06x20'],
          [series(rate, exampleProxyModel), '0.11x20'],
        ],
        at: '10m',
        alerts: [exampleProxyModel],
      },
      quiet: {
        when: 'One of five requests a minute fails; at the engine five percent do',
        series: [
          [series(errorRatio, exampleProxyModel), '0.2x20'],
          [series(rate, exampleProxyModel), '0.09x20'],
          [series(errorRatio, exampleModel), '0.05x20'],
          [series(rate, exampleModel), '1.6x20'],
        ],
        at: '10m',
      },
    },
    {
      name: 'InferenceUsageMissing',
      expr: promql`${missing}
/ on (cluster, engine_kind, model_name) group_left ()
${perModel(promql`increase(${requests({ status: 'success' })}[30m])`)}
> ${thresholds.inferenceUsageMissingRatio}
and
${missing} >= ${thresholds.inferenceUsageMissingCount}`,
      thresholds: ['inferenceUsageMissingRatio', 'inferenceUsageMissingCount'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'observability',
      summary: 'Answers of a model come without usage, so their tokens cannot be counted.',
      description: `${whichModel} leaves out the usage in {{ $value | humanizePercentage }} of its answers ({{ $labels.reason }}). Tokens of tenants, their budgets and their bills are too low.`,
      runbook: {
        meaning:
          'The proxy counts tokens by the usage that the server puts into its answer. Without it tokens of prompts are not known, and those of answers are known roughly. `absent`: the answer was whole and held none; `too_large`: the answer was longer than the proxy reads.',
        firstLook: [
          'Which upstream: ask it directly for a stream with `"stream_options": {"include_usage": true}` and look at the last event.',
          'Which endpoint: some servers give usage for chats and none for embeddings or for an API of their own.',
          askProxy,
        ],
        remedy: [
          'Bring the server to a version that knows `stream_options`, and check the setting of this upstream about usage in the file of the proxy.',
          'Where the server cannot: take its tokens from the metrics of the engine, and give its tenants no token budget.',
        ],
      },
      fires: {
        when: 'Hardly more than a twentieth of the answers hold no usage, five within half an hour',
        series: [
          [series(inference.inference_usage_missing_total, { ...proxyTarget, reason: 'absent' }), '0+0.17x60'],
          [series(inference.inference_usage_missing_total, { ...proxyTarget, reason: 'cut' }), '0+3x60'],
          exampleRequests('0+3x60', { status: 'success' }),
        ],
        at: '50m',
        alerts: [{ ...exampleProxyModel, reason: 'absent' }],
      },
      quiet: {
        when: 'Streams are cut by their clients, and less than a twentieth of the answers hold no usage; and of the few requests at night four have none',
        series: [
          [series(inference.inference_usage_missing_total, { ...proxyTarget, reason: 'cut' }), '0+10x60'],
          [series(inference.inference_usage_missing_total, { ...proxyTarget, reason: 'absent' }), '0+0.9x60'],
          exampleRequests('0+20x60', { status: 'success' }),
          [
            series(inference.inference_usage_missing_total, {
              ...proxyTarget,
              model_name: 'qwen-72b',
              reason: 'absent',
            }),
            '0x30 0+1x4 4x30',
          ],
          exampleRequests('0x30 0+1x4 4x30', { status: 'success', model_name: 'qwen-72b' }),
        ],
        at: '55m',
      },
    },
  ],
});
