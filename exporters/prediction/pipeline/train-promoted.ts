import { matrixOf } from '../evaluation/scorers/learned-scorer.ts';
import { completeRows } from '../evaluation/splits.ts';
import type { Model } from '../learning/model/model.ts';
import { createModel } from '../learning/model/write-model.ts';
import type { ModelBody } from '../learning/model-body.ts';
import type { TrainingInput } from '../learning/train.ts';
import type { Trial } from './judge-horizon.ts';
import { settingsFor } from './learned-candidate.ts';

export const labelDefinition =
  'A GPU or node leaves service for hardware within the horizon after the row: an XID that needs a reset, a reboot or a person, a lost GPU, row remapping that has failed, an inventory state or a ticket. Signs within 72 hours are one.';

interface PromotedDeps {
  readonly seed: number;
  readonly train: (input: TrainingInput) => Promise<ModelBody>;
  readonly provenance: Readonly<Record<string, string>>;
}

/** The promoted model from all rows whose horizon is over. */
export async function trainPromoted(
  { table, labels, horizon }: Trial,
  { seed, train, provenance }: PromotedDeps,
): Promise<Model> {
  const rows = trainingRows({ table, labels, horizon });
  const matrix = matrixOf({ table, labels, rows, horizon, cutMs: Number.POSITIVE_INFINITY });
  const settings = settingsFor('boosted', matrix);
  const body = await train({ matrix, settings, seed });
  const failures = matrix.labels.reduce((sum, label) => sum + label, 0);
  return createModel(
    {
      schema: table.schema,
      horizon,
      settings,
      seed,
      baseRate: failures / rows.length,
      trainingWindow: { fromMs: table.atMs[rows[0] ?? 0] ?? 0, toMs: table.atMs[rows.at(-1) ?? 0] ?? 0 },
      labelDefinition,
      counts: { rows: rows.length, failures, entities: new Set(rows.map((row) => table.entity[row] ?? 0)).size },
      provenance,
    },
    body,
  );
}

/** Those with a label. */
export function trainingRows({ table, labels, horizon }: Pick<Trial, 'table' | 'labels' | 'horizon'>): Uint32Array {
  return completeRows(table, labels, horizon, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}
