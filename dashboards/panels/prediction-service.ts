import { prometheus } from '../../metrics/external.ts';
import { prediction } from '../../metrics/prediction.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { noneIsBetter, predictionJob } from './scope.ts';

const noService = 'No prediction service';

/** Whether what is said is fresh, and how reading and training go. */
export const predictionServicePanels = definePanels('prediction-service', {
  runAge: {
    visual: 'stat',
    metric: prediction.prediction_last_run_timestamp_seconds,
    title: 'Age of the probabilities',
    unit: 'seconds',
    queries: [{ expr: promql`time() - max(${prediction.prediction_last_run_timestamp_seconds})`, legend: 'age' }],
    levels: { base: 'ok', steps: [[7200, 'warning']] },
    noValue: 'The fleet was not scored yet',
  },
  sourcesDown: {
    visual: 'stat',
    metric: prediction.prediction_source_up,
    title: 'Sources not answering',
    unit: 'count',
    queries: [
      {
        expr: promql`count(max by (source) (${prediction.prediction_source_up})) - sum(max by (source) (${prediction.prediction_source_up}))`,
        legend: 'down',
      },
    ],
    levels: noneIsBetter,
    noValue: noService,
  },
  dropped: {
    visual: 'stat',
    metric: prediction.prediction_dropped_series,
    title: 'Series left out',
    unit: 'count',
    queries: [{ expr: promql`sum(max by (metric) (${prediction.prediction_dropped_series}))`, legend: 'left out' }],
    levels: noneIsBetter,
    noValue: 'None',
  },
  nextTraining: {
    visual: 'stat',
    metric: prediction.prediction_training_next_timestamp_seconds,
    title: 'Next training',
    description: 'When are models made next? Time until the next training; below 0 it is due.',
    unit: 'seconds',
    queries: [{ expr: promql`max(${prediction.prediction_training_next_timestamp_seconds}) - time()`, legend: 'in' }],
    noValue: 'No training is planned',
  },
  progress: {
    visual: 'timeseries',
    metric: prediction.prediction_backfill_progress_ratio,
    title: 'How far are history and training?',
    unit: 'ratio',
    queries: [
      {
        expr: promql`max by (source) (${prediction.prediction_backfill_progress_ratio})`,
        legend: 'history of {{source}}',
      },
      { expr: promql`max(${prediction.prediction_training_progress_ratio})`, legend: 'training' },
    ],
    max: 1,
    noValue: noService,
  },
  durations: {
    visual: 'timeseries',
    metric: prediction.prediction_last_run_duration_seconds,
    title: 'How long does a scoring take?',
    queries: [
      { expr: promql`max(${prediction.prediction_last_run_duration_seconds})`, legend: 'reading and scoring' },
      { expr: promql`max by (source) (${prediction.prediction_source_duration_seconds})`, legend: 'source {{source}}' },
    ],
    noValue: noService,
  },
  scrapes: {
    visual: 'timeseries',
    metric: prometheus.scrape_duration_seconds,
    title: 'How long do scrapes of prediction take?',
    queries: [
      {
        expr: promql`max by (instance) (${select(prometheus.scrape_duration_seconds, predictionJob)})`,
        legend: '{{instance}}',
      },
    ],
    noValue: noService,
  },
});
