import type { Entity, EntityKind } from '../entity.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import type { Horizon } from '../horizon.ts';
import type { RiskEvent } from '../labels/incident.ts';
import type { EntityFacts } from '../risk/facts.ts';
import type { Risk } from '../risk/risk.ts';
import type { ModelSet } from './model-set.ts';

/** A fleet as it is known at a moment. */
export interface FleetNow {
  readonly atMs: number;
  /** Who is asked for: GPUs and nodes. */
  readonly entities: readonly Entity[];
  /** Features; of each entity its newest row at or before the moment counts, if it is younger than `freshMs`. */
  readonly tables?: Readonly<Partial<Record<EntityKind, FeatureTable>>> | undefined;
  /** Of any time and entity; those after the moment are left out. `FailureHistory.events` is such a list. */
  readonly events: readonly RiskEvent[];
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
export declare function scoreFleet(models: ModelSet, fleet: FleetNow): FleetScores;
