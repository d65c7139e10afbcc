import { type EntityKind, entityKinds } from '../entity.ts';
import { type Figures, figuresOf } from '../evaluation/figures.ts';
import { prequentialLater, scoresOf } from '../evaluation/prequential/prequential.ts';
import { mayReplace, type Replacement } from '../evaluation/promotion/replacement.ts';
import { hashOfSchema } from '../features/schema.ts';
import { type Horizon, horizons } from '../horizon.ts';
import { labelsOf } from '../labels/labels-of.ts';
import { learnerOf } from '../learning/learner-of.ts';
import { probabilityOf } from '../learning/matrix.ts';
import type { Model } from '../learning/model/model.ts';
import { incidentsIn } from './label-table.ts';
import { learnedCandidate } from './learned-candidate.ts';
import type { ModelSet } from './model-set.ts';
import { thinRows } from './thin-rows.ts';
import { defaultMostRows, type TrainModelsDeps, type TrainModelsInput } from './train-models.ts';

/**
 * Whether a fresh set may take the place of the running one: where both have learned models, one that is made now from what was known when the running
 * one was made does no worse on the rows since then. Everything else was decided when the fresh set was made.
 */
export async function mayReplaceSet(
  running: ModelSet,
  fresh: ModelSet,
  input: TrainModelsInput,
  deps: TrainModelsDeps,
): Promise<Replacement> {
  const reasons: string[] = [];
  for (const kind of entityKinds) {
    for (const horizon of horizons) {
      const [before, now] = [running, fresh].map(({ kinds }) => kinds[kind]?.horizons[horizon].model);
      if (before === undefined || now === undefined || !hasSameColumns(before, now)) continue;
      const verdict = await compare(before, { kind, horizon }, input, deps);
      if (!verdict.mayReplace) reasons.push(...verdict.reasons.map((each) => `${kind}, ${horizon}: ${each}`));
    }
  }
  return { mayReplace: reasons.length === 0, reasons };
}

function hasSameColumns(a: Model, b: Model): boolean {
  return hashOfSchema(a.card.schema) === hashOfSchema(b.card.schema);
}

async function compare(
  running: Model,
  { kind, horizon }: { readonly kind: EntityKind; readonly horizon: Horizon },
  { tables, history, seed, budgets = [], mostRows = defaultMostRows }: TrainModelsInput,
  { train, signal }: TrainModelsDeps,
): Promise<Replacement> {
  const all = tables[kind];
  if (all === undefined) return { mayReplace: true, reasons: [] };
  const table = thinRows(all, mostRows);
  const labels = labelsOf(table, history.incidents, horizon, history.nowMs, history.outOfService);
  const since = { fromMs: running.card.trainingWindow.toMs + 1, untilMs: Number.POSITIVE_INFINITY };
  const incidents = incidentsIn(table, history.incidents);
  const figures = (scores: Float64Array): Figures =>
    figuresOf({ moments: table, labels, scores, horizon, incidents }, { budgets });
  const candidate = learnedCandidate({ kind: 'boosted', seed, train: (asked) => train(asked, signal) });
  const run = await prequentialLater(candidate, { table, labels, horizon, stretches: [since] });
  const columns = table.schema.names.length;
  const learner = learnerOf(running.body, columns);
  const said = Float64Array.from(table.atMs, (atMs, row) =>
    atMs < since.fromMs ? Number.NaN : probabilityOf(learner.logOdds(table.values, row * columns)),
  );
  return mayReplace(figures(said), figures(scoresOf(run, labels.length)));
}
