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
import type { FeatureSettings } from '../prediction-file/feature-settings.ts';
import type { PredictionConfig } from '../prediction-file/prediction-file.ts';
import { connectSource } from '../sources/prometheus/connect-source.ts';
import { createPresence } from '../sources/prometheus/presence.ts';
import { type FolderChange, prepareFeatureFolder } from '../store/features/feature-folder.ts';
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
      const { stores, problem: storeProblem, remarks } = await openStores(own, config.features, log);
      const { labels, match: matchers } = source;
      const presence =
        stores.length === entityKinds.length
          ? undefined
          : createPresence({ api: watched.connected.history, labels, matchers });
      const catchUp = createCatchUp({
        watched,
        stores,
        storeProblem,
        remarks,
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

interface OpenStores {
  readonly stores: readonly KindStore[];
  readonly problem: string | undefined;
  readonly remarks: readonly string[];
}

/** None where features are off. Without a usable store the rate model answers, and it is told why. */
async function openStores(folder: string, settings: FeatureSettings, log: Log): Promise<OpenStores> {
  const stores: KindStore[] = [];
  const remarks: string[] = [];
  let problem: string | undefined;
  for (const spec of settings.isOn ? [gpuSpec, nodeSpec] : []) {
    const { kind } = spec;
    const own = join(folder, `features-${kind}`);
    const making = { schema: schemaOf(spec), stepMs: settings.stepMs, everyMs: settings.everyMs };
    try {
      const change = await prepareFeatureFolder(own, kind, making);
      if (change !== undefined) remarks.push(remarkOf(change));
      if (change !== undefined) log.warn('history is read again with other settings of features', { kind, ...change });
      const onDamaged = (damage: string): void => log.warn('a chunk of features is read again', { reason: damage });
      stores.push({
        kind,
        spec,
        store: await openFeatureStore({ folder: own, kind, schema: making.schema, onDamaged }),
      });
    } catch (error) {
      problem = reasonOf(error);
      log.error('features are not used', { kind, reason: problem });
    }
  }
  return { stores, problem, remarks };
}

function remarkOf({ keptIn, goesOn }: FolderChange): string {
  const again = goesOn ? 'those of these settings that were kept are used again' : 'history is read again with these';
  return `features of other settings are kept in ${keptIn}, and ${again}; delete it if you do not go back`;
}
