import { defineMetrics } from './define.ts';

const entity = ['cluster', 'node', 'uuid'] as const;

/** What is unusual. The prediction service alone knows of which cluster and node: what it watches is elsewhere. `uuid` is empty for a node. */
export const prediction = defineMetrics('prediction', {
  prediction_anomaly_score: {
    kind: 'gauge',
    unit: 'none',
    help: 'How unusual the signal of the entity is by detector; above 1 is unusual. tail: against its own last three days (a report is due from 1.5, strong from 2). peers: against its group now. drift: its distance to the group against the last month. The signal all is every signal together. Absent until warm.',
    labels: [...entity, 'signal', 'detector'],
  },
  prediction_anomaly_band: {
    kind: 'gauge',
    unit: 'none',
    help: 'What to draw around a signal, in its unit: value, and low, middle and high of mean and two deviations of the three days up to it. A value outside is no alarm.',
    labels: [...entity, 'signal', 'bound'],
  },
  prediction_anomaly_reports_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Reports of entities by outcome: confirmed (at least two signals, or a deviation from the peers) or single. One incident is one report.',
    labels: ['cluster', 'kind', 'detector', 'outcome'],
  },
  prediction_anomaly_held_reports_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Reports of single entities that were held back because their whole group deviated.',
    labels: [],
  },
  prediction_anomaly_fleet_events_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Times that a large share began to deviate at once, of the whole group or of peers within it, such as the GPUs of one node.',
    labels: ['kind', 'group', 'detector', 'scope'],
  },
  prediction_anomaly_fleet_event_active: {
    kind: 'gauge',
    unit: 'none',
    help: '1 while a large share of the group deviates at once, else 0.',
    labels: ['kind', 'group', 'detector'],
  },
  prediction_anomaly_threshold: {
    kind: 'gauge',
    unit: 'none',
    help: 'Score from which on there is a report. It rises when the last 14 days had more reports than the budget allows.',
    labels: ['kind', 'detector'],
  },
  prediction_anomaly_reports_per_entity_day: {
    kind: 'gauge',
    unit: 'none',
    help: 'Reports for each entity and day that the last 14 days had, or would have had, at the present threshold.',
    labels: ['kind', 'detector'],
  },
  prediction_anomaly_entities: {
    kind: 'gauge',
    unit: 'none',
    help: 'Entities that are watched for anomalies.',
    labels: ['kind'],
  },
  prediction_anomaly_dropped_entities: {
    kind: 'gauge',
    unit: 'none',
    help: 'Entities that are not watched because there are too many.',
    labels: ['kind'],
  },
  prediction_anomaly_warm_ratio: {
    kind: 'gauge',
    unit: 'ratio',
    help: 'Share of the entities with a reading of the signal whose own past is long enough for a score.',
    labels: ['kind', 'signal'],
  },
  prediction_anomaly_state_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    help: 'Memory that the detectors of anomalies hold. It grows with the number of entities and not with time.',
    labels: [],
  },
  prediction_anomaly_last_step_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Moment of the readings that the scores are of.',
    labels: [],
  },
  prediction_dropped_series: {
    kind: 'gauge',
    unit: 'none',
    help: 'Series of the prediction service that are left out because there would be too many, by metric.',
    labels: ['metric'],
  },
});
