import { join } from 'node:path';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { type Entity, entityKinds } from '../entity.ts';
import { gpuSpec } from '../features/gpu-spec.ts';
import { nodeSpec } from '../features/node-spec.ts';
import { schemaOf } from '../features/schema.ts';
import type { RiskEvent } from '../labels/incident.ts';
import type { Signs } from '../labels/sign.ts';
import { failureHistoryOf } from '../pipeline/failure-history.ts';
import type { PredictionConfig } from '../prediction-file/prediction-file.ts';
import { connectSource } from '../sources/prometheus/connect-source.ts';
import { createPresence } from '../sources/prometheus/presence.ts';
import { openFeatureStore } from '../store/features/feature-store.ts';
import { createSignFile } from '../store/sign-file.ts';
import { createCatchUp, type KindStore } from './catch-up.ts';
import type { Followed } from './runtime.ts';
import { signsOf, type WatchedSource, watchSource } from './watched-source.ts';

export interface OpenSourcesDeps {
  readonly config: PredictionConfig;
  readonly folder: string;
  readonly scoreEverySeconds: number;
  readonly tickets: (entities: readonly Entity[], nowMs: number) => Signs;
  readonly readFile: (path: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Each source with its own files: `sources/<name>/`. */
export function openSources(deps: OpenSourcesDeps): Promise<readonly Followed[]> {
  const { config, folder, scoreEverySeconds, tickets, readFile, clock, log } = deps;
  const all: WatchedSource[] = [];
  const nowMs = (): number => Math.floor(clock.now() * 1000);

  /** Of the whole fleet, with what was read just now. */
  function events(): readonly RiskEvent[] {
    const entities = all.flatMap((watched) => watched.reading()?.entities ?? []);
    return failureHistoryOf({ ...signsOf(all), tickets: tickets(entities, nowMs()) }, nowMs()).events;
  }

  return Promise.all(
    config.sources.map(async (source) => {
      const own = join(folder, 'sources', source.name);
      const watched = await watchSource({
        source,
        connected: connectSource(source, readFile),
        keeper: createSignFile(join(own, 'signs.json'), new URL(source.url).origin),
        patienceMs: scoreEverySeconds * 1000,
        clock,
        log,
      });
      all.push(watched);
      const stores = config.features.isOn ? await openStores(own, log) : [];
      const { labels, match: matchers } = source;
      const presence =
        stores.length === entityKinds.length
          ? undefined
          : createPresence({ api: watched.connected.history, labels, matchers });
      const catchUp = createCatchUp({
        watched,
        stores,
        presence,
        settings: config.features,
        windowMs: config.training.windowMs,
        nowMs,
        events,
      });
      return { watched, stores, presence, catchUp };
    }),
  );
}

/** Without a usable store the rate model answers; the log says what to do. */
async function openStores(folder: string, log: Log): Promise<readonly KindStore[]> {
  const stores: KindStore[] = [];
  for (const spec of [gpuSpec, nodeSpec]) {
    const { kind } = spec;
    try {
      const store = await openFeatureStore({ folder: join(folder, `features-${kind}`), kind, schema: schemaOf(spec) });
      stores.push({ kind, spec, store });
    } catch (error) {
      log.error('features are not used', { kind, reason: reasonOf(error) });
    }
  }
  return stores;
}
