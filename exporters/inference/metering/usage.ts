/** Tokens of one request as the server told them; what it did not tell is undefined. */
export interface Usage {
  readonly input: number | undefined;
  readonly generated: number | undefined;
  /** Part of the input. */
  readonly cached: number | undefined;
  /** Part of the generated. */
  readonly reasoning: number | undefined;
}

export const noUsage: Usage = { input: undefined, generated: undefined, cached: undefined, reasoning: undefined };

/** What came later counts, but never less than what was known: a stream tells its usage several times, and grows. */
export function mergeUsage(before: Usage | undefined, after: Usage): Usage {
  if (before === undefined) return after;
  return {
    input: after.input ?? before.input,
    generated: after.generated ?? before.generated,
    cached: after.cached ?? before.cached,
    reasoning: after.reasoning ?? before.reasoning,
  };
}
