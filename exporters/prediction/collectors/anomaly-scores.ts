import { anomalyDetectors, leastScore } from '../anomaly/engine/events.ts';
import type { AnomalyView, EntityView, KindView } from '../anomaly/engine/view.ts';
import { type EmitPrediction, entityLabels } from './prediction-collector.ts';

/** What of the scores becomes series. */
export interface AnomalySeries {
  /** At most so many series of scores, and so many of bands; the rest is counted. */
  readonly maxSeries: number;
  /** Names of the signals whose bands are shown. */
  readonly drawn: readonly string[];
}

/**
 * Scores and bands. Entities that deviate come first, then the others in the order in which they came, so that the same ones are shown from
 * scrape to scrape. An entity is shown as a whole or not at all.
 */
export function collectAnomalyScores(
  view: AnomalyView,
  { maxSeries, drawn }: AnomalySeries,
  emit: EmitPrediction,
): void {
  const left = { scores: maxSeries, bands: maxSeries };
  const dropped = { scores: 0, bands: 0 };
  for (const kind of view.kinds) {
    for (const entity of deviatingFirst(kind)) {
      const scores = scoresOf(entity, kind);
      if (scores.length <= left.scores) left.scores -= emitScores(entity, scores, emit);
      else dropped.scores += scores.length;
      const bands = bandsOf(entity, kind, drawn);
      if (bands.length <= left.bands) left.bands -= emitBands(entity, bands, emit);
      else dropped.bands += bands.length;
    }
  }
  emit('prediction_dropped_series', { metric: 'prediction_anomaly_score' }, dropped.scores);
  emit('prediction_dropped_series', { metric: 'prediction_anomaly_band' }, dropped.bands);
}

interface Score {
  readonly signal: string;
  readonly detector: string;
  readonly value: number;
}

interface Line {
  readonly signal: string;
  readonly bound: string;
  readonly value: number;
}

function deviatingFirst({ entities, signals }: KindView): readonly EntityView[] {
  const isDeviating = (entity: EntityView): boolean =>
    (entity.joint() ?? 0) >= leastScore.tail || signals.some((_, signal) => (entity.score('peers', signal) ?? 0) >= 1);
  return [...entities.filter(isDeviating), ...entities.filter((entity) => !isDeviating(entity))];
}

function scoresOf(entity: EntityView, { signals }: KindView): readonly Score[] {
  const scores: Score[] = [];
  const all = entity.joint();
  if (all !== undefined) scores.push({ signal: 'all', detector: 'tail', value: all });
  for (const [at, signal] of signals.entries()) {
    for (const detector of anomalyDetectors) {
      const value = entity.score(detector, at);
      if (value !== undefined) scores.push({ signal, detector, value });
    }
  }
  return scores;
}

function bandsOf(entity: EntityView, { signals }: KindView, drawn: readonly string[]): readonly Line[] {
  return signals.flatMap((signal, at) => {
    const [value, band] = [entity.value(at), entity.band(at)];
    if (!drawn.includes(signal) || value === undefined || band === undefined) return [];
    return Object.entries({ value, ...band }).map(([bound, height]) => ({ signal, bound, value: height }));
  });
}

function emitScores({ entity }: EntityView, scores: readonly Score[], emit: EmitPrediction): number {
  const own = entityLabels(entity);
  for (const { signal, detector, value } of scores)
    emit('prediction_anomaly_score', { ...own, signal, detector }, value);
  return scores.length;
}

function emitBands({ entity }: EntityView, lines: readonly Line[], emit: EmitPrediction): number {
  const own = entityLabels(entity);
  for (const { signal, bound, value } of lines) emit('prediction_anomaly_band', { ...own, signal, bound }, value);
  return lines.length;
}
