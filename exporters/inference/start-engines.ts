import type { Clock } from '../../kit/clock.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import type { Family } from '../../kit/exposition/samples.ts';
import type { Log } from '../../kit/log.ts';
import { inference } from '../../metrics/inference.ts';
import type { ConfiguredEngine } from './engines/configured-engine.ts';
import { engineFamilies } from './engines/engine-families.ts';
import { enginesCollector } from './engines/engines-collector.ts';
import type { SeenEngine } from './engines/sighting.ts';
import type { Fetch } from './sources/engines/bounded-answer.ts';
import { type WatchedEngine, watchEngine } from './sources/engines/watch-engine.ts';

export interface EnginesSettings {
  readonly intervalSeconds: number;
}

export interface EnginesDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly readFile: (path: string) => string;
  readonly fetch?: Fetch;
}

export interface RunningEngines {
  /** What the last looks gave; does not wait for any. */
  readonly families: () => Promise<readonly Family[]>;
  /** Why the figures are not whole yet; undefined once every engine was looked at. */
  readonly notReady: () => string | undefined;
  /** Takes a new list. Engines that are the same in it are left alone. */
  readonly reload: (engines: readonly ConfiguredEngine[]) => void;
  readonly stop: () => Promise<void>;
}

/** An engine that hangs must not be asked again before it was given up. */
const longestLookSeconds = 10;
const collectorDeadlineSeconds = 5;

/** Looks at engines in the background and shows their series under the names of the catalogue. */
export function startEngines(
  engines: readonly ConfiguredEngine[],
  { intervalSeconds }: EnginesSettings,
  { clock, log, readFile, fetch = globalThis.fetch }: EnginesDeps,
): RunningEngines {
  const settings = { intervalSeconds, timeoutSeconds: Math.min(intervalSeconds, longestLookSeconds) };
  const deps = { clock, log, readFile, fetch };
  const runner = createCollectorRunner(inference, [enginesCollector], {
    clock,
    log,
    deadlineSeconds: collectorDeadlineSeconds,
  });
  const ending = new Set<Promise<void>>();
  let watched: readonly WatchedEngine[] = engines.map((engine) => watchEngine(engine, settings, deps));

  function seen(): readonly SeenEngine[] {
    return watched.map(({ engine, sighting }) => ({ engine, sighting: sighting() }));
  }

  function end(engine: WatchedEngine): void {
    const stopped = engine.stop().finally(() => ending.delete(stopped));
    ending.add(stopped);
  }

  return {
    families: async () => {
      const now = seen();
      return [...(await runner.run(now)), ...engineFamilies(now)];
    },
    notReady: () => {
      const left = seen().filter(({ sighting }) => sighting === undefined).length;
      return left === 0 ? undefined : `${left} of ${watched.length} engines have not been looked at yet`;
    },
    reload: (next) => {
      const before = new Map(watched.map((each) => [identityOf(each.engine), each]));
      watched = next.map((engine) => before.get(identityOf(engine)) ?? watchEngine(engine, settings, deps));
      for (const each of before.values()) if (!watched.includes(each)) end(each);
    },
    stop: async () => {
      await Promise.all([...watched.map((each) => each.stop()), ...ending]);
    },
  };
}

function identityOf(engine: ConfiguredEngine): string {
  return JSON.stringify(engine);
}
