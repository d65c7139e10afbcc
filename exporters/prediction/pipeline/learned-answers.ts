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
import type { ModelSet } from './model-set.ts';
import { type PeerMedian, peerMedians } from './peer-medians.ts';

/** What the model says of an average row; its value is the share of the training rows that failed. */
export const averageFeature = 'training_average';
/** What all features that are not told add together. */
export const restFeature = 'other_features';
const mostReasons = 5;

export type LearnedAnswers = ReadonlyMap<string, Partial<Readonly<Record<Horizon, LearnedAnswer>>>>;

export interface LearnedQuestion {
  readonly kind: EntityKind;
  /** One row for each entity. */
  readonly table: FeatureTable;
  readonly productOf: (key: string) => string;
  readonly corrections?: Readonly<Partial<Record<Horizon, number>>> | undefined;
}

/** What promoted models say, by key of the entity. Throws SourceError for a table of other columns than they were trained with. */
export function learnedAnswers({ kinds, id }: ModelSet, question: LearnedQuestion): LearnedAnswers {
  const { kind, table, productOf, corrections } = question;
  const answers = new Map<string, Partial<Record<Horizon, LearnedAnswer>>>();
  const columns = table.schema.names.length;
  const peers = peerMedians(table, productOf);
  for (const horizon of horizons) {
    const model = kinds[kind]?.horizons[horizon].model;
    if (model === undefined) continue;
    checkSchema(model, table.schema, `the model of ${kind}, ${horizon}, in the set ${id}`);
    const explanation = learnerFor(model).explain({ rows: table.atMs.length, columns, values: table.values });
    for (const [row, who] of table.entity.entries()) {
      const entity = table.entities[who];
      if (entity === undefined) continue;
      const own = answers.get(keyOfEntity(entity)) ?? {};
      const reasons = reasonsOf({ table, row, peers, explanation, baseRate: model.card.baseRate });
      own[horizon] = { reasons, correction: corrections?.[horizon] };
      answers.set(keyOfEntity(entity), own);
    }
  }
  return answers;
}

const learners = new WeakMap<Model, Learner>();

function learnerFor(model: Model): Learner {
  const known = learners.get(model) ?? learnerOf(model.body, model.card.schema.names.length);
  learners.set(model, known);
  return known;
}

interface RowToTell {
  readonly table: FeatureTable;
  readonly row: number;
  readonly peers: PeerMedian;
  readonly explanation: Explanation;
  readonly baseRate: number;
}

/** They add up to the log-odds. */
function reasonsOf({ table, row, peers, explanation, baseRate }: RowToTell): readonly Reason[] {
  const { names } = table.schema;
  const { contributions, bias, logOdds } = explanation;
  const top = topColumns(contributions, row, names.length, mostReasons).map((column): Reason => {
    const value = table.values[row * names.length + column] ?? Number.NaN;
    return {
      feature: names[column] ?? '',
      value: Number.isNaN(value) ? undefined : value,
      peerMedian: peers(row, column),
      contribution: contributions[row * names.length + column] ?? 0,
    };
  });
  const told = top.reduce((sum, { contribution }) => sum + contribution, bias);
  const nothing = { value: undefined, peerMedian: undefined };
  return [
    { feature: averageFeature, value: baseRate, peerMedian: undefined, contribution: bias },
    ...top,
    { feature: restFeature, ...nothing, contribution: (logOdds[row] ?? 0) - told },
  ];
}
