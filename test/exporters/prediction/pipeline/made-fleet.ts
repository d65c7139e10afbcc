import type { Entity } from '../../../../exporters/prediction/entity.ts';
import { defaultPromotionRule } from '../../../../exporters/prediction/evaluation/promotion/promotion.ts';
import type { FeatureTable } from '../../../../exporters/prediction/features/feature-table.ts';
import type { ModelBody } from '../../../../exporters/prediction/learning/model-body.ts';
import { type TrainingInput, train } from '../../../../exporters/prediction/learning/train.ts';
import { type FailureHistory, failureHistoryOf } from '../../../../exporters/prediction/pipeline/failure-history.ts';
import type { TrainModelsInput } from '../../../../exporters/prediction/pipeline/train-models.ts';
import { dayMs, gpu, hourMs, momentsOf, seeded, startMs, tableOf } from '../fleet.ts';

export interface MadeFleet {
  readonly entities: readonly Entity[];
  readonly table: FeatureTable;
  readonly history: FailureHistory;
  readonly nowMs: number;
}

export interface FleetPlan {
  readonly gpus?: number;
  readonly days?: number;
  /** True where errors rise in the five days before each failure. */
  readonly hasSigns?: boolean;
  /** Failures per GPU and day. */
  readonly rate?: number;
  readonly seed?: number;
}

/** GPUs with a row a day, and failures of which it is known whether anything tells of them. */
export function madeFleet({
  gpus = 40,
  days = 160,
  hasSigns = true,
  rate = 0.008,
  seed = 1,
}: FleetPlan = {}): MadeFleet {
  const random = seeded(seed);
  const entities = Array.from({ length: gpus }, (_, at) => gpu(String(at).padStart(3, '0'), `gpu-${at >> 3}`));
  const moments = momentsOf(
    entities,
    Array.from({ length: days }, (_, day) => startMs + day * dayMs),
  );
  const failures = entities.map(() => Array.from({ length: days }, (_, day) => day).filter(() => random() < rate));
  const xids = entities.flatMap((entity, at) =>
    (failures[at] ?? []).map((day) => ({ entity, code: 79, atMs: startMs + day * dayMs + 7 * hourMs })),
  );
  const nowMs = startMs + (days - 1) * dayMs + hourMs;
  const table = tableOf(moments, {
    temperature: () => 60 + 10 * random(),
    errors: (row) => {
      const day = ((moments.atMs[row] ?? 0) - startMs) / dayMs;
      const isNear = (failures[moments.entity[row] ?? 0] ?? []).some((each) => each >= day && each - day < 5);
      return (hasSigns && isNear ? 0.7 : 0) + random();
    },
  });
  return {
    entities,
    table,
    history: failureHistoryOf({ xids: xids.filter(({ atMs }) => atMs <= nowMs) }, nowMs),
    nowMs,
  };
}

/** With 20 trees instead of 200: enough to tell a sign from none. */
export function trainFast({ settings, ...input }: TrainingInput): Promise<ModelBody> {
  return Promise.resolve(train({ ...input, settings: 'trees' in settings ? { ...settings, trees: 20 } : settings }));
}

export function inputOf({ table, history }: MadeFleet, more: Partial<TrainModelsInput> = {}): TrainModelsInput {
  return {
    tables: { gpu: table },
    history,
    seed: 7,
    rule: { ...defaultPromotionRule, incidents: 20, stretches: 3, perDay: 3 },
    budgets: [3],
    ...more,
  };
}

export function emptyHistory(nowMs: number): FailureHistory {
  return failureHistoryOf({}, nowMs);
}
