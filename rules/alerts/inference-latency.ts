import { inference } from '../../metrics/inference.ts';
import type { Expr, Histogram } from '../../metrics/promql.ts';
import { countOf, promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleEngineTarget, exampleModel, exampleProxyModel, exampleProxyTarget } from '../examples.ts';
import { addReplicas, compareKinds, lookAtEngine, lookAtLoad, whichModel } from '../inference-texts.ts';
import { inferenceQuantileGroup } from '../recording/inference-quantiles.ts';
import { perModel } from '../serving.ts';
import { thresholds } from '../thresholds.ts';

const latencies = inferenceQuantileGroup.series;
const firstToken = latencies['model:inference_time_to_first_token_seconds:p95'];
const betweenTokens = latencies['model:inference_inter_token_latency_seconds:p95'];
const perToken = latencies['model:inference_time_per_output_token_seconds:p95'];
const whole = latencies['model:inference_request_duration_seconds:p99'];

const otherModel = { ...exampleModel, model_name: 'qwen-72b' } as const;

/** Enough of what is measured for a quantile to mean something. */
function enough(histogram: Histogram): Expr {
  return promql`${perModel(promql`rate(${countOf(histogram)}[5m])`)} * 60 >= ${thresholds.inferenceTrafficPerMinute}`;
}

/** The model at the proxy and at its engine, with so many requests a minute measured by the histogram. */
function traffic(histogram: Histogram, perMinute: number): readonly (readonly [Expr, string])[] {
  const atProxy = { ...exampleProxyTarget, ...exampleProxyModel };
  const atEngine = { ...exampleEngineTarget, ...exampleModel };
  return [atProxy, atEngine].map((labels) => [countOf(histogram, labels), `0+${perMinute}x30`] as const);
}

export default defineAlerts({
  theme: 'inference-latency',
  alerts: [
    {
      name: 'InferenceTtftHigh',
      expr: promql`${firstToken} > ${thresholds.inferenceTtftSeconds}
and
${enough(inference.inference_time_to_first_token_seconds)}`,
      thresholds: ['inferenceTtftSeconds', 'inferenceTrafficPerMinute'],
      for: '10m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'Answers of a model take long to begin.',
      description: `${whichModel} lets people wait up to {{ $value | humanizeDuration }} for the first token, one in twenty even longer. See first whether requests queue.`,
      runbook: {
        meaning:
          'Whoever chats with the model sees nothing for seconds after each question. The first token comes after queueing and after the prompt was worked on, so load, long prompts and a cold prefix cache all show here.',
        firstLook: [
          compareKinds,
          lookAtLoad,
          'Longer prompts than before: `model:inference_tokens_input:rate5m / model:inference_requests:rate5m` is tokens per prompt.',
          'Prefix cache: `model:model_cache_hit_ratio:rate5m`. A new system prompt or a restart empties it.',
          lookAtEngine,
        ],
        remedy: [
          addReplicas,
          'Long prompts hold up short ones: chunked prefill (vLLM `--enable-chunked-prefill`), or a deployment of its own for long prompts.',
          'Route by prefix or by session, so that the prefix cache is hit.',
          'A model that thinks before it answers is slow by design: raise inferenceTtftSeconds.',
        ],
      },
      fires: {
        when: 'The first token comes after up to three seconds at the proxy, and soon enough at the engine, for six requests a minute',
        series: [
          [series(firstToken, exampleProxyModel), '3x30'],
          [series(firstToken, exampleModel), '1.9x30'],
          ...traffic(inference.inference_time_to_first_token_seconds, 6),
        ],
        at: '20m',
        alerts: [exampleProxyModel],
      },
      quiet: {
        when: 'It is slow, but for five requests a minute only',
        series: [
          [series(firstToken, exampleProxyModel), '3x30'],
          ...traffic(inference.inference_time_to_first_token_seconds, 5),
        ],
        at: '20m',
      },
    },
    {
      name: 'InferenceTpotHigh',
      expr: promql`(
  (${betweenTokens} and ${enough(inference.inference_inter_token_latency_seconds)})
  or
  (${perToken} and ${enough(inference.inference_time_per_output_token_seconds)})
) > ${thresholds.inferenceTimePerTokenSeconds}`,
      thresholds: ['inferenceTimePerTokenSeconds', 'inferenceTrafficPerMinute'],
      for: '10m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'Answers of a model come slowly, token by token.',
      description: `${whichModel} takes up to {{ $value | humanizeDuration }} for a token, one in twenty even longer. See first how many requests share the batch.`,
      runbook: {
        meaning:
          'Once an answer has begun it comes slower than people read. Engines that tell the time between tokens are judged by it, all others and the proxy by the mean time per output token of each answer.',
        firstLook: [
          compareKinds,
          'Requests in the batch: `model:inference_active_connections:sum` over the number of replicas. Each one more slows down all.',
          'Preemptions: `model:inference_preemptions:rate5m`. A request that is pushed out stands still in the middle of its answer.',
          'Clocks and heat of the GPUs: `nvidia-smi --query-gpu=index,clocks.sm,power.draw,temperature.gpu,clocks_event_reasons.active --format=csv`.',
          lookAtEngine,
        ],
        remedy: [
          'Smaller batch (vLLM `--max-num-seqs`), which trades throughput for pace.',
          addReplicas,
          'Prefill of long prompts interrupts everybody: chunked prefill, or prefill on other GPUs.',
        ],
      },
      fires: {
        when: 'An engine takes 0.15 s between tokens; the proxy, which knows only means, sees 0.12 s',
        series: [
          [series(betweenTokens, exampleModel), '0.15x30'],
          [series(perToken, exampleProxyModel), '0.12x30'],
          ...traffic(inference.inference_inter_token_latency_seconds, 6),
          ...traffic(inference.inference_time_per_output_token_seconds, 6),
        ],
        at: '20m',
        alerts: [exampleModel, exampleProxyModel],
      },
      quiet: {
        when: 'An engine takes 0.09 s between tokens, and its means are spoiled by one slow answer; another model and the proxy have hardly any traffic',
        series: [
          [series(betweenTokens, otherModel), '0.2x30'],
          [
            countOf(inference.inference_inter_token_latency_seconds, { ...exampleEngineTarget, ...otherModel }),
            '0+5x30',
          ],
          [series(betweenTokens, exampleModel), '0.09x30'],
          [series(perToken, exampleModel), '0.2x30'],
          ...traffic(inference.inference_inter_token_latency_seconds, 600),
          [
            countOf(inference.inference_time_per_output_token_seconds, { ...exampleEngineTarget, ...exampleModel }),
            '0+60x30',
          ],
          [series(perToken, otherModel), '0.09x30'],
          [
            countOf(inference.inference_time_per_output_token_seconds, { ...exampleEngineTarget, ...otherModel }),
            '0+60x30',
          ],
          [series(perToken, exampleProxyModel), '0.2x30'],
          [
            countOf(inference.inference_time_per_output_token_seconds, {
              ...exampleProxyTarget,
              ...exampleProxyModel,
            }),
            '0+5x30',
          ],
        ],
        at: '20m',
      },
    },
    {
      name: 'InferenceE2eHigh',
      expr: promql`${whole} > ${thresholds.inferenceDurationSeconds}
and
${enough(inference.inference_request_duration_seconds)}`,
      thresholds: ['inferenceDurationSeconds', 'inferenceTrafficPerMinute'],
      for: '10m',
      keepFiringFor: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'Some requests to a model take very long.',
      description: `${whichModel} takes up to {{ $value | humanizeDuration }} for a request, one in a hundred even longer. See first whether answers have become longer.`,
      runbook: {
        meaning:
          'The whole request takes so long that clients and load balancers in between may give up, and try again, which adds load. Time to the first token and time per token have alerts of their own; if these are quiet, the answers are long.',
        firstLook: [
          'Longer answers: `model:inference_tokens_generated:rate5m / model:inference_requests:rate5m` is tokens per answer, now and a day ago.',
          'Who asks: on the board LLM serving, tenants by tokens.',
          compareKinds,
          'Clients that gave up: `inference_requests_total{status="cancelled"}` and `status="timeout"`.',
        ],
        remedy: [
          'Answers without end: have clients set `max_tokens`, or give the engine a limit of its own.',
          lookAtLoad,
          addReplicas,
          'Long answers are what this model is for: raise inferenceDurationSeconds, and the timeouts in between with it.',
        ],
      },
      fires: {
        when: 'One request in a hundred takes more than 150 seconds, of six a minute',
        series: [
          [series(whole, exampleProxyModel), '150x30'],
          [series(whole, exampleModel), '119x30'],
          ...traffic(inference.inference_request_duration_seconds, 6),
        ],
        at: '20m',
        alerts: [exampleProxyModel],
      },
      quiet: {
        when: 'It took that long for eight minutes; at the engine it does, with five requests a minute',
        series: [
          [series(whole, exampleProxyModel), '50x8 150x7 50x20'],
          [series(whole, exampleModel), '150x30'],
          ...traffic(inference.inference_request_duration_seconds, 5),
        ],
        at: '16m',
      },
    },
  ],
});
