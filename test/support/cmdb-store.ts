import type { Observation } from '../../exporters/cmdb/observation.ts';
import { type CmdbStore, createCmdbStore } from '../../exporters/cmdb/store/cmdb-store.ts';
import { cmdbMigrations } from '../../exporters/cmdb/store/migrations.ts';
import { type CmdbTables, cmdbSchema, type Db } from '../../exporters/cmdb/store/tables.ts';
import type { Clock } from '../../kit/clock.ts';
import { systemClock } from '../../kit/clock.ts';
import type { StoreBench } from './stores.ts';

/** An inventory in an embedded database of its own. */
export async function openCmdbStore(
  bench: StoreBench,
  clock: Clock = systemClock,
): Promise<{ readonly store: CmdbStore; readonly db: Db }> {
  const opened = await bench.open<CmdbTables>('embedded', { migrations: cmdbMigrations, schema: cmdbSchema });
  const { db, transaction } = opened;
  return {
    db,
    store: await createCmdbStore({ db, transaction, clock, precedence: { order: [], ofAttribute: new Map() } }),
  };
}

export async function takeOver(store: CmdbStore, observation: Observation): Promise<void> {
  const result = await store.look({
    source: 'test',
    type: 'files',
    observation,
    startedAt: Math.floor(Date.now() / 1000),
    mayCreate: true,
    maxMissingRatio: 1,
    check: () => [],
  });
  if (result.refusal !== undefined) throw new Error(result.refusal);
}
