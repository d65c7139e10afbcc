import { type EntityKind, keyOfEntity } from '../entity.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { type Horizon, horizons } from '../horizon.ts';
import type { Explanation } from '../learning/explain/explainer.ts';
import { topColumns } from '../learning/explain/top-columns.ts';
import { type Learner, learnerOf } from '../learning/learner-of.ts';
import type { Model } from '../learning/model/model.ts';
import { checkSchema } from '../learning/model/read-model.ts';
import type { LearnedAnswer } from '../risk/compose-risk.ts';
import type { Reason } from '../risk/risk.ts';
import type { Steps } from '../steps.ts';
import type { ModelSet } from './model-set.ts';
import { type PeerMedian, peerMedians } from './peer-medians.ts';

/** What the model says of an average row; its value is the share of the training rows that failed. */
export const averageFeature = 'training_average';
/** What all features that are not told add together. */
export const restFeature = 'other_features';
const mostReasons = 5;
const rowsOfStep = 250;

export type LearnedAnswers = ReadonlyMap<string, Partial<Readonly<Record<Horizon, LearnedAnswer>>>>;

export interface LearnedQuestion {
  readonly kind: EntityKind;
  /** One row for each entity. */
  readonly table: FeatureTable;
  readonly productOf: (key: string) => string;
  readonly corrections?: Readonly<Partial<Record<Horizon, number>>> | undefined;
}

/**
 * What promoted models say, by key of the entity; some rows are a step. Throws SourceError for a table of other columns than they were trained with.
 */
export function* learnedAnswers({ kinds, id }: ModelSet, question: LearnedQuestion): Steps<LearnedAnswers> {
  const { kind, table, productOf, corrections } = question;
  const answers = new Map<string, Partial<Record<Horizon, LearnedAnswer>>>();
  const peers = peerMedians(table, productOf);
  for (const horizon of horizons) {
    const model = kinds[kind]?.horizons[horizon].model;
    if (model === undefined) continue;
    checkSchema(model, table.schema, `the model of ${kind}, ${horizon}, in the set ${id}`);
    const correction = corrections?.[horizon];
    for (let from = 0; from < table.atMs.length; from += rowsOfStep) {
      for (const [key, reasons] of reasonsFrom(from, { table, model, peers }))
        answers.set(key, { ...answers.get(key), [horizon]: { reasons, correction } });
      yield;
    }
  }
  return answers;
}

/** Of the rows of a step, by key of the entity. */
function reasonsFrom(
  from: number,
  { table, model, peers }: { readonly table: FeatureTable; readonly model: Model; readonly peers: PeerMedian },
): readonly (readonly [string, readonly Reason[]])[] {
  const columns = table.schema.names.length;
  const values = table.values.subarray(from * columns, (from + rowsOfStep) * columns);
  const entities = table.entity.subarray(from, from + rowsOfStep);
  const explanation = learnerFor(model).explain({ rows: entities.length, columns, values });
  return [...entities].flatMap((who, at) => {
    const entity = table.entities[who];
    if (entity === undefined) return [];
    return [[keyOfEntity(entity), reasonsOf({ table, from, at, peers, explanation, baseRate: model.card.baseRate })]];
  });
}

const learners = new WeakMap<Model, Learner>();

function learnerFor(model: Model): Learner {
  const known = learners.get(model) ?? learnerOf(model.body, model.card.schema.names.length);
  learners.set(model, known);
  return known;
}

interface RowToTell {
  readonly table: FeatureTable;
  /** Row of the table that the explanation begins with. */
  readonly from: number;
  /** Row of the explanation. */
  readonly at: number;
  readonly peers: PeerMedian;
  readonly explanation: Explanation;
  readonly baseRate: number;
}

/** They add up to the log-odds. */
function reasonsOf({ table, from, at, peers, explanation, baseRate }: RowToTell): readonly Reason[] {
  const { names } = table.schema;
  const { contributions, bias, logOdds } = explanation;
  const top = topColumns(contributions, at, names.length, mostReasons).map((column): Reason => {
    const value = table.values[(from + at) * names.length + column] ?? Number.NaN;
    return {
      feature: names[column] ?? '',
      value: Number.isNaN(value) ? undefined : value,
      peerMedian: peers(from + at, column),
      contribution: contributions[at * names.length + column] ?? 0,
    };
  });
  const told = top.reduce((sum, { contribution }) => sum + contribution, bias);
  const nothing = { value: undefined, peerMedian: undefined };
  return [
    { feature: averageFeature, value: baseRate, peerMedian: undefined, contribution: bias },
    ...top,
    { feature: restFeature, ...nothing, contribution: (logOdds[at] ?? 0) - told },
  ];
}
