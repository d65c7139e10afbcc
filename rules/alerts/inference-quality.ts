import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleProxyTarget } from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const pushedAt = recent(inference.model_accuracy_timestamp_seconds);
const lastPush = promql`max by (cluster, model_name, dataset) (${pushedAt})`;

/** Of several exporters the one that was pushed to last: behind a load balancer each push reaches another. */
function whereLastPushed(vector: Expr): Expr {
  return promql`max by (cluster, model_name, dataset) (
  (
    ${vector}
  )
  and
  ${pushedAt} == on (cluster, model_name, dataset) group_left () ${lastPush}
)`;
}

const accuracy = recent(inference.model_accuracy);
const threshold = recent(inference.model_accuracy_threshold);

const evaluated = { model_name: 'llama-8b', dataset: 'support-tickets' } as const;
const exampleQuality = { cluster: 'c1', ...evaluated } as const;
const otherExporter = { ...exampleProxyTarget, node: 'n2', instance: 'n2:9411' } as const;

interface Push {
  readonly accuracy: string;
  readonly threshold?: string;
  readonly at: string;
  readonly model?: string;
  readonly target?: typeof exampleProxyTarget | typeof otherExporter;
}

function pushed(push: Push): readonly (readonly [Expr, string])[] {
  const { target = exampleProxyTarget, model = evaluated.model_name } = push;
  const labels = { ...target, ...evaluated, model_name: model };
  return [
    [series(inference.model_accuracy, labels), push.accuracy],
    [series(inference.model_accuracy_timestamp_seconds, labels), push.at],
    ...(push.threshold === undefined
      ? []
      : [[series(inference.model_accuracy_threshold, labels), push.threshold] as const]),
  ];
}

const which = 'Model {{ $labels.model_name }}{{ with $labels.dataset }} on {{ . }}{{ end }} in {{ $labels.cluster }}';

export default defineAlerts({
  theme: 'inference-quality',
  alerts: [
    {
      name: 'ModelAccuracyLow',
      expr: whereLastPushed(
        promql`${accuracy} < ${threshold}
    or
    (${accuracy} < ${thresholds.modelAccuracyLowFallbackRatio} unless ${threshold})`,
      ),
      thresholds: ['modelAccuracyLowFallbackRatio'],
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'The quality of a model is below what is good enough.',
      description: `${which} has a quality of {{ $value | humanize }}, below its threshold. Compare it with the evaluation before.`,
      runbook: {
        meaning:
          'The last evaluation that was pushed says that the model answers worse than it should. What is good enough comes with the push; without it a common threshold is used, which may not fit the model.',
        firstLook: [
          'Did it fall or was it always so: `model_accuracy{model_name="<model>"}` over some weeks.',
          'What changed before: weights, quantization, engine version, prompt template, sampling, or the data set of the evaluation.',
          'When it was measured: `model_accuracy_timestamp_seconds`.',
        ],
        remedy: [
          'Go back to the weights or settings of the last good evaluation.',
          'Evaluate again, to see how far two evaluations of the same model differ.',
          'The threshold does not fit: push another with the next quality.',
        ],
      },
      fires: {
        when: 'A model is below its own threshold since its last push, which reached one of two exporters; another has none and is below the common one',
        series: [
          ...pushed({ accuracy: '0.95x5 0.9x20', threshold: '0.92x25', at: '60x25' }),
          ...pushed({ accuracy: '0.97x25', threshold: '0.92x25', at: '30x25', target: otherExporter }),
          ...pushed({ accuracy: '0.84x25', at: '60x25', model: 'qwen-72b' }),
        ],
        at: '15m',
        alerts: [exampleQuality, { ...exampleQuality, model_name: 'qwen-72b' }],
      },
      quiet: {
        when: 'A model at 0.7 needs no more; one without threshold has exactly the common one; what another exporter holds of it is older',
        series: [
          ...pushed({ accuracy: '0.7x25', threshold: '0.65x25', at: '60x25' }),
          ...pushed({ accuracy: '0.85x25', at: '120x25', model: 'qwen-72b' }),
          ...pushed({ accuracy: '0.5x25', at: '60x25', model: 'qwen-72b', target: otherExporter }),
        ],
        at: '15m',
      },
    },
    {
      name: 'ModelAccuracyStale',
      expr: promql`time() - ${lastPush} > ${thresholds.modelAccuracyStaleSeconds}`,
      thresholds: ['modelAccuracyStaleSeconds'],
      for: '15m',
      severity: 'info',
      action: 'investigate',
      domain: 'inference',
      team: 'workload',
      summary: 'The quality of a model was not measured for a long time.',
      description: `${which} was last evaluated {{ $value | humanizeDuration }} ago. See whether its evaluation job still runs.`,
      runbook: {
        meaning:
          'What is shown as the quality of the model is old. If the evaluation has stopped, nobody would notice that the model became worse; in the end the exporter shows the quality no more.',
        firstLook: [
          'The job that evaluates: its last runs and their logs (`kubectl get cronjob,jobs`, the CI).',
          'Does the push arrive: it answers with an error that says why not, and needs the token of `--quality.token-file` unless the exporter listens on loopback only.',
        ],
        remedy: [
          'Start the job again.',
          'A model that is evaluated once, at its release: raise modelAccuracyStaleSeconds, or leave this note alone.',
        ],
      },
      fires: {
        when: 'The last push was more than seven days ago',
        // Time begins in 1970, so a week before is below zero.
        series: pushed({ accuracy: '0.9x60', at: '-604800x60' }),
        at: '30m',
        alerts: [exampleQuality],
      },
      quiet: {
        when: 'It was six days ago at one exporter, and longer ago at another',
        series: [
          ...pushed({ accuracy: '0.9x60', at: '-518400x60' }),
          ...pushed({ accuracy: '0.9x60', at: '-1209600x60', target: otherExporter }),
        ],
        at: '30m',
      },
    },
  ],
});
