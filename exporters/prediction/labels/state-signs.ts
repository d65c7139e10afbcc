import { cut } from '../../../kit/options/preview.ts';
import { byEntity } from '../by-entity.ts';
import { type Entity, keyOfEntity } from '../entity.ts';
import type { OutOfService } from './out-of-service.ts';
import type { FailureSign, Signs } from './sign.ts';
import { heldBack, timeProblem } from './sign-time.ts';

/** An entity came into a state of its life cycle, by the names of the inventory. */
export interface StateChange {
  readonly entity: Entity;
  readonly atMs: number;
  readonly state: string;
}

export interface StateSigns extends Signs {
  readonly outOfService: readonly OutOfService[];
}

/** Those that say that hardware is broken. `maintenance` does not: somebody may only exchange a cable. */
export const failureStates: readonly string[] = ['failed', 'rma', 'repair'];

/**
 * From the first state that says it is broken until `in_service`, whatever lies between, is one sign; all time that is not `in_service` is out of
 * service. Changes may come in any order; of two at one moment the later in the list counts.
 */
export function stateSigns(changes: readonly StateChange[], nowMs: number): StateSigns {
  const problems: string[] = [];
  const sound: StateChange[] = [];
  for (const change of changes) {
    const { entity, atMs, state } = change;
    const problem = timeProblem(atMs, nowMs);
    if (problem === undefined) sound.push({ ...change, atMs: heldBack(atMs, nowMs) });
    else problems.push(`the state ${cut(state)} of ${keyOfEntity(entity)} ${problem}; it is left out`);
  }
  const sorted = [...byEntity(sound).values()].map((history) => history.toSorted((a, b) => a.atMs - b.atMs));
  return { signs: sorted.flatMap(failuresOf), outOfService: sorted.flatMap(outOfServiceOf), problems };
}

function failuresOf(history: readonly StateChange[]): readonly FailureSign[] {
  return spansOf(history, (state) => failureStates.includes(state)).map(({ first, untilMs }) => ({
    entity: first.entity,
    startMs: first.atMs,
    endMs: untilMs ?? Number.POSITIVE_INFINITY,
    kind: `state_${first.state}`,
    source: 'cmdb',
  }));
}

function outOfServiceOf(history: readonly StateChange[]): readonly OutOfService[] {
  return spansOf(history, (state) => state !== 'in_service').map(({ first, untilMs }) => ({
    entity: first.entity,
    fromMs: first.atMs,
    untilMs,
  }));
}

interface StateSpan {
  readonly first: StateChange;
  /** undefined while it goes on. */
  readonly untilMs: number | undefined;
}

/** From a state that begins one until `in_service`. */
function spansOf(history: readonly StateChange[], begins: (state: string) => boolean): readonly StateSpan[] {
  const spans: StateSpan[] = [];
  let first: StateChange | undefined;
  for (const change of history) {
    if (first === undefined && begins(change.state)) first = change;
    if (first === undefined || change.state !== 'in_service') continue;
    if (change.atMs > first.atMs) spans.push({ first, untilMs: change.atMs });
    first = undefined;
  }
  return first === undefined ? spans : [...spans, { first, untilMs: undefined }];
}
