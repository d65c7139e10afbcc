import { prediction } from '../../metrics/prediction.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { noneIsBetter, onClusters, onNodes } from './scope.ts';

const none = 'Nothing is watched for anomalies';

/** What is unusual now, without any claim about failures. */
export const predictionAnomalyPanels = definePanels('prediction-anomaly', {
  unusual: {
    visual: 'table',
    metric: prediction.prediction_anomaly_score,
    title: 'Who is unusual now?',
    description:
      'The fifty highest scores above 1 on the chosen nodes. tail: against its own three days. peers: against its group now. drift: slowly away from the group. A report is due from 1.5.',
    keys: [
      ['signal', 'Signal'],
      ['detector', 'Detector'],
      ['uuid', 'GPU'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Score',
        unit: 'none',
        expr: promql`topk(50, max by (signal, detector, uuid, cluster, node) (${select(prediction.prediction_anomaly_score, onNodes)}) > 1)`,
        levels: { base: 'neutral', steps: [[1.5, 'warning']] },
      },
    ],
    sortBy: ['Score', 'largest'],
    leadsTo: toGpuDetail,
    noValue: 'Nothing is unusual',
  },
  reports: {
    visual: 'timeseries',
    metric: prediction.prediction_anomaly_reports_total,
    title: 'How many reports were there?',
    description: 'Reports of each hour by detector and outcome: confirmed by a second signal or the peers, or single.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (detector, outcome) (increase(${select(prediction.prediction_anomaly_reports_total, onClusters)}[1h]))`,
        legend: '{{detector}} {{outcome}}',
      },
    ],
    draw: 'bars',
    stacked: true,
    noValue: none,
  },
  fleet: {
    visual: 'stat',
    metric: prediction.prediction_anomaly_fleet_event_active,
    title: 'Groups that deviate',
    unit: 'count',
    queries: [
      {
        expr: promql`sum(max by (kind, group, detector) (${prediction.prediction_anomaly_fleet_event_active}))`,
        legend: 'groups',
      },
    ],
    levels: noneIsBetter,
    noValue: none,
  },
  warm: {
    visual: 'bars',
    metric: prediction.prediction_anomaly_warm_ratio,
    title: 'Which signals have a long enough past?',
    unit: 'ratio',
    queries: [
      {
        expr: promql`bottomk(10, max by (kind, signal) (${prediction.prediction_anomaly_warm_ratio}))`,
        legend: '{{kind}} {{signal}}',
      },
    ],
    max: 1,
    noValue: none,
  },
});
