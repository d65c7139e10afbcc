import { ConfigError } from '../../../../kit/errors.ts';
import type { Feature, FeatureSpec } from '../../features/feature-spec.ts';
import { windowMs } from '../../features/windows.ts';
import { defaultLabelNames, type LabelNames } from './series-labels.ts';

const hourMs = 3_600_000;

export interface BackfillSettings {
  readonly labels: LabelNames;
  /** Matchers that all series must have, such as cluster="a". */
  readonly matchers: readonly string[];
  /** Of what the server reduces samples over; every window is a whole number of it. */
  readonly stepMs: number;
  /** Between the moments of rows; a whole number of steps. */
  readonly everyMs: number;
  /** Of time that is stored as one file; a whole number of `everyMs`. */
  readonly chunkMs: number;
  /** Chunks that are read and computed together: more of them cost fewer and larger queries, and more memory. */
  readonly chunksAtOnce: number;
  readonly nodesPerQuery: number;
  readonly concurrency: number;
}

export const defaultBackfillSettings: BackfillSettings = {
  labels: defaultLabelNames,
  matchers: [],
  stepMs: hourMs,
  everyMs: 6 * hourMs,
  chunkMs: 24 * hourMs,
  chunksAtOnce: 5,
  nodesPerQuery: 125,
  concurrency: 4,
};

/** Throws ConfigError for steps that do not fit into each other. */
export function checkBackfill(spec: FeatureSpec, { stepMs, everyMs, chunkMs }: BackfillSettings): void {
  if (!(Number.isInteger(stepMs) && stepMs >= 60_000 && hourMs % stepMs === 0))
    throw new ConfigError(
      `the step of the history must divide an hour and be at least a minute, got ${stepMs / 1000} s`,
    );
  if (everyMs % stepMs !== 0 || everyMs <= 0)
    throw new ConfigError(
      `features must be computed at multiples of the step of ${stepMs / 1000} s, got ${everyMs / 1000} s`,
    );
  if (chunkMs % everyMs !== 0 || chunkMs <= 0)
    throw new ConfigError(
      `a chunk must be a multiple of the ${everyMs / 1000} s between moments, got ${chunkMs / 1000} s`,
    );
  if (longestWindowMs(spec) % stepMs !== 0) throw new ConfigError('every window must be a whole number of steps');
}

/** How far back the samples of a spec reach. Faults come in as events, from wherever. */
export function longestWindowMs({ features }: FeatureSpec): number {
  return Math.max(windowMs['7d'], ...features.map(reachMs));
}

function reachMs(feature: Feature): number {
  switch (feature.is) {
    case 'statistic':
      return windowMs[feature.window];
    case 'ratio':
      return Math.max(windowMs[feature.over.window], windowMs[feature.under.window]);
    case 'residual':
      return windowMs[feature.fit];
    case 'vanished':
      return windowMs['24h'];
    case 'peers':
    case 'faults':
    case 'life':
    case 'fact':
      return 0;
  }
}
