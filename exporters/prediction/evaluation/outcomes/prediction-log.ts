import { type Entity, keyOfEntity } from '../../entity.ts';
import { byHorizon, type Horizon } from '../../horizon.ts';
import type { Moments } from '../../labels/moments.ts';
import { correctionFeature } from '../../risk/intercept-correction.ts';
import { type Reason, type Risk, type RiskLayer, riskLayers } from '../../risk/risk.ts';

/** What was said, to be compared with what comes. Rows ascend by moment, then by entity; columns of typed arrays, to be stored as they are. */
export interface PredictionLog extends Moments {
  /** Of each row, by horizon. */
  readonly probability: Readonly<Record<Horizon, Float64Array>>;
  /** Of each row, by horizon: what of the log-odds was a correction by earlier outcomes. */
  readonly correction: Readonly<Record<Horizon, Float64Array>>;
  /** Of each row, by horizon: which of `riskLayers`. */
  readonly layer: Readonly<Record<Horizon, Uint8Array>>;
  readonly models: readonly string[];
  /** Of each row: which of `models`. */
  readonly model: Uint32Array;
}

export const emptyLog: PredictionLog = {
  entities: [],
  entity: new Uint32Array(),
  atMs: new Float64Array(),
  probability: byHorizon(() => new Float64Array()),
  correction: byHorizon(() => new Float64Array()),
  layer: byHorizon(() => new Uint8Array()),
  models: [],
  model: new Uint32Array(),
};

/**
 * The log with the risks of one moment behind it. Throws RangeError for a moment that is not after those of the log, so that nothing is said twice or
 * changed when its outcome is known.
 */
export function appendRisks(log: PredictionLog, risks: readonly Risk[], model: string): PredictionLog {
  const [first] = risks;
  if (first === undefined) return log;
  const { atMs } = first;
  if (risks.some((risk) => risk.atMs !== atMs)) throw new RangeError('the risks are of different moments');
  if (atMs <= (log.atMs.at(-1) ?? Number.NEGATIVE_INFINITY))
    throw new RangeError(`the log is already at ${log.atMs.at(-1)}`);
  const entities = joined(
    log.entities,
    risks.map(({ entity }) => entity),
    keyOfEntity,
  );
  const models = joined(log.models, [model], (name) => name);
  const indexes = new Map(entities.map((entity, index) => [keyOfEntity(entity), index]));
  const sorted = risks
    .map((risk) => ({ risk, who: indexes.get(keyOfEntity(risk.entity)) ?? 0 }))
    .sort((a, b) => a.who - b.who);
  if (sorted.some(({ who }, index) => who === sorted[index - 1]?.who)) throw new RangeError('an entity is there twice');
  const rows = log.atMs.length + sorted.length;
  const behind = <T extends Float64Array | Uint32Array | Uint8Array>(
    before: T,
    into: T,
    numberOf: (row: (typeof sorted)[number]) => number,
  ): T => {
    into.set(before);
    for (const [index, row] of sorted.entries()) into[before.length + index] = numberOf(row);
    return into;
  };
  return {
    entities,
    entity: behind(log.entity, new Uint32Array(rows), ({ who }) => who),
    atMs: behind(log.atMs, new Float64Array(rows), () => atMs),
    probability: byHorizon((horizon) =>
      behind(log.probability[horizon], new Float64Array(rows), ({ risk }) => risk.probability[horizon]),
    ),
    correction: byHorizon((horizon) =>
      behind(log.correction[horizon], new Float64Array(rows), ({ risk }) => correctionOf(risk.reasons[horizon])),
    ),
    layer: byHorizon((horizon) =>
      behind(log.layer[horizon], new Uint8Array(rows), ({ risk }) => riskLayers.indexOf(risk.layer[horizon])),
    ),
    models,
    model: behind(log.model, new Uint32Array(rows), () => models.indexOf(model)),
  };
}

/** The log without what was said before a moment. Entities and models without rows stay: others may point at them. */
export function withoutBefore(log: PredictionLog, atMs: number): PredictionLog {
  const from = log.atMs.findIndex((t) => t >= atMs);
  const cut = from === -1 ? log.atMs.length : from;
  return {
    ...log,
    entity: log.entity.slice(cut),
    atMs: log.atMs.slice(cut),
    probability: byHorizon((horizon) => log.probability[horizon].slice(cut)),
    correction: byHorizon((horizon) => log.correction[horizon].slice(cut)),
    layer: byHorizon((horizon) => log.layer[horizon].slice(cut)),
    model: log.model.slice(cut),
  };
}

function correctionOf(reasons: readonly Reason[]): number {
  return reasons.find(({ feature }) => feature === correctionFeature)?.contribution ?? 0;
}

export function layerOfRow(log: PredictionLog, horizon: Horizon, row: number): RiskLayer {
  return riskLayers[log.layer[horizon][row] ?? 0] ?? 'prior';
}

function joined<T extends Entity | string>(
  before: readonly T[],
  fresh: readonly T[],
  keyOf: (each: T) => string,
): readonly T[] {
  const known = new Set(before.map(keyOf));
  return [...before, ...fresh.filter((each) => !known.has(keyOf(each)))];
}
