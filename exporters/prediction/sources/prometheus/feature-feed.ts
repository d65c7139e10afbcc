import { computeFeatures } from '../../features/compute-features.ts';
import type { FeatureSpec } from '../../features/feature-spec.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import { windowMs } from '../../features/windows.ts';
import type { RiskEvent } from '../../labels/incident.ts';
import { inventoryRequestOf } from './backfill.ts';
import { type BackfillSettings, checkBackfill } from './backfill-settings.ts';
import type { HistoryApi } from './history-api.ts';
import { createHistoryWindow, type HistoryWindow } from './history-window.ts';
import { type InventoryHistory, readInventory } from './read-states.ts';

/** Features as they are known now, for whoever tells risks. Each step of history is read once, after the first time. */
export interface FeatureFeed {
  /**
   * Of the end of the last step that was over at `nowMs`. Times ascend from call to call. A call that failed may be made again; what was read before is kept.
   */
  readonly at: (nowMs: number, known: KnownFaults, signal: AbortSignal) => Promise<FeatureTable>;
}

export interface KnownFaults {
  readonly events?: readonly RiskEvent[] | undefined;
  readonly eventsFromMs?: number | undefined;
}

/** The inventory changes seldom, and a year of it is much to read. */
const inventoryEveryMs = windowMs['6h'];

/** `settings.everyMs` and `chunkMs` are those of the store; a feed has a moment at each step. */
export function createFeatureFeed(spec: FeatureSpec, settings: BackfillSettings, api: HistoryApi): FeatureFeed {
  checkBackfill(spec, settings);
  const { stepMs, chunkMs, chunksAtOnce } = settings;
  const stepwise = { ...settings, everyMs: stepMs };
  let history: HistoryWindow | undefined;
  let readMs = Number.NEGATIVE_INFINITY;
  let inventory: { readonly atMs: number; readonly told: InventoryHistory } | undefined;

  return {
    at: async (nowMs, known, signal) => {
      const atMs = Math.floor(nowMs / stepMs) * stepMs;
      // After a long pause it is cheaper to begin anew than to read what nobody asked for.
      if (history === undefined || atMs - readMs > chunkMs * chunksAtOnce || atMs < readMs) {
        history = createHistoryWindow(spec, stepwise, { api, fromMs: atMs - stepMs });
        readMs = atMs;
      }
      await history.readUntil(atMs, signal);
      readMs = atMs;
      if (inventory === undefined || atMs - inventory.atMs >= inventoryEveryMs || atMs < inventory.atMs) {
        const request = inventoryRequestOf(settings, { fromMs: atMs, untilMs: atMs });
        inventory = { atMs, told: await readInventory(api, request, signal) };
      }
      return computeFeatures(spec, { entities: history.entities(inventory.told), ...known }, [atMs]);
    },
  };
}
