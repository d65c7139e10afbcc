import { join } from 'node:path';
import { defaultAnomaly } from '../../exporters/prediction/anomaly/settings.ts';
import type { FeatureTable } from '../../exporters/prediction/features/feature-table.ts';
import { byHorizon } from '../../exporters/prediction/horizon.ts';
import type { SaidDay } from '../../exporters/prediction/serving/said-days.ts';
import type { SignBook } from '../../exporters/prediction/serving/sign-book.ts';

/** What the writer that is killed writes under a number, and where. */
const dayMs = 86_400_000;
const beginMs = Date.UTC(2026, 0, 1);
/** Chunks are written again and again, so that a kill may come while one is replaced. */
const mostChunks = 20;
const entities = Array.from({ length: 1500 }, (_, at) => ({
  kind: 'gpu' as const,
  cluster: 'prod',
  node: `n${at >> 3}`,
  uuid: `GPU-${at}`,
}));

export const featureMaking = {
  schema: { version: 1, names: Array.from({ length: 120 }, (_, at) => `column_${at}`) },
  stepMs: 3_600_000,
  everyMs: dayMs,
};

export const featureFolder = (folder: string): string => join(folder, 'sources', 'main', 'features-gpu');
export const anomalyFile = (folder: string): string => join(folder, 'anomalies.state');
export const signFileOf = (folder: string): string => join(folder, 'sources', 'main', 'signs.json');

export function spanOf(number: number) {
  const fromMs = beginMs + (number % mostChunks) * dayMs;
  return { fromMs, untilMs: fromMs + dayMs };
}

export function chunkOf(number: number): FeatureTable {
  const { untilMs } = spanOf(number);
  return {
    schema: featureMaking.schema,
    entities,
    entity: Uint32Array.from(entities.keys()),
    atMs: new Float64Array(entities.length).fill(untilMs),
    values: new Float32Array(entities.length * featureMaking.schema.names.length).fill(number),
  };
}

export const stepAt = (number: number): number => beginMs + number * defaultAnomaly.stepMs;

export function readingsOf(number: number) {
  return [
    {
      signal: 'gpu_temperature',
      members: entities.map((entity) => ({ entity, group: 'prod/H100', peers: entity.node })),
      values: entities.map((_, at) => 60 + ((at + number) % 7)),
    },
  ];
}

/** A day for each number, so that none is said twice. */
export function saidOf(number: number): SaidDay {
  const column = byHorizon(() => entities.map(() => number));
  return {
    atMs: beginMs + number * dayMs,
    model: 'prior',
    entities,
    probability: column,
    correction: column,
    layer: byHorizon(() => entities.map(() => 0)),
  };
}

export function bookOf(number: number): SignBook {
  const xids = entities.map((entity) => ({ entity, atMs: beginMs, code: 79, count: 1 }));
  return { untilMs: beginMs + number, signs: { xids, absences: [], remaps: [], states: [] } };
}

export const numberOfBook = ({ untilMs }: SignBook): number => untilMs - beginMs;
export const numberOfStep = (atMs: number): number => (atMs - beginMs) / defaultAnomaly.stepMs;
export const numberOfDay = ({ atMs }: SaidDay): number => (atMs - beginMs) / dayMs;
