import type { Clock } from '../../../kit/clock.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { MaintenanceWindow } from '../maintenance/maintenance-window.ts';
import { windowsOf } from '../maintenance/members.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { CmdbStore } from '../store/cmdb-store.ts';
import type { Change } from '../store/history.ts';
import { type AlertContext, type ImpactSummary, impactSummary, knownContext } from './alert-context.ts';
import { itemOfAlert, type Labels } from './items-of-alert.ts';

/** Finds out what alerts are about. */
export interface AlertContexts {
  /** One for each alert, in their order; undefined where the inventory has no such thing. Never rejects. */
  readonly of: (alerts: readonly { readonly labels: Labels }[]) => Promise<readonly (AlertContext | undefined)[]>;
}

export interface AlertContextDeps {
  readonly store: Pick<CmdbStore, 'inventory' | 'history'>;
  /** Windows that are open now. */
  readonly openWindows: () => readonly MaintenanceWindow[];
  readonly clock: Clock;
}

/** An alert that is late is worse than one that tells less. */
const impactBudgetSeconds = 0.4;
const historyBudgetSeconds = 1;
/** More alerts at once are one large failure, for which nobody reads the last change of each. */
const maxHistories = 25;

/** An alert that names nothing but its cluster does not say that the cluster is down. */
const wide: ReadonlySet<ItemClass> = new Set(['cluster', 'namespace', 'tenant', 'team', 'person', 'site', 'room']);

const impacts = perRevision(() => new Map<number, ImpactSummary>());

export function createAlertContexts({ store, openWindows, clock }: AlertContextDeps): AlertContexts {
  function impactsFor(inventory: Inventory, items: readonly Item[]): ReadonlyMap<number, ImpactSummary> {
    const known = impacts(inventory);
    const until = clock.monotonic() + impactBudgetSeconds;
    for (const item of items) {
      if (known.has(item.id) || wide.has(item.class)) continue;
      if (clock.monotonic() > until) break;
      known.set(item.id, impactSummary(inventory, item));
    }
    return known;
  }

  async function changesOf(items: readonly Item[]): Promise<ReadonlyMap<number, Change>> {
    const changes = new Map<number, Change>();
    const ask = async (): Promise<void> => {
      for (const item of items.slice(0, maxHistories)) {
        const [last] = await store.history({ itemId: item.id, limit: 1 });
        if (last !== undefined) changes.set(item.id, last);
      }
    };
    // Without the database alerts tell less; they are sent all the same.
    await beforeLong(
      historyBudgetSeconds,
      ask().catch(() => undefined),
    );
    return new Map(changes);
  }

  return {
    of: async (alerts) => {
      const { inventory } = store;
      const items = alerts.map(({ labels }) => itemOfAlert(inventory, labels));
      const distinct = [...new Map(items.flatMap((item) => (item === undefined ? [] : [[item.id, item]]))).values()];
      const windows = windowsOf(inventory, openWindows());
      const impactOfItem = impactsFor(inventory, distinct);
      const contexts = new Map(distinct.map((item) => [item.id, knownContext(inventory, item)]));
      const changes = await changesOf(distinct);
      return items.map((item) => {
        const known = item === undefined ? undefined : contexts.get(item.id);
        if (item === undefined || known === undefined) return undefined;
        return {
          ...known,
          windows: windows(item.id),
          lastChange: changes.get(item.id),
          impact: impactOfItem.get(item.id),
        };
      });
    },
  };
}

async function beforeLong(seconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
