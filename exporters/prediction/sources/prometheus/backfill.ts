import { computeFeatures } from '../../features/compute-features.ts';
import type { FeatureSpec } from '../../features/feature-spec.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import { rowsBetween } from '../../features/join-tables.ts';
import { windowMs } from '../../features/windows.ts';
import type { RiskEvent } from '../../labels/incident.ts';
import { type BackfillSettings, checkBackfill } from './backfill-settings.ts';
import type { HistoryApi, Usage } from './history-api.ts';
import { createHistoryWindow } from './history-window.ts';
import { type InventoryRequest, readInventory } from './read-states.ts';

/** Where chunks go to; the feature store is one. */
export interface ChunkSink {
  readonly chunks: () => Promise<readonly ChunkOfTime[]>;
  readonly put: (chunk: ChunkOfTime, table: FeatureTable) => Promise<void>;
}

/** Moments of (fromMs, untilMs]. */
export interface ChunkOfTime {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface BackfillProgress extends Usage {
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly rows: number;
  /** End of the chunk that was done last. */
  readonly untilMs: number;
}

export interface BackfillRequest extends ChunkOfTime {
  readonly spec: FeatureSpec;
  readonly settings: BackfillSettings;
  /** Faults that are known, of any time; undefined where nobody looks for them. */
  readonly events?: readonly RiskEvent[] | undefined;
  readonly eventsFromMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: BackfillProgress) => void) | undefined;
}

/** Racks, states and repairs are looked at this often, this far back. */
const inventoryStepMs = windowMs['6h'];
const inventoryBackMs = 365 * windowMs['24h'];

/**
 * Computes the chunks of a stretch that the sink does not have, oldest first, and stores each as soon as it is whole. Called again after it was stopped, or
 * has failed, it goes on with the first that is missing, and reads once more the days that its windows need. Chunks are multiples of their length since 1970,
 * so the stretch is widened to whole ones, save for a last one that is not over at `untilMs`, which is left out.
 */
export async function backfill(
  { spec, settings, fromMs, untilMs, events, eventsFromMs, signal, onProgress }: BackfillRequest,
  { api, sink }: { readonly api: HistoryApi; readonly sink: ChunkSink },
): Promise<BackfillProgress> {
  checkBackfill(spec, settings);
  const wanted = chunksOf({ fromMs, untilMs }, settings.chunkMs);
  const stored = new Set((await sink.chunks()).map(({ fromMs: from }) => from));
  let progress: BackfillProgress = {
    chunksDone: wanted.filter((chunk) => stored.has(chunk.fromMs)).length,
    chunksTotal: wanted.length,
    rows: 0,
    untilMs: fromMs,
    ...api.usage(),
  };
  for (const run of missingRuns(wanted, stored)) {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) continue;
    const history = createHistoryWindow(spec, settings, { api, fromMs: first.fromMs });
    const request = inventoryRequestOf(settings, { fromMs: first.fromMs, untilMs: last.untilMs });
    const inventory = await readInventory(api, request, signal);
    for (let at = 0; at < run.length; at += settings.chunksAtOnce) {
      signal.throwIfAborted();
      const batch = run.slice(at, at + settings.chunksAtOnce);
      await history.readUntil(batch.at(-1)?.untilMs ?? 0, signal);
      const samples = { entities: history.entities(inventory), events, eventsFromMs };
      const moments = batch.flatMap((chunk) => Array.from(momentsOf(chunk, settings.everyMs)));
      const table = computeFeatures(spec, samples, moments);
      for (const chunk of batch) {
        signal.throwIfAborted();
        const part = rowsBetween(table, chunk.fromMs, chunk.untilMs);
        await sink.put(chunk, part);
        progress = {
          ...progress,
          chunksDone: progress.chunksDone + 1,
          rows: progress.rows + part.atMs.length,
          untilMs: chunk.untilMs,
          ...api.usage(),
        };
        onProgress?.(progress);
      }
    }
  }
  return progress;
}

/** Looks at the ends of quarters of days since 1970, so that two that read it see the same. */
function inventoryRequestOf(
  { labels, matchers }: BackfillSettings,
  { fromMs, untilMs }: ChunkOfTime,
): InventoryRequest {
  const whole = (ms: number): number => Math.floor(ms / inventoryStepMs) * inventoryStepMs;
  const startMs = Math.max(inventoryStepMs, whole(fromMs - inventoryBackMs));
  return { labels, matchers, startMs, endMs: Math.max(startMs, whole(untilMs)), stepMs: inventoryStepMs };
}

export function chunksOf({ fromMs, untilMs }: ChunkOfTime, chunkMs: number): readonly ChunkOfTime[] {
  const chunks: ChunkOfTime[] = [];
  for (let from = Math.floor(fromMs / chunkMs) * chunkMs; from + chunkMs <= untilMs; from += chunkMs)
    chunks.push({ fromMs: from, untilMs: from + chunkMs });
  return chunks;
}

export function momentsOf({ fromMs, untilMs }: ChunkOfTime, everyMs: number): Float64Array {
  const first = Math.floor(fromMs / everyMs) + 1;
  const count = Math.floor(untilMs / everyMs) - first + 1;
  return Float64Array.from({ length: Math.max(0, count) }, (_, at) => (first + at) * everyMs);
}

/** Chunks that are missing, those that follow each other together. */
function missingRuns(wanted: readonly ChunkOfTime[], stored: ReadonlySet<number>): readonly (readonly ChunkOfTime[])[] {
  const runs: ChunkOfTime[][] = [];
  let before: ChunkOfTime | undefined;
  for (const chunk of wanted) {
    if (!stored.has(chunk.fromMs)) {
      if (before !== undefined && before.untilMs === chunk.fromMs && runs.length > 0) runs.at(-1)?.push(chunk);
      else runs.push([chunk]);
      before = chunk;
    }
  }
  return runs;
}
