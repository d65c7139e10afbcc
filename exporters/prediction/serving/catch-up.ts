import { reasonOf } from '../../../kit/errors.ts';
import type { EntityKind } from '../entity.ts';
import type { FeatureSpec } from '../features/feature-spec.ts';
import type { RiskEvent } from '../labels/incident.ts';
import type { FeatureSettings } from '../prediction-file/feature-settings.ts';
import { backfill } from '../sources/prometheus/backfill.ts';
import { defaultBackfillSettings } from '../sources/prometheus/backfill-settings.ts';
import type { Presence } from '../sources/prometheus/presence.ts';
import { readBeginning } from '../sources/prometheus/read-beginning.ts';
import type { FeatureStore } from '../store/features/feature-store.ts';
import type { BackfillView } from '../view.ts';
import type { WatchedSource } from './watched-source.ts';

/** Newer samples may not be there yet. */
const settledMs = 120_000;

export interface KindStore {
  readonly kind: EntityKind;
  readonly spec: FeatureSpec;
  readonly store: FeatureStore;
}

export interface CatchUp {
  /** Reads what is missing of the history of a source. Rejects with SourceError; the next call goes on where it was. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Whether it was ever done. */
  readonly isDone: () => boolean;
  readonly view: () => BackfillView;
}

export interface CatchUpDeps {
  readonly watched: WatchedSource;
  /** None where features are off. */
  readonly stores: readonly KindStore[];
  /** Where a kind has no store. */
  readonly presence: Presence | undefined;
  /** Why a store is not used; undefined if all are. */
  readonly storeProblem?: string | undefined;
  readonly remarks?: readonly string[];
  readonly settings: FeatureSettings;
  readonly windowMs: number;
  readonly nowMs: () => number;
  /** Of the whole fleet, once signs are read. */
  readonly events: () => readonly RiskEvent[];
}

/** Signs of failures come first: features tell of earlier failures. Signs count as a tenth of the work. */
export function createCatchUp(deps: CatchUpDeps): CatchUp {
  const { watched, stores, storeProblem, remarks = [], presence, settings, windowMs, nowMs, events } = deps;
  const { source, connected, signs } = watched;
  let [isActive, isDone] = [false, false];
  let progress: number | undefined;
  let untilMs: number | undefined;
  let failure: string | undefined;
  const signShare = stores.length === 0 ? 1 : 0.1;

  async function readAll(signal: AbortSignal): Promise<void> {
    const nowIs = nowMs() - settledMs;
    const windowFrom = nowIs - windowMs;
    const asked = { fromMs: windowFrom, untilMs: nowIs, matchers: source.match };
    const beginMs = (await readBeginning(connected.history, asked, signal)) ?? nowIs;
    const fromMs = Math.max(windowFrom, beginMs);
    await signs.catchUp(
      { keepMs: windowFrom, fromMs, untilMs: nowIs, onProgress: (share) => tell(share * signShare) },
      signal,
    );
    await presence?.readUntil({ fromMs, untilMs: nowIs }, signal);
    const each = (1 - signShare) / Math.max(1, stores.length);
    for (const [at, { spec, store }] of stores.entries()) {
      await store.dropAfter(nowIs);
      const done = await backfill(
        {
          spec,
          settings: backfillSettings(watched, settings),
          fromMs,
          untilMs: nowIs,
          events: events(),
          eventsFromMs: beginMs,
          signal,
          onProgress: ({ chunksDone, chunksTotal, untilMs: until }) => {
            untilMs = until;
            tell(signShare + each * (at + chunksDone / Math.max(1, chunksTotal)));
          },
        },
        { api: connected.history, sink: store },
      );
      untilMs = Math.max(untilMs ?? 0, done.untilMs);
      await store.dropBefore(windowFrom);
    }
    untilMs = stores.length === 0 ? nowIs : untilMs;
    tell(1);
  }

  /** What is done stays done: only the first time, and after a long absence, is there anything to see. */
  function tell(share: number): void {
    progress = isDone ? 1 : Math.max(progress ?? 0, share);
  }

  return {
    isDone: () => isDone,
    view: () => ({ isActive, progress, untilMs, problem: failure ?? storeProblem, remarks }),
    run: async (signal) => {
      isActive = true;
      progress ??= 0;
      try {
        await readAll(signal);
        isDone = true;
        failure = undefined;
      } catch (error) {
        failure = reasonOf(error);
        throw error;
      } finally {
        isActive = false;
      }
    },
  };
}

function backfillSettings({ source }: WatchedSource, settings: FeatureSettings) {
  const { stepMs, everyMs, nodesPerQuery, concurrency } = settings;
  const { labels, match: matchers } = source;
  const { chunksAtOnce } = defaultBackfillSettings;
  return { labels, matchers, stepMs, everyMs, chunkMs: everyMs, chunksAtOnce, nodesPerQuery, concurrency };
}
