import type { Span } from '../span.ts';
import type { MeteredWindow } from '../usage.ts';

/** A meter of a cluster. */
export interface Pair {
  readonly cluster: string;
  readonly meter: string;
}

export interface ReadRequest extends Pair {
  /** In the order of time; they may have holes between them. */
  readonly windows: readonly Span[];
  readonly signal: AbortSignal;
}

/** Meters windows, one result for each. Rejects if a source does not answer; a window of which too much is missing is held instead. */
export type ReadWindows = (request: ReadRequest) => Promise<readonly MeteredWindow[]>;

export function pairKey({ cluster, meter }: Pair): string {
  return JSON.stringify([cluster, meter]);
}
