import type { Log } from '../../../../kit/log.ts';
import type { AttributionSourceName, AttributionState } from '../../attribution/attribution.ts';

/** Which sources of attribution answer; a change is told in one line. */
export interface SourceHealth {
  readonly up: (source: AttributionSourceName) => void;
  readonly down: (source: AttributionSourceName, reason: string) => void;
  /** Undefined while the source is not in use. */
  readonly isUp: (source: AttributionSourceName) => boolean | undefined;
  readonly all: () => AttributionState['sources'];
}

export function createSourceHealth(log: Log): SourceHealth {
  /** The reason of a failure, or undefined for a source that answers. */
  const failures = new Map<AttributionSourceName, string | undefined>();

  function isUp(source: AttributionSourceName): boolean | undefined {
    return failures.has(source) ? failures.get(source) === undefined : undefined;
  }

  return {
    up: (source) => {
      if (isUp(source) === false) log.info('a source of attribution answers again', { source });
      failures.set(source, undefined);
    },
    down: (source, reason) => {
      if (isUp(source) !== false) log.warn('a source of attribution failed', { source, reason });
      failures.set(source, reason);
    },
    isUp,
    all: () => Object.fromEntries([...failures].map(([source, failure]) => [source, failure === undefined])),
  };
}
