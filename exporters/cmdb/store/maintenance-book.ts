import type { Clock } from '../../../kit/clock.ts';
import { type MaintenanceWindow, windowState } from '../maintenance/maintenance-window.ts';
import type { CmdbStore } from './cmdb-store.ts';
import {
  insertWindow,
  updateWindow,
  type WindowContent,
  windowById,
  windowsAfter,
  windowsBefore,
} from './maintenance-windows.ts';
import type { Db } from './tables.ts';

/** Maintenance windows in the database, with those that are not over in memory for whoever must not wait. */
export interface MaintenanceBook {
  /** Reads anew what is not over; for what other replicas wrote. */
  readonly refresh: () => Promise<readonly MaintenanceWindow[]>;
  /** As last read: scheduled and active ones. */
  readonly current: () => readonly MaintenanceWindow[];
  /** Of these, those that are open now. */
  readonly open: () => readonly MaintenanceWindow[];
  readonly list: (page: {
    readonly before: number | undefined;
    readonly limit: number;
  }) => Promise<readonly MaintenanceWindow[]>;
  readonly find: (id: number) => Promise<MaintenanceWindow | undefined>;
  readonly create: (content: WindowContent, actor: string) => Promise<MaintenanceWindow>;
  /** What `change` throws leaves it as it is. `stale` if it has another version than the one that was seen. */
  readonly change: (
    ask: { readonly id: number; readonly version: number | undefined; readonly actor: string },
    change: (window: MaintenanceWindow) => MaintenanceWindow,
  ) => Promise<WindowChange>;
}

export type WindowChange =
  | { readonly kind: 'changed' | 'stale'; readonly window: MaintenanceWindow }
  | { readonly kind: 'missing' };

export interface MaintenanceBookDeps {
  readonly db: Db;
  readonly store: Pick<CmdbStore, 'write'>;
  readonly clock: Clock;
}

export function createMaintenanceBook({ db, store, clock }: MaintenanceBookDeps): MaintenanceBook {
  let windows: readonly MaintenanceWindow[] = [];
  const isCurrent = (window: MaintenanceWindow): boolean => {
    const state = windowState(window, clock.now());
    return state === 'scheduled' || state === 'active';
  };

  async function refresh(): Promise<readonly MaintenanceWindow[]> {
    windows = await windowsAfter(clock.now(), db);
    return windows.filter(isCurrent);
  }

  function remember(window: MaintenanceWindow): void {
    windows = [...windows.filter(({ id }) => id !== window.id), window];
  }

  return {
    refresh,
    current: () => windows.filter(isCurrent),
    open: () => windows.filter((window) => windowState(window, clock.now()) === 'active'),
    list: (page) => windowsBefore(page, db),
    find: (id) => windowById(id, db),
    create: async (content, actor) => {
      const window = await store.write({ actor, message: '' }, ({ tx, at }) =>
        insertWindow(content, { actor, at }, tx),
      );
      if (window === undefined) throw new Error('the database has written no window');
      remember(window);
      return window;
    },
    change: async ({ id, version, actor }, change) => {
      const changed = await store.write({ actor, message: '' }, async ({ tx, at }): Promise<WindowChange> => {
        const before = await windowById(id, tx);
        if (before === undefined) return { kind: 'missing' };
        if (version !== undefined && version !== before.version) return { kind: 'stale', window: before };
        const window = await updateWindow(change(before), { actor, at }, tx);
        return window === undefined ? { kind: 'stale', window: before } : { kind: 'changed', window };
      });
      if (changed.kind === 'changed') remember(changed.window);
      return changed;
    },
  };
}
