import { type Entity, keyOfEntity } from '../entity.ts';
import type { PredictionLog } from '../evaluation/outcomes/prediction-log.ts';
import { byHorizon, type Horizon } from '../horizon.ts';
import type { FleetScores } from '../pipeline/score-fleet.ts';
import { correctionFeature } from '../risk/intercept-correction.ts';
import { riskLayers } from '../risk/risk.ts';

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

/** All days as one log, to be judged. Days ascend. */
export function logOfDays(days: readonly SaidDay[]): PredictionLog {
  const entities: Entity[] = [];
  const numbers = new Map<string, number>();
  const who = days.flatMap((day) =>
    day.entities.map((entity) => {
      const key = keyOfEntity(entity);
      const known = numbers.get(key) ?? entities.length;
      numbers.set(key, known);
      entities[known] = entity;
      return known;
    }),
  );
  const models = [...new Set(days.map(({ model }) => model))];
  const rowsOf = (of: (day: SaidDay) => number): number[] => days.flatMap((day) => day.entities.map(() => of(day)));
  return {
    entities,
    entity: Uint32Array.from(who),
    atMs: Float64Array.from(rowsOf(({ atMs }) => atMs)),
    probability: byHorizon((horizon) => Float64Array.from(days.flatMap((day) => day.probability[horizon]))),
    correction: byHorizon((horizon) => Float64Array.from(days.flatMap((day) => day.correction[horizon]))),
    layer: byHorizon((horizon) => Uint8Array.from(days.flatMap((day) => day.layer[horizon]))),
    models,
    model: Uint32Array.from(rowsOf(({ model }) => models.indexOf(model))),
  };
}
