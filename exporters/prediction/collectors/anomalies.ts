import { collectAnomalyReports } from './anomaly-reports.ts';
import { collectAnomalyScores } from './anomaly-scores.ts';
import { collectAnomalyState } from './anomaly-state.ts';
import type { PredictionCollector } from './prediction-collector.ts';

export const anomaliesCollector: PredictionCollector = {
  name: 'anomalies',
  collect: ({ anomaly, series }, { emit }) => {
    if (anomaly === undefined) return;
    collectAnomalyScores(anomaly, { maxSeries: series.anomalies, drawn: series.bands }, emit);
    collectAnomalyReports(anomaly, emit);
    collectAnomalyState(anomaly, emit);
  },
};
