import { SourceError } from '../../../kit/errors.ts';
import type { EngineKind, InferenceName } from '../../../metrics/engines/engine.ts';
import { engineKinds, engines } from '../../../metrics/engines/index.ts';
import { createExpositionReader } from './exposition-reader.ts';
import { nativeNames, unify } from './unify.ts';

/** Undefined where the engine does not tell. */
export interface QueueLength {
  readonly waiting: number | undefined;
  readonly running: number | undefined;
}

/** How many requests wait and run in an engine, all its models together, by its metrics page. Throws SourceError if it is none. */
export function queueLengthOf(kind: EngineKind, exposition: string): QueueLength {
  const engine = engines[kind];
  const series = engine.series.filter(
    ({ unified }) => unified === 'inference_requests_waiting' || unified === 'inference_active_connections',
  );
  const reader = createExpositionReader(nativeNames(series));
  reader.push(exposition);
  const unified = unify({ ...engine, series }, reader.end(), undefined);
  const total = (name: InferenceName): number | undefined => {
    const values = unified.filter((each) => each.name === name).map(({ value }) => value);
    if (values.length === 0) return undefined;
    return values.reduce<number>((sum, value) => (typeof value === 'number' ? sum + value : sum), 0);
  };
  return { waiting: total('inference_requests_waiting'), running: total('inference_active_connections') };
}

/** Queues of servers by the name of their kind, which may be one that is not known here. */
export const engineQueues = {
  pathOf: (kind: string): string | undefined => {
    const known = engineKinds.find((each) => each === kind);
    return known === undefined ? undefined : engines[known].path;
  },
  waitingAt: (kind: string, exposition: string): number | undefined => {
    const known = engineKinds.find((each) => each === kind);
    if (known === undefined) return undefined;
    try {
      return queueLengthOf(known, exposition).waiting;
    } catch (error) {
      if (error instanceof SourceError) return undefined;
      throw error;
    }
  },
};
