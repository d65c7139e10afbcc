import type { AnomalyView, KindView } from '../anomaly/engine/view.ts';
import type { EmitPrediction } from './prediction-collector.ts';

/** How the detectors are doing: whom they watch, how warm they are, what they cost. */
export function collectAnomalyState(view: AnomalyView, emit: EmitPrediction): void {
  for (const kind of view.kinds) {
    emit('prediction_anomaly_entities', { kind: kind.kind }, kind.entities.length);
    emit('prediction_anomaly_dropped_entities', { kind: kind.kind }, kind.dropped);
    for (const [at, signal] of kind.signals.entries())
      emit('prediction_anomaly_warm_ratio', { kind: kind.kind, signal }, warmShare(kind, at));
  }
  emit('prediction_anomaly_state_bytes', {}, view.bytes);
  emit('prediction_anomaly_last_step_timestamp_seconds', {}, view.atMs === undefined ? undefined : view.atMs / 1000);
}

/** Undefined where no entity has a reading. */
function warmShare({ entities }: KindView, signal: number): number | undefined {
  const read = entities.filter(({ value }) => value(signal) !== undefined);
  const warm = read.filter(({ score }) => score('tail', signal) !== undefined);
  return read.length === 0 ? undefined : warm.length / read.length;
}
