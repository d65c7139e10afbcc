import { type EntityKind, entityKinds } from '../entity.ts';
import { shapesOf } from '../evaluation/drift/feature-drift.ts';
import { defaultPromotionRule, type PromotionRule } from '../evaluation/promotion/promotion.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { byHorizon, type Horizon, horizons } from '../horizon.ts';
import type { ColumnOrigin } from '../labels/label-signals.ts';
import type { Model } from '../learning/model/model.ts';
import type { ModelBody } from '../learning/model-body.ts';
import { type ModelKind, modelKinds } from '../learning/settings.ts';
import type { TrainingInput } from '../learning/train.ts';
import type { RatePriors } from '../risk/rate/priors.ts';
import type { RateModel } from '../risk/rate/rate-model.ts';
import { checkLeakage } from './check-leakage.ts';
import type { FailureHistory } from './failure-history.ts';
import { fleetRate, fleetRateScorer, type LabelledTable, type RateInput } from './fleet-rate.ts';
import { judge, type Trial, trialOf, type Verdict } from './judge-horizon.ts';
import { incidentsIn, labelTable } from './label-table.ts';
import { learnedCandidate } from './learned-candidate.ts';
import { cardOf } from './make-set-card.ts';
import { idOf } from './model-id.ts';
import { type HorizonModels, type KindModels, type ModelSet, modelSetVersion } from './model-set.ts';
import { pastIncidents } from './past-incidents.ts';
import { sampleRows, thinRows } from './thin-rows.ts';
import { trainPromoted } from './train-promoted.ts';

export interface TrainModelsInput {
  /** Rows of features by kind; a kind without a table has the rate model alone. */
  readonly tables: Readonly<Partial<Record<EntityKind, FeatureTable>>>;
  /** What columns are made of, where it is known: `seriesOfColumns` of the spec. Those that may know the label are refused. */
  readonly origins?: Readonly<Partial<Record<EntityKind, readonly ColumnOrigin[]>>> | undefined;
  readonly history: FailureHistory;
  /** Model of a GPU or kind of server, by key of the entity. */
  readonly products?: ReadonlyMap<string, string> | undefined;
  readonly priors?: RatePriors | undefined;
  readonly rule?: PromotionRule | undefined;
  /** Alerts a day that figures are told for; the first is told in the limits of the card. */
  readonly budgets?: readonly number[] | undefined;
  readonly seed: number;
  readonly provenance?: Readonly<Record<string, string>> | undefined;
  /** Learned models that are tried beside the rate model; `boosted` alone where it is left out. No other can be promoted, those are for comparison. */
  readonly candidates?: readonly ModelKind[] | undefined;
  /** True to try them even where there are too few incidents for a promotion. */
  readonly alwaysTry?: boolean | undefined;
  /** Horizons that they are tried for; all where it is left out. */
  readonly tryFor?: readonly Horizon[] | undefined;
  /** More rows are thinned out to every second day, every third, and so on. */
  readonly mostRows?: number | undefined;
}

export interface TrainingProgress {
  /** What it is at, such as `gpu, 7d: boosted`. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

export interface TrainModelsDeps {
  /** `trainInThreads`, or `train` in this thread. */
  readonly train: (input: TrainingInput, signal: AbortSignal | undefined) => Promise<ModelBody>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
}

const defaultBudgets: readonly number[] = [10, 1, 5, 20];
export const defaultMostRows = 200_000;
/** So many values show where a column lies. */
const shapeRows = 20_000;

interface Part extends LabelledTable {
  readonly kind: EntityKind;
  readonly trials: readonly Trial[];
}

/**
 * Models of a fleet from what is known of it: the same input gives the same set, byte by byte. Rejects with ConfigError for columns or labels that leak,
 * with the reason of the signal when it is stopped.
 */
export async function trainModels(input: TrainModelsInput, deps: TrainModelsDeps): Promise<ModelSet> {
  deps.signal?.throwIfAborted();
  const parts = entityKinds.flatMap((kind) => partOf(kind, input));
  const rate = fleetRate(Object.fromEntries(parts.map((part) => [part.kind, part])), rateInput(input));
  const steps = createSteps(parts, input, deps);
  const verdicts = new Map<Trial, Judged>();
  for (const part of parts)
    for (const trial of part.trials) verdicts.set(trial, await judgeAndTrain(part, trial, input, deps, steps));
  const models = [...verdicts.values()].flatMap(({ model }) => model ?? []);
  const id = idOf(input, rate, models);
  return {
    version: modelSetVersion,
    id,
    madeAtMs: input.history.nowMs,
    seed: input.seed,
    provenance: input.provenance ?? {},
    rate,
    kinds: Object.fromEntries(parts.map((part) => [part.kind, kindModels(part, { input, rate, id, verdicts })])),
    past: parts.flatMap((part) =>
      pastIncidents({
        table: part.table,
        incidents: incidentsIn(part.table, input.history.incidents),
        events: input.history.events,
        models: Object.fromEntries(part.trials.flatMap((trial) => entryOf(trial, verdicts.get(trial)?.model))),
      }),
    ),
  };
}

function entryOf({ horizon }: Trial, model: Model | undefined): readonly (readonly [Horizon, Model])[] {
  return model === undefined ? [] : [[horizon, model]];
}

function partOf(kind: EntityKind, input: TrainModelsInput): readonly Part[] {
  const { history, rule = defaultPromotionRule, budgets = defaultBudgets, mostRows = defaultMostRows } = input;
  const all = input.tables[kind];
  if (all === undefined || all.atMs.length === 0) return [];
  const table = thinRows(all, mostRows);
  const labels = labelTable(table, history);
  checkLeakage(table, labels, history, input.origins?.[kind]);
  const incidents = incidentsIn(table, history.incidents);
  const trials = horizons.map((horizon) =>
    trialOf({ table, labels: labels[horizon], horizon, incidents, rule, budgets }),
  );
  return [{ kind, table, labels, trials }];
}

function rateInput({ history, products, priors }: TrainModelsInput): RateInput {
  return { history, products, priors };
}

interface Judged {
  readonly verdict: Verdict;
  readonly model: Model | undefined;
}

async function judgeAndTrain(
  part: Part,
  trial: Trial,
  input: TrainModelsInput,
  deps: TrainModelsDeps,
  steps: Steps,
): Promise<Judged> {
  const { seed } = input;
  const train = (asked: TrainingInput): Promise<ModelBody> => deps.train(asked, deps.signal);
  const verdict = await judge(trial, {
    rate: fleetRateScorer(part.labels, { table: part.table, input: rateInput(input) }),
    learned: candidatesOf(trial, input).map((kind) => learnedCandidate({ kind, seed, train })),
    onStretch: (scorer) => steps.next(`${part.kind}, ${trial.horizon}: ${scorer}`),
  });
  await steps.next(`${part.kind}, ${trial.horizon}: model`);
  const isPromoted = verdict.promotion?.chosen === 'learned';
  const provenance = input.provenance ?? {};
  return { verdict, model: isPromoted ? await trainPromoted(trial, { seed, train, provenance }) : undefined };
}

/** `boosted` first, as it is the one that may be promoted. None where none could be. */
function candidatesOf(
  { table, labelled, rule, stretches, horizon }: Trial,
  { candidates = ['boosted'], alwaysTry, tryFor = horizons }: TrainModelsInput,
): readonly ModelKind[] {
  const isWorthIt = table.schema.names.length > 0 && (alwaysTry === true || labelled >= rule.incidents);
  if (!isWorthIt || stretches.length === 0 || !tryFor.includes(horizon) || !candidates.includes('boosted')) return [];
  return modelKinds.filter((kind) => candidates.includes(kind));
}

interface Steps {
  /** Tells what comes now, gives others their turn, and throws where it is to end. */
  readonly next: (step: string) => Promise<void>;
}

function createSteps(parts: readonly Part[], input: TrainModelsInput, { signal, onProgress }: TrainModelsDeps): Steps {
  const total = parts
    .flatMap(({ trials }) => trials)
    .reduce((sum, trial) => sum + trial.stretches.length * (1 + candidatesOf(trial, input).length) + 1, 0);
  let done = 0;
  return {
    next: async (step) => {
      onProgress?.({ step, done: done++, total });
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

interface Made {
  readonly input: TrainModelsInput;
  readonly rate: RateModel;
  readonly id: string;
  readonly verdicts: ReadonlyMap<Trial, Judged>;
}

function kindModels({ kind, table, trials }: Part, { input, rate, id, verdicts }: Made): KindModels {
  const made = trials.flatMap((trial): readonly HorizonModels[] => {
    const judged = verdicts.get(trial);
    if (judged === undefined) return [];
    const { verdict, model } = judged;
    const rest = rate.ownFailures === 0 ? 'prior' : 'rate';
    const card = cardOf({ trial, verdict, model, rate, id, input });
    const layer = model === undefined ? rest : 'learned';
    const baseRate = card.model.rows === 0 ? undefined : card.model.failedRows / card.model.rows;
    return [{ horizon: trial.horizon, layer, why: verdict.why, model, baseRate, card, tried: verdict.tried }];
  });
  const rows = sampleRows(Uint32Array.from(table.atMs.keys()), shapeRows);
  return {
    kind,
    schema: table.schema,
    shapes: shapesOf(table, rows),
    horizons: byHorizon((horizon) => made.find((each) => each.horizon === horizon) as HorizonModels),
  };
}
