import type { Clock } from '../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { Entity } from '../entity.ts';
import { outNow } from '../labels/out-now.ts';
import type { Signs } from '../labels/sign.ts';
import { type FailureHistory, failureHistoryOf } from '../pipeline/failure-history.ts';
import type { ModelSet } from '../pipeline/model-set.ts';
import { type Corrections, type FleetNow, type FleetScores, freshMs, scoreSteps } from '../pipeline/score-fleet.ts';
import { inTurns, type Steps } from '../steps.ts';
import type { RunView } from '../view.ts';
import { factsNow } from './facts-now.ts';
import type { Tables } from './read-tables.ts';
import { signsOf, type WatchedSource } from './watched-source.ts';

/** The fleet as it was scored last. */
export interface Scored {
  readonly run: RunView;
  readonly scores: FleetScores;
  readonly failures: FailureHistory;
  readonly products: ReadonlyMap<string, string>;
}

export interface ScorerDeps {
  readonly sources: readonly WatchedSource[];
  readonly models: () => ModelSet;
  readonly corrections: () => Corrections | undefined;
  readonly tables: () => Tables;
  readonly tickets: (entities: readonly Entity[], nowMs: number) => Signs;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks all sources at once and scores everybody. Never waits for one source longer than its patience. */
export function createScorer(deps: ScorerDeps): (signal: AbortSignal) => Promise<Scored> {
  const { sources, models, corrections, tables, tickets, clock, log } = deps;
  let refused: string | undefined;

  /** Features of other columns than the models know say nothing; the rate model answers. */
  function scoreWithout(fleet: FleetNow, error: unknown): Steps<FleetScores> {
    if (!(error instanceof SourceError)) throw error;
    if (refused !== error.message) log.warn('features are not used', { reason: reasonOf(error) });
    refused = error.message;
    return scoreSteps(withoutLearned(models()), { ...fleet, tables: {} });
  }

  return async (signal) => {
    const begun = clock.monotonic();
    const atMs = Math.floor(clock.now() * 1000);
    await Promise.all(sources.map((source) => source.read(atMs, signal)));
    const known = sources.filter((source) => atMs - (source.reading()?.atMs ?? Number.NEGATIVE_INFINITY) < freshMs);
    const entities = known.flatMap((source) => source.reading()?.entities ?? []);
    const signs = signsOf(sources);
    const failures = failureHistoryOf({ ...signs, tickets: tickets(entities, atMs) }, atMs);
    const products = new Map(known.flatMap((source) => [...(source.reading()?.products ?? [])]));
    const fleet: FleetNow = {
      atMs,
      entities,
      tables: tables(),
      events: failures.events,
      out: outNow(failures, atMs),
      facts: new Map(known.filter((source) => source.isUp()).flatMap((source) => [...factsOf(source, atMs)])),
      products,
      corrections: corrections(),
    };
    let scores: FleetScores;
    try {
      scores = await inTurns(scoreSteps(models(), fleet), signal);
    } catch (error) {
      scores = await inTurns(scoreWithout(fleet, error), signal);
    }
    const isComplete = sources.every((source) => source.isUp());
    const seconds = clock.monotonic() - begun;
    return { run: { atMs, seconds, isComplete, risks: scores.risks }, scores, failures, products };
  };
}

function factsOf(source: WatchedSource, atMs: number): ReturnType<typeof factsNow> {
  const reading = source.reading();
  if (reading === undefined) return new Map();
  return factsNow({ atMs, entities: reading.entities, flags: reading.flags, signs: source.signs.signs() });
}

function withoutLearned(models: ModelSet): ModelSet {
  return { ...models, kinds: {} };
}
