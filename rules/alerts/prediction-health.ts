import { prediction } from '../../metrics/prediction.ts';
import { type Expr, promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { examplePredictionTarget } from '../examples.ts';
import { readCard, readPredictionLog, whichService } from '../prediction-texts.ts';
import { thresholds } from '../thresholds.ts';
import { recent } from '../vectors.ts';

const { job, cluster } = examplePredictionTarget;
const ofJob = { cluster, job } as const;
const byService = (vector: Expr): Expr => promql`max by (cluster, job) (${vector})`;
const psi = promql`max by (cluster, job, kind, feature) (${recent(prediction.prediction_feature_drift_psi)})`;

function exampleDrift(psis: readonly number[]): readonly (readonly [Expr, string])[] {
  return psis.map((psi, at) => {
    const own = { ...examplePredictionTarget, kind: 'gpu', feature: `feature_${at + 1}` };
    return [series(prediction.prediction_feature_drift_psi, own), `${psi}x1000`] as const;
  });
}

/** Whether what is said rests on fresh data and sound models. */
export default defineAlerts({
  theme: 'prediction-health',
  alerts: [
    {
      name: 'PredictionStale',
      expr: promql`time() - ${byService(recent(prediction.prediction_last_run_timestamp_seconds))} > ${thresholds.predictionStaleSeconds}`,
      thresholds: ['predictionStaleSeconds'],
      for: '10m',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'The fleet has not been scored for hours.',
      description: `${whichService} made its newest probabilities {{ $value | humanizeDuration }} ago. Alerts and board show what was true then.`,
      runbook: {
        meaning:
          'Scoring fails or hangs. Rules are not looked at either: alerts of the exporters themselves still are.',
        firstLook: [
          readPredictionLog,
          'Do the sources answer: `prediction_source_up`, `prediction_source_duration_seconds`.',
        ],
        remedy: [
          'Bring the source back, or mend address, certificate or token, whichever the log names.',
          'A source is too slow: raise `timeout` of the source or --prediction.scoring-interval, or name fewer nodes by `match`.',
        ],
      },
      fires: {
        when: 'Scoring hangs since two hours and a quarter',
        series: [[series(prediction.prediction_last_run_timestamp_seconds, examplePredictionTarget), '0x140']],
        at: '135m',
        alerts: [ofJob],
      },
      quiet: {
        when: 'A run takes nearly two hours',
        series: [[series(prediction.prediction_last_run_timestamp_seconds, examplePredictionTarget), '0x120']],
        at: '115m',
      },
    },
    {
      name: 'PredictionSourceDown',
      expr: promql`max by (cluster, job, source) (${recent(prediction.prediction_source_up)}) == 0`,
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'A source of the prediction service does not answer.',
      description: `${whichService} gets nothing from its source {{ $labels.source }}. Entities of that source keep the base rate alone, or are missing.`,
      runbook: {
        meaning:
          'Features, signs of failures and the list of devices come from it. What is missed is read later, as long as the source keeps its samples.',
        firstLook: [readPredictionLog, 'By hand: `curl -sS "<url>/api/v1/query?query=up"`.'],
        remedy: [
          'Bring the source back, or mend address, certificate or token.',
          'It answers and is slow: raise `timeout`, or lower `nodes_per_query` and `concurrency` in the file.',
        ],
      },
      fires: {
        when: 'Prometheus is away for half an hour',
        series: [[series(prediction.prediction_source_up, { ...examplePredictionTarget, source: 'main' }), '1x5 0x35']],
        at: '35m',
        alerts: [{ ...ofJob, source: 'main' }],
      },
      quiet: {
        when: 'A restart of Prometheus',
        series: [
          [series(prediction.prediction_source_up, { ...examplePredictionTarget, source: 'main' }), '1x5 0x8 1x25'],
        ],
        at: '35m',
      },
    },
    {
      name: 'PredictionTrainingFailed',
      expr: promql`sum by (cluster, job) (increase(${select(prediction.prediction_trainings_total, { outcome: 'failure' })}[1d])) > 0`,
      for: '5m',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'Models could not be made.',
      description: `${whichService} failed {{ $value | humanize }} times in a day to make models. Those before stay in use.`,
      runbook: {
        meaning:
          'History could not be read, a column would have known the label, or memory or disk ran out. The models in use are untouched and grow older.',
        firstLook: [readPredictionLog, 'Room on its disk: `df -h /var/lib/fleetlens/prediction`.'],
        remedy: [
          'A column is refused because it defines failures: take it out of the CSV file or the features; the log names it.',
          'The disk is full: make room. The next training is tried by itself.',
        ],
      },
      fires: {
        when: 'The disk is full',
        series: [
          [
            series(prediction.prediction_trainings_total, { ...examplePredictionTarget, outcome: 'failure' }),
            '0x30 1x30',
          ],
        ],
        at: '50m',
        alerts: [ofJob],
      },
      quiet: {
        when: 'Models were made',
        series: [
          [
            series(prediction.prediction_trainings_total, { ...examplePredictionTarget, outcome: 'success' }),
            '0x30 1x30',
          ],
          [series(prediction.prediction_trainings_total, { ...examplePredictionTarget, outcome: 'failure' }), '1x60'],
        ],
        at: '50m',
      },
    },
    {
      name: 'PredictionTrainingOverdue',
      expr: promql`time() - ${byService(recent(prediction.prediction_training_next_timestamp_seconds))} > ${thresholds.trainingOverdueSeconds}`,
      thresholds: ['trainingOverdueSeconds'],
      for: '1h',
      severity: 'info',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'Models were to be made and are not.',
      description: `${whichService} was to make models {{ $value | humanizeDuration }} ago. Find out what it waits for.`,
      runbook: {
        meaning: 'A training begins when the history of its window is read. One of both does not come to an end.',
        firstLook: [
          'How far it is: `prediction_backfill_progress_ratio`, `prediction_training_progress_ratio`.',
          readPredictionLog,
        ],
        remedy: [
          'The source is slow: shorten `window` of `training`, or raise `concurrency` of `features` if the source can bear it.',
          'The training takes too long: give it more `threads`, or a shorter window.',
        ],
      },
      fires: {
        when: 'The history is not read after 26 hours',
        series: [[series(prediction.prediction_training_next_timestamp_seconds, examplePredictionTarget), '0x800']],
        interval: '2m',
        at: '26h',
        alerts: [ofJob],
      },
      quiet: {
        when: 'History and training take 23 hours',
        series: [[series(prediction.prediction_training_next_timestamp_seconds, examplePredictionTarget), '0x700']],
        interval: '2m',
        at: '23h',
      },
    },
    {
      name: 'PredictionModelStale',
      expr: promql`time() - ${byService(recent(prediction.prediction_model_trained_timestamp_seconds))} > ${thresholds.modelAgeSeconds}`,
      thresholds: ['modelAgeSeconds'],
      for: '1h',
      severity: 'info',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'The models in use are old.',
      description: `${whichService} uses models that were made {{ $value | humanizeDuration }} ago. Find out why no newer ones took their place.`,
      runbook: {
        meaning:
          'Fleets age and change. Old models rank less well and may be wrong in size, though the outcome correction takes off some of that.',
        firstLook: [
          'Were fresh ones made and kept back: `prediction_model_swaps_total{outcome="kept"}`.',
          'Is `training` switched off in the file.',
          readCard,
        ],
        remedy: [
          'Fresh ones were worse than the running ones: that is the rule at work. Nothing needs to be done while observed and expected failures agree.',
          'They were not made: see PredictionTrainingFailed.',
        ],
      },
      fires: {
        when: 'Four months',
        series: [
          [series(prediction.prediction_model_trained_timestamp_seconds, examplePredictionTarget), '-8640000x150'],
        ],
        at: '2h',
        alerts: [ofJob],
      },
      quiet: {
        when: 'Three months',
        series: [
          [series(prediction.prediction_model_trained_timestamp_seconds, examplePredictionTarget), '-7776000x150'],
        ],
        at: '2h',
      },
    },
    {
      name: 'PredictionFeatureDrift',
      expr: promql`count by (cluster, job, kind) (${psi} > ${thresholds.featureDriftPsiRatio}) > ${thresholds.featureDriftCount}`,
      thresholds: ['featureDriftPsiRatio', 'featureDriftCount'],
      for: '1d',
      severity: 'info',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'What models are asked about differs from what they learned.',
      description: `${whichService} sees {{ $value | humanize }} features ({{ $labels.kind }}) that lie elsewhere than in training. Learned probabilities may be off.`,
      runbook: {
        meaning:
          'New GPUs, another driver or exporter, other work, or the season. The rate model does not use features and is not concerned.',
        firstLook: [
          'Which ones: `sort_desc(prediction_feature_drift_psi > 0.2)`.',
          'Since when, and what was rolled out then.',
          'Are the probabilities still right in size: `prediction_outcome_observed_failures / prediction_outcome_expected_failures`.',
        ],
        remedy: [
          'Meant: the next training learns from the new data.',
          'A reading is broken: mend the exporter. A reading that is missing is better than a wrong one.',
        ],
      },
      fires: {
        when: 'A new driver changes six features',
        series: exampleDrift([0.22, 0.22, 0.22, 0.4, 0.4, 0.4]),
        interval: '2m',
        at: '30h',
        alerts: [{ ...ofJob, kind: 'gpu' }],
      },
      quiet: {
        when: 'Five features shift with the work of a week, and another a little',
        series: exampleDrift([0.4, 0.4, 0.4, 0.4, 0.4, 0.18]),
        interval: '2m',
        at: '30h',
      },
    },
    {
      name: 'PredictionOutcomeDrift',
      expr: promql`max by (cluster, job, horizon) (${recent(prediction.prediction_outcome_drifted)}) > 0`,
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'Failures come far more or far less often than predicted.',
      description: `${whichService} was off by more than twice at the horizon {{ $labels.horizon }}. Probabilities are wrong in size, though the order may be right.`,
      runbook: {
        meaning:
          'Of past predictions whose time is over, far more or far fewer came true than they said. The correction between trainings takes off what it can.',
        firstLook: [
          'In which direction: `prediction_outcome_observed_failures / prediction_outcome_expected_failures`.',
          'Are all failures known: tickets that nobody enters, XIDs that nobody scrapes.',
          readCard,
        ],
        remedy: [
          'Failures are missing: name them in a CSV file of tickets, and train again.',
          'The fleet has changed: train again. Order by rank meanwhile, as alerts do.',
        ],
      },
      fires: {
        when: 'A bad batch fails',
        series: [
          [series(prediction.prediction_outcome_drifted, { ...examplePredictionTarget, horizon: '7d' }), '0x10 1x90'],
        ],
        at: '90m',
        alerts: [{ ...ofJob, horizon: '7d' }],
      },
      quiet: {
        when: 'One failure more than expected',
        series: [
          [series(prediction.prediction_outcome_drifted, { ...examplePredictionTarget, horizon: '7d' }), '0x100'],
        ],
        at: '90m',
      },
    },
    {
      name: 'PredictionSeriesDropped',
      expr: promql`max by (cluster, job, metric) (${recent(prediction.prediction_dropped_series)}) > 0`,
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'prediction',
      team: 'observability',
      summary: 'Some series of the prediction service are left out of its metrics.',
      description: `{{ $value | humanize }} series of {{ $labels.metric }} of {{ $labels.job }} in {{ $labels.cluster }} are left out. The likeliest to fail are shown.`,
      runbook: {
        meaning: 'There are more devices than /metrics may show. The API tells of all of them.',
        firstLook: ['How many there are: `sum by (metric) (prediction_dropped_series)`.'],
        remedy: ['Raise the number in `series` of the file, if Prometheus can carry it.'],
      },
      fires: {
        when: 'One of the probabilities is left out',
        series: [
          [
            series(prediction.prediction_dropped_series, {
              ...examplePredictionTarget,
              metric: 'prediction_failure_probability',
            }),
            '1x60',
          ],
        ],
        at: '50m',
        alerts: [{ ...ofJob, metric: 'prediction_failure_probability' }],
      },
      quiet: {
        when: 'Every series is shown',
        series: [
          [
            series(prediction.prediction_dropped_series, {
              ...examplePredictionTarget,
              metric: 'prediction_failure_probability',
            }),
            '0x60',
          ],
        ],
        at: '50m',
      },
    },
  ],
});
