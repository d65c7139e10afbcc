import type { DataFrame } from '@grafana/data';
import type { Reading } from '../frames/reading';
import { readingsOf } from '../frames/readings-of';
import { type FoundSeries, seriesOf } from '../frames/series-of';
import { type Horizon, horizonOf } from '../horizon';
import { NEEDED, type SeriesName } from '../series-names';
import { factsOfGpus, layerOf } from './facts-of-gpus';
import type { Fleet, TrackRecord } from './fleet';
import { isProbability, probabilitiesOf } from './probabilities-of';
import { rankRows } from './rank-rows';
import type { Layer } from './risk-row';
import { rowsOf } from './rows-of';

/** All that Prometheus tells, out of the answers to the panel's own queries. */
export function fleetOf(frames: readonly DataFrame[]): Fleet {
  return fleetOfSeries(seriesOf(readingsOf(frames)));
}

export function fleetOfSeries(found: FoundSeries): Fleet {
  const read = (name: SeriesName): readonly Reading[] => found.byName.get(name) ?? [];
  const probabilities = probabilitiesOf(read(NEEDED));
  const failures = largest(read('prediction_incidents').filter(isOfGpus));
  const forecastAtMs = millis(largest(read('prediction_last_run_timestamp_seconds')));
  const knownFailures = failures ?? (forecastAtMs === undefined ? undefined : 0);
  const rows = rowsOf(probabilities, { facts: factsOfGpus(found), failures: knownFailures, forecastAtMs });
  return {
    rows: rankRows(rows),
    baseProbability: largestByHorizon(read('prediction_failure_base_probability').filter(isOfGpus), isProbability),
    layer: layersOf(read('prediction_failure_layer_info')),
    knownFailures,
    trackRecords: trackRecordsOf(read),
    forecastAtMs,
    modelsMadeAtMs: millis(largest(read('prediction_model_trained_timestamp_seconds'))),
    unusableValues: probabilities.unusable,
    otherSeries: found.others,
  };
}

function isOfGpus({ labels }: Reading): boolean {
  return labels.kind === undefined || labels.kind === 'gpu';
}

function largest(readings: readonly Reading[]): number | undefined {
  const values = readings.map(({ value }) => value).filter(Number.isFinite);
  return values.length === 0 ? undefined : Math.max(...values);
}

function millis(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function largestByHorizon(readings: readonly Reading[], isUsable: (value: number) => boolean) {
  const found: Partial<Record<Horizon, number>> = {};
  for (const { labels, value } of readings) {
    const horizon = horizonOf(labels.horizon);
    if (horizon !== undefined && isUsable(value)) found[horizon] = Math.max(found[horizon] ?? 0, value);
  }
  return found;
}

/** Of each horizon the one that most devices have: series may be counted by layer, or come one by one. */
function layersOf(readings: readonly Reading[]): Partial<Record<Horizon, Layer>> {
  const counts = new Map<Horizon, Map<Layer, number>>();
  for (const { labels, value } of readings) {
    const horizon = horizonOf(labels.horizon);
    const layer = layerOf(labels.layer);
    if (horizon === undefined || layer === undefined || !(value > 0)) continue;
    const own = counts.get(horizon) ?? new Map<Layer, number>();
    own.set(layer, (own.get(layer) ?? 0) + value);
    counts.set(horizon, own);
  }
  const found: Partial<Record<Horizon, Layer>> = {};
  for (const [horizon, own] of counts) found[horizon] = [...own].sort(([, a], [, b]) => b - a)[0]?.[0];
  return found;
}

const figures: ReadonlyArray<readonly [SeriesName, Exclude<keyof TrackRecord, 'source'>]> = [
  ['prediction_evaluation_rows', 'statements'],
  ['prediction_evaluation_failed_ratio', 'failedRatio'],
  ['prediction_evaluation_precision_ratio', 'precision'],
  ['prediction_evaluation_incident_recall_ratio', 'recall'],
  ['prediction_evaluation_lead_seconds', 'leadSeconds'],
];

/** Those with anything judged: a service without a past says that it judged 0 statements. */
function trackRecordsOf(read: (name: SeriesName) => readonly Reading[]): Fleet['trackRecords'] {
  const records = new Map<Horizon, Map<string, TrackRecord>>();
  for (const [name, figure] of figures) {
    for (const { labels, value } of read(name)) {
      const horizon = horizonOf(labels.horizon);
      if (horizon === undefined || !Number.isFinite(value) || labels.kind === 'node') continue;
      const { source = '' } = labels;
      const own = records.get(horizon) ?? new Map<string, TrackRecord>();
      own.set(source, { ...own.get(source), source, [figure]: value });
      records.set(horizon, own);
    }
  }
  const found: Partial<Record<Horizon, readonly TrackRecord[]>> = {};
  for (const [horizon, own] of records) {
    const judged = [...own.values()].filter(({ statements = 0 }) => statements > 0);
    if (judged.length > 0) found[horizon] = judged;
  }
  return found;
}
