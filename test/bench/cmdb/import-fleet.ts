import { createCmdbStore } from '../../../exporters/cmdb/store/cmdb-store.ts';
import { cmdbMigrations } from '../../../exporters/cmdb/store/migrations.ts';
import { type CmdbTables, cmdbSchema } from '../../../exporters/cmdb/store/tables.ts';
import { systemClock } from '../../../kit/clock.ts';
import { createLog } from '../../../kit/log.ts';
import { openStore } from '../../../kit/store/store.ts';
import { type FleetSize, fleetObservation } from '../../support/cmdb-fleet.ts';

const log = createLog({
  level: 'error',
  format: 'logfmt',
  daemon: 'cmdb',
  write: (line) => void process.stderr.write(line),
});

/** Looks at fleets of these sizes one after the other, durably, into an embedded database in the folder; milliseconds of each. */
export async function importFleet(folder: string, sizes: readonly FleetSize[]): Promise<readonly number[]> {
  const store = await openStore<CmdbTables>({
    folder,
    url: undefined,
    schema: cmdbSchema,
    migrations: cmdbMigrations,
    log,
    clock: systemClock,
  });
  const precedence = { order: [], ofAttribute: new Map() };
  const cmdb = await createCmdbStore({ db: store.db, transaction: store.transaction, clock: systemClock, precedence });
  const times: number[] = [];
  for (const size of sizes) {
    const started = performance.now();
    await cmdb.look({
      source: 'fleet',
      type: 'bench',
      observation: fleetObservation(size),
      startedAt: systemClock.now(),
      mayCreate: true,
      maxMissingRatio: 1,
      check: () => [],
    });
    times.push(performance.now() - started);
  }
  await store.close();
  return times;
}
