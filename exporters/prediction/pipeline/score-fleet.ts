import { byEntity } from '../by-entity.ts';
import { type Entity, type EntityKind, entityKinds, keyOfEntity } from '../entity.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import type { Horizon } from '../horizon.ts';
import type { RiskEvent } from '../labels/incident.ts';
import { hostOf } from '../labels/labels-of.ts';
import { composeRisk } from '../risk/compose-risk.ts';
import type { EntityFacts } from '../risk/facts.ts';
import { nodeRisk } from '../risk/node-risk.ts';
import type { Risk } from '../risk/risk.ts';
import { rulesOf } from '../risk/rules/rules-of.ts';
import { atOnce, type Steps } from '../steps.ts';
import { type LearnedAnswers, learnedAnswers } from './learned-answers.ts';
import type { ModelSet } from './model-set.ts';
import { newestRows } from './newest-rows.ts';

/** A fleet as it is known at a moment. */
export interface FleetNow {
  readonly atMs: number;
  /** Who is asked for: GPUs and nodes. */
  readonly entities: readonly Entity[];
  /** Features; of each entity its newest row at or before the moment counts, if it is not older than `freshMs`. */
  readonly tables?: Readonly<Partial<Record<EntityKind, FeatureTable>>> | undefined;
  /** Of any time and entity; those after the moment are left out. `FailureHistory.events` is such a list. */
  readonly events: readonly RiskEvent[];
  /** Keys of those that are not in service; of `outNow`. */
  readonly out?: ReadonlySet<string> | undefined;
  /** For the rules, by key of the entity. */
  readonly facts?: ReadonlyMap<string, EntityFacts> | undefined;
  /** Model of a GPU or kind of server, by key of the entity. */
  readonly products?: ReadonlyMap<string, string> | undefined;
  /** Of `scoreLog`: what is added to log-odds until the next training. */
  readonly corrections?: Corrections | undefined;
}

export interface Corrections {
  /** One for all horizons, so that they stay in order. */
  readonly rate?: number | undefined;
  readonly learned?: Readonly<Partial<Record<Horizon, number>>> | undefined;
}

/** Older features say nothing of now: the rate model answers then. */
export const freshMs = 24 * 3_600_000;
const entitiesOfStep = 1000;

export interface FleetScores {
  readonly atMs: number;
  /** Id of the set. */
  readonly models: string;
  /** In the order of the entities. That of a node is of its host and its GPUs together. */
  readonly risks: readonly Risk[];
  /** Of GPUs and of nodes without their GPUs, as models said it: these, and not `risks`, are what `appendRisks` keeps and labels judge. */
  readonly said: readonly Risk[];
}

/** Throws SourceError for a table with other columns than the set was trained with. */
export function scoreFleet(models: ModelSet, fleet: FleetNow): FleetScores {
  return atOnce(scoreSteps(models, fleet));
}

/** As `scoreFleet`; some entities are a step. */
export function* scoreSteps(models: ModelSet, fleet: FleetNow): Steps<FleetScores> {
  const { atMs, entities, facts, out, products, corrections } = fleet;
  const productOf = (key: string): string => products?.get(key) ?? '';
  const learned = yield* answersOf(models, fleet, productOf);
  const events = byEntity(fleet.events);
  const said: Risk[] = [];
  for (const [at, entity] of entities.entries()) {
    const key = keyOfEntity(entity);
    const own = facts?.get(key);
    const risk = composeRisk({
      entity,
      product: productOf(key),
      atMs,
      model: models.rate,
      events: events.get(key) ?? [],
      rules: own === undefined ? [] : rulesOf(own),
      correction: corrections?.rate,
      learned: learned.get(key),
    });
    said.push(out?.has(key) === true ? { ...risk, isOut: true } : risk);
    if (at % entitiesOfStep === 0) yield;
  }
  const gpus = gpusByNode(said);
  const risks = said.map((risk) => {
    const own = risk.entity.kind === 'node' ? gpus.get(keyOfEntity(risk.entity)) : undefined;
    return own === undefined ? risk : nodeRisk(risk, own);
  });
  return { atMs, models: models.id, risks, said };
}

function* answersOf(
  models: ModelSet,
  { atMs, entities, tables, corrections }: FleetNow,
  productOf: (key: string) => string,
): Steps<LearnedAnswers> {
  const asked = new Set(entities.map(keyOfEntity));
  const answers: LearnedAnswers[] = [];
  for (const kind of entityKinds) {
    const all = tables?.[kind];
    if (all === undefined) continue;
    const table = newestRows(all, asked, atMs, freshMs);
    const own = yield* learnedAnswers(models, { kind, table, productOf, corrections: corrections?.learned });
    answers.push(own);
  }
  return new Map(answers.flatMap((own) => [...own]));
}

function gpusByNode(risks: readonly Risk[]): ReadonlyMap<string, readonly Risk[]> {
  const gpus = risks.filter(({ entity }) => entity.kind === 'gpu');
  const byNode = new Map<string, Risk[]>();
  for (const risk of gpus) {
    const key = keyOfEntity(hostOf(risk.entity));
    const own = byNode.get(key);
    if (own === undefined) byNode.set(key, [risk]);
    else own.push(risk);
  }
  return byNode;
}
