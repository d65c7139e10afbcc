import type { ToldTokens } from './engine/answer-form.ts';

/** How a request ended that reached an engine. */
export type ServedEnding = 'success' | 'client_error' | 'cancelled';

export interface ServedRequest {
  readonly engine: string;
  readonly tenant: string;
  /** As it was asked for. */
  readonly model: string;
  readonly ending: ServedEnding;
  readonly told: ToldTokens;
}

/** What one engine did for one tenant. */
export interface ServedCounts extends Omit<ServedRequest, 'told'> {
  readonly requests: number;
  readonly inputTokens: number;
  readonly generatedTokens: number;
  readonly cachedTokens: number;
  /** Answers that were left before their usage was told. */
  readonly withoutUsage: number;
}

/**
 * What simulated engines did, counted by themselves. Of an answer that the client left before its end those tokens count that the engine
 * had told of: such a client has the engine stop at a token, reads up to it, and only then goes away, so that none are on their way.
 */
export interface ServingTruth {
  readonly add: (request: ServedRequest) => void;
  readonly counts: () => readonly ServedCounts[];
}

export function createServingTruth(): ServingTruth {
  const byKey = new Map<string, ServedCounts>();
  return {
    add: ({ told, ...request }) => {
      const key = JSON.stringify([request.engine, request.tenant, request.model, request.ending]);
      const before = byKey.get(key);
      byKey.set(key, {
        ...request,
        requests: (before?.requests ?? 0) + 1,
        inputTokens: (before?.inputTokens ?? 0) + told.input,
        generatedTokens: (before?.generatedTokens ?? 0) + told.generated,
        cachedTokens: (before?.cachedTokens ?? 0) + told.cached,
        withoutUsage: (before?.withoutUsage ?? 0) + (told.isWithoutUsage ? 1 : 0),
      });
    },
    counts: () => [...byKey.values()],
  };
}
