import { targetLabels } from '../../metrics/labels.ts';
import { longTermName, longTermSeries } from '../../metrics/long-term.ts';
import { promql } from '../../metrics/promql.ts';
import { defineRecordings, type RecordingSpec } from '../recording.ts';

/** The last value once a minute, for a store that keeps years. A counter loses nothing by it: what it counted is in its next value. */
export const billingLongTermGroup = defineRecordings(
  { group: 'billing-long-term', interval: '1m', optional: true },
  Object.fromEntries(
    longTermSeries.map((metric): readonly [string, RecordingSpec] => [
      longTermName(metric.name),
      {
        help: `${metric.name} once a minute, for billing from a store that keeps no raw samples.`,
        unit: metric.unit,
        labels: [...new Set([...metric.labels, ...targetLabels])],
        expr: promql`${metric}`,
      },
    ]),
  ),
);
