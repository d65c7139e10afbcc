import { keyOfEntity } from '../../entity.ts';
import type { FeatureSpec } from '../../features/feature-spec.ts';
import type { EntitySamples, SignalSamples } from '../../features/fleet-samples.ts';
import { type BackfillSettings, longestWindowMs } from './backfill-settings.ts';
import { bounded } from './bounded.ts';
import { createCounterState } from './counter-state.ts';
import { createFleetBook, type FleetBook } from './fleet-book.ts';
import type { HistoryApi } from './history-api.ts';
import { oneOfValues } from './matchers.ts';
import { readFleet } from './read-fleet.ts';
import { scrapeTasks } from './read-scrapes.ts';
import { signalTasks } from './read-signals.ts';
import type { InventoryHistory } from './read-states.ts';
import { readWorkloads } from './read-workloads.ts';
import { createStepGrid } from './step-grid.ts';

/** History of a fleet that moves on in time: what has been read is kept as long as a window needs it, and each step is read once. */
export interface HistoryWindow {
  /** Reads all steps up to `untilMs` that were not read, at most `chunksAtOnce` chunks; at first so many before that the longest window is full. */
  readonly readUntil: (untilMs: number, signal: AbortSignal) => Promise<void>;
  /** What is known now, for computing features at moments of what was read last. */
  readonly entities: (inventory: InventoryHistory) => readonly EntitySamples[];
}

export interface HistoryBegin {
  readonly api: HistoryApi;
  /** Before the first moment that features are wanted of. */
  readonly fromMs: number;
}

const forever = Number.POSITIVE_INFINITY;

export function createHistoryWindow(
  spec: FeatureSpec,
  settings: BackfillSettings,
  { api, fromMs: firstMs }: HistoryBegin,
): HistoryWindow {
  const { stepMs, everyMs, chunkMs, chunksAtOnce, labels, matchers, concurrency } = settings;
  const backMs = longestWindowMs(spec);
  const steps = (backMs + chunksAtOnce * chunkMs) / stepMs;
  const book = createFleetBook();
  const counters = createCounterState();
  let readMs = firstMs - backMs;
  let grid: ReturnType<typeof createStepGrid> | undefined;

  async function readUntil(untilMs: number, signal: AbortSignal): Promise<void> {
    if (grid === undefined) grid = createStepGrid({ stepMs, steps }, untilMs);
    else grid.moveTo(untilMs);
    const span = { startMs: readMs + stepMs, endMs: untilMs };
    if (span.startMs > span.endMs) return;
    await readFleet(api, book, { kind: spec.kind, labels, matchers, stepMs, ...span }, signal);
    const by = [labels.cluster, ...(spec.kind === 'gpu' ? ['uuid', 'UUID'] : [labels.node])];
    const request = { kind: spec.kind, labels, by, stepMs, ...span };
    const target = { api, book, grid, counters };
    const firstMoment = Math.ceil(span.startMs / everyMs) * everyMs;
    const tasks = [
      ...signalTasks(spec, shardsOf(book, settings), request, target),
      ...scrapeTasks(spec, matchers, request, target),
      ...(spec.kind === 'gpu' && firstMoment <= untilMs
        ? [
            (stop: AbortSignal) =>
              readWorkloads(
                api,
                book,
                { labels, matchers, startMs: firstMoment, endMs: untilMs, stepMs: everyMs },
                stop,
              ),
          ]
        : []),
    ];
    await bounded(tasks, concurrency, signal);
    book.forgetBefore(grid.firstMs());
    // Only now: what failed half-way is read again.
    readMs = untilMs;
  }

  return {
    readUntil,
    entities: (inventory) =>
      book.entities().map((entity, index) => {
        const key = keyOfEntity(entity);
        const racks =
          inventory.racks.get(key) ?? inventory.racks.get(keyOfEntity({ ...entity, kind: 'node', uuid: '' }));
        const facts = new Map(book.factsOf(index, (fact) => (fact === 'workload' ? everyMs - 1 : forever)));
        if (!facts.has('rack') && racks !== undefined) facts.set('rack', { ...racks, validMs: forever });
        return { entity, facts, life: inventory.lives.get(key), signals: signalsOf(index) };
      }),
  };

  function signalsOf(index: number): ReadonlyMap<string, readonly SignalSamples[]> {
    const signals = new Map<string, readonly SignalSamples[]>();
    for (const { name, kind, of } of spec.signals) {
      const samples = grid?.samplesOf(name, index, kind === 'gauge' && of !== 'scrape' ? 'present' : undefined);
      if (samples === undefined) continue;
      signals.set(name, [
        kind === 'counter' ? { timesMs: samples.timesMs, values: samples.values, isGrowth: true } : samples,
      ]);
    }
    return signals;
  }
}

/** Matchers for each so many nodes; none where all fit into one query, or where targets have no label for their node. */
function shardsOf(
  book: FleetBook,
  { labels, matchers, nodesPerQuery }: BackfillSettings,
): readonly (readonly string[])[] {
  const told = book.entities().map((_, index) => book.factsOf(index, () => forever).get('shard')?.values ?? []);
  const nodes = [...new Set(told.flat())].sort();
  if (nodes.length <= nodesPerQuery || told.some((own) => own.length === 0)) return [matchers];
  const shards: (readonly string[])[] = [];
  for (let at = 0; at < nodes.length; at += nodesPerQuery)
    shards.push([oneOfValues(labels.node, nodes.slice(at, at + nodesPerQuery)), ...matchers]);
  return shards;
}
