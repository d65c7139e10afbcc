import { anomalyDetectors } from '../anomaly/engine/events.ts';
import type { AnomalyView, KindView } from '../anomaly/engine/view.ts';
import type { EmitPrediction } from './prediction-collector.ts';

const scopes = ['group', 'peers'] as const;
const outcomes = ['confirmed', 'single'] as const;

/** Reports, events of the fleet and what keeps them within the budget. Counters that stand at 0 are shown too. */
export function collectAnomalyReports(view: AnomalyView, emit: EmitPrediction): void {
  for (const kind of view.kinds) {
    collectReports(view, kind, emit);
    collectFleetEvents(view, kind, emit);
    for (const { detector, threshold, spent } of kind.thresholds) {
      emit('prediction_anomaly_threshold', { kind: kind.kind, detector }, threshold);
      emit('prediction_anomaly_reports_per_entity_day', { kind: kind.kind, detector }, spent);
    }
  }
  emit('prediction_anomaly_held_reports_total', {}, view.held);
}

function collectReports({ events }: AnomalyView, { kind, entities }: KindView, emit: EmitPrediction): void {
  const own = events.filter((event) => event.kind === kind);
  const clusters = new Set([...entities.map(({ entity }) => entity.cluster), ...own.map(({ cluster }) => cluster)]);
  for (const cluster of [...clusters].sort()) {
    for (const detector of anomalyDetectors) {
      for (const outcome of outcomes) {
        const found = own.find(
          (event) => event.cluster === cluster && event.detector === detector && event.weight === outcome,
        );
        emit('prediction_anomaly_reports_total', { cluster, kind, detector, outcome }, found?.count ?? 0);
      }
    }
  }
}

function collectFleetEvents(
  { fleetEvents }: AnomalyView,
  { kind, groups, active }: KindView,
  emit: EmitPrediction,
): void {
  for (const group of groups) {
    for (const detector of anomalyDetectors) {
      const isSame = (each: { readonly group: string; readonly detector: string }): boolean =>
        each.group === group && each.detector === detector;
      for (const scope of scopes) {
        const found = fleetEvents.find((each) => each.kind === kind && each.scope === scope && isSame(each));
        emit('prediction_anomaly_fleet_events_total', { kind, group, detector, scope }, found?.count ?? 0);
      }
      emit('prediction_anomaly_fleet_event_active', { kind, group, detector }, active.some(isSame) ? 1 : 0);
    }
  }
}
