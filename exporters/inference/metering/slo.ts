/** Longest times that are good, in seconds. */
export interface Thresholds {
  readonly ttft: number;
  readonly tpot: number;
}

export interface SloSettings extends Thresholds {
  /** Share of requests that should be good, for each objective. */
  readonly objective: number;
  /** Thresholds of models that have their own. */
  readonly models: ReadonlyMap<string, Partial<Thresholds>>;
}

export const defaultSlo: SloSettings = { ttft: 2, tpot: 0.1, objective: 0.99, models: new Map() };

/**
 * Bucket bounds with the thresholds among them. A threshold that is no bound cannot be told from a histogram: the share of good requests
 * would be a guess, or silently empty.
 */
export function withThresholds(bounds: readonly number[], thresholds: readonly number[]): readonly number[] {
  return [...new Set([...bounds, ...thresholds])].sort((a, b) => a - b);
}

export function thresholdsOf(slo: SloSettings, key: keyof Thresholds): readonly number[] {
  return [slo[key], ...[...slo.models.values()].flatMap((own) => own[key] ?? [])];
}
