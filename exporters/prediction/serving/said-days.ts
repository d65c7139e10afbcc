import { type Entity, keyOfEntity } from '../entity.ts';
import type { PredictionLog } from '../evaluation/outcomes/prediction-log.ts';
import { byHorizon, type Horizon, horizons } from '../horizon.ts';
import type { FleetScores } from '../pipeline/score-fleet.ts';
import { correctionFeature } from '../risk/intercept-correction.ts';
import { riskLayers } from '../risk/risk.ts';
import type { Steps } from '../steps.ts';

/** What was said once a day, of everybody. Plain data, to be stored. */
export interface SaidDay {
  readonly atMs: number;
  /** Id of the set of models. */
  readonly model: string;
  readonly entities: readonly Entity[];
  /** Each by entity. */
  readonly probability: Columns;
  readonly correction: Columns;
  /** Which of `riskLayers`. */
  readonly layer: Columns;
}

type Columns = Readonly<Record<Horizon, readonly number[]>>;

export function saidDayOf({ atMs, models, said }: FleetScores): SaidDay {
  return {
    atMs,
    model: models,
    entities: said.map(({ entity }) => entity),
    probability: byHorizon((horizon) => said.map((risk) => risk.probability[horizon])),
    correction: byHorizon((horizon) =>
      said.map(
        ({ reasons }) => reasons[horizon].find(({ feature }) => feature === correctionFeature)?.contribution ?? 0,
      ),
    ),
    layer: byHorizon((horizon) => said.map((risk) => riskLayers.indexOf(risk.layer[horizon]))),
  };
}

/** All days as one log, to be judged. Days ascend; each is a step. */
export function* logOfDays(days: readonly SaidDay[]): Steps<PredictionLog> {
  const rows = days.reduce((sum, { entities }) => sum + entities.length, 0);
  const models = [...new Set(days.map(({ model }) => model))];
  const log = {
    entities: [] as Entity[],
    entity: new Uint32Array(rows),
    atMs: new Float64Array(rows),
    probability: byHorizon(() => new Float64Array(rows)),
    correction: byHorizon(() => new Float64Array(rows)),
    layer: byHorizon(() => new Uint8Array(rows)),
    models,
    model: new Uint32Array(rows),
  };
  const numbers = new Map<string, number>();
  let from = 0;
  for (const day of days) {
    for (const [at, entity] of day.entities.entries()) {
      const key = keyOfEntity(entity);
      const known = numbers.get(key) ?? log.entities.length;
      numbers.set(key, known);
      log.entities[known] = entity;
      log.entity[from + at] = known;
    }
    const until = from + day.entities.length;
    log.atMs.fill(day.atMs, from, until);
    log.model.fill(models.indexOf(day.model), from, until);
    for (const horizon of horizons) {
      log.probability[horizon].set(day.probability[horizon], from);
      log.correction[horizon].set(day.correction[horizon], from);
      log.layer[horizon].set(day.layer[horizon], from);
    }
    from = until;
    yield;
  }
  return log;
}
