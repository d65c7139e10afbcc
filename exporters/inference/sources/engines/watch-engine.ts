import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import { timer } from '../../../../kit/timer.ts';
import type { ConfiguredEngine } from '../../engines/configured-engine.ts';
import type { Sighting } from '../../engines/sighting.ts';
import { type LookDeps, lookAtEngine } from './look-at-engine.ts';

export interface WatchDeps extends LookDeps {
  readonly clock: Clock;
  readonly log: Log;
}

export interface WatchSettings {
  readonly intervalSeconds: number;
  /** For one look, all its questions together. */
  readonly timeoutSeconds: number;
}

export interface WatchedEngine {
  readonly engine: ConfiguredEngine;
  /** Undefined until the first look is over. */
  readonly sighting: () => Sighting | undefined;
  readonly stop: () => Promise<void>;
}

/** Looks at an engine again and again, one look at a time. */
export function watchEngine(
  engine: ConfiguredEngine,
  { intervalSeconds, timeoutSeconds }: WatchSettings,
  deps: WatchDeps,
): WatchedEngine {
  const { clock, log } = deps;
  const next = timer();
  let sighting: Sighting | undefined;
  let current: AbortController | undefined;
  let isStopped = false;
  let looking = look();

  async function look(): Promise<void> {
    const started = clock.monotonic();
    const seen = await lookOnce();
    if (isStopped) return;
    tell(sighting, seen);
    sighting = seen;
    const left = intervalSeconds - (clock.monotonic() - started);
    next.set(Math.max(left, 0), () => {
      looking = look();
    });
  }

  async function lookOnce(): Promise<Sighting> {
    const controller = new AbortController();
    current = controller;
    const deadline = setTimeout(() => controller.abort(), timeoutSeconds * 1000);
    try {
      return { series: await lookAtEngine(engine, deps, controller.signal), failure: undefined };
    } catch (error) {
      if (controller.signal.aborted) return { series: [], failure: `gave no answer within ${timeoutSeconds} s` };
      if (error instanceof SourceError) return { series: [], failure: reasonOf(error) };
      throw error;
    } finally {
      clearTimeout(deadline);
    }
  }

  function tell(before: Sighting | undefined, now: Sighting): void {
    if (before?.failure === now.failure) return;
    const fields = { engine: engine.name, kind: engine.kind, url: engine.url.href };
    if (now.failure !== undefined) log.warn('engine is down', { ...fields, reason: now.failure });
    else if (before !== undefined) log.info('engine is back', fields);
  }

  return {
    engine,
    sighting: () => sighting,
    stop: async () => {
      isStopped = true;
      next.clear();
      current?.abort();
      await looking;
    },
  };
}
