import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../kit/clock.ts';
import type { Migrations } from '../../kit/store/migrate.ts';
import { openStore, type Store, type StoreSettings } from '../../kit/store/store.ts';
import { layEmptyDatabase } from './empty-database.ts';
import { type RunningPostgres, startPostgres } from './postgres.ts';
import { quietLog } from './quiet-log.ts';

export { quietLog };

export const engines = ['embedded', 'postgresql'] as const;
export type EngineKind = (typeof engines)[number];

/** Opens stores on either database, and puts all of them away at the end. */
export interface StoreBench {
  readonly open: <DB>(kind: EngineKind, settings: OpenSettings) => Promise<Store<DB>>;
  /** Where a new, empty database of that kind is. */
  readonly place: (kind: EngineKind) => Promise<{ readonly folder: string; readonly url: string | undefined }>;
  readonly postgres: () => Promise<RunningPostgres>;
  readonly stop: () => Promise<void>;
}

export type OpenSettings = Partial<StoreSettings> & { readonly migrations: Migrations };

export function createStoreBench(): StoreBench {
  const folders: string[] = [];
  const stores: Pick<Store<unknown>, 'close'>[] = [];
  let postgres: Promise<RunningPostgres> | undefined;
  let databases = 0;

  async function place(kind: EngineKind): Promise<{ readonly folder: string; readonly url: string | undefined }> {
    const folder = mkdtempSync(join(tmpdir(), 'fl-store-'));
    folders.push(folder);
    if (kind === 'embedded') return { folder, url: undefined };
    postgres ??= startPostgres();
    databases++;
    return { folder, url: await (await postgres).createDatabase(`test${databases}`) };
  }

  return {
    place,
    postgres: () => {
      postgres ??= startPostgres();
      return postgres;
    },
    open: async <DB>(kind: EngineKind, settings: OpenSettings) => {
      const where = settings.folder === undefined && settings.url === undefined ? await place(kind) : undefined;
      if (where !== undefined && kind === 'embedded') layEmptyDatabase(where.folder);
      const store = await openStore<DB>({
        folder: 'none',
        url: undefined,
        schema: 'test',
        log: quietLog,
        clock: systemClock,
        ...where,
        ...settings,
      });
      stores.push(store);
      return store;
    },
    stop: async () => {
      await Promise.all(stores.map((store) => store.close().catch(() => undefined)));
      await (await postgres)?.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}
