import type { ConfiguredEngine } from './configured-engine.ts';
import type { UnifiedSeries } from './unified-series.ts';

/** What the last look at an engine gave. */
export interface Sighting {
  /** None if it failed: what was seen before is no longer true. */
  readonly series: readonly UnifiedSeries[];
  /** Why it failed, in words; undefined if it did not. */
  readonly failure: string | undefined;
}

export interface SeenEngine {
  readonly engine: ConfiguredEngine;
  /** Undefined until the first look is over. */
  readonly sighting: Sighting | undefined;
}
