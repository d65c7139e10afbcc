import type { MeteredGpus } from '../../metering/meter-gpus.ts';
import type { Span } from '../../span.ts';
import type { GapSettings } from '../config/gaps.ts';
import type { Scrapes } from '../scrapes.ts';

/** What is asked of each source of GPU time. */
export interface GpuRequest {
  /** Ascending, without overlaps. */
  readonly spans: readonly Span[];
  readonly hull: Span;
  readonly scrapes: Scrapes;
  readonly gaps: GapSettings;
  readonly systemNamespaces: readonly string[];
}

export interface GpuReading extends MeteredGpus {
  /** Gaps of targets of which it is known what happened in them, by `keyOfGap`. */
  readonly bridged: ReadonlySet<string>;
}
