// Meters and back-fills as fast as it can, and prints what was acknowledged: version, cluster, start, revision and hash of each window.
// Arguments: folder of the embedded database, or URL of a server; version of what the source says.
import { createCollection } from '../../exporters/billing/collection/collection.ts';
import { defaultCollection } from '../../exporters/billing/collection/collection-settings.ts';
import { createLedger } from '../../exporters/billing/ledger/create-ledger.ts';
import { ledgerMigrations } from '../../exporters/billing/ledger/migrations.ts';
import { type BillingTables, billingSchema } from '../../exporters/billing/ledger/tables.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';
import { createLeadership } from '../../kit/store/leadership.ts';
import { openStore } from '../../kit/store/store.ts';
import { crashNow, crashPairs, crashStart, crashWindow, crashWindowMs } from './billing-crash.ts';

const [where = '', version = '0', backfillHours = '0.5'] = process.argv.slice(2);
const isUrl = where.startsWith('postgresql:');
const log = createLog({
  level: 'error',
  format: 'logfmt',
  daemon: 'billing',
  write: (line) => void process.stderr.write(line),
});
const store = await openStore<BillingTables>({
  folder: isUrl ? '' : where,
  url: isUrl ? where : undefined,
  schema: billingSchema,
  migrations: ledgerMigrations,
  log,
  clock: systemClock,
});
const clock = { now: () => crashNow / 1000, monotonic: systemClock.monotonic };
const leadership = createLeadership({
  database: store.database,
  schema: billingSchema,
  name: 'metering',
  log,
  everyMs: 100,
});
const ledger = await createLedger({ store, clock, fence: leadership.fence });
const collection = createCollection(
  {
    read: async ({ windows, ...pair }) => windows.map((span) => crashWindow(pair, span, Number(version))),
    pairs: async () => crashPairs,
    earliest: async () => crashStart,
    cuts: () => [],
    settings: {
      ...defaultCollection,
      windowMs: crashWindowMs,
      startMs: crashStart,
      windowsAtOnce: 4,
      recheckMs: 0,
      everyMs: 5,
      backfillConcurrency: 2,
    },
  },
  {
    ledger: {
      ...ledger,
      record: async (windows) => {
        const recorded = await ledger.record(windows);
        for (const { cluster, span, revision, hash } of recorded) {
          process.stdout.write(`${JSON.stringify([Number(version), cluster, span.startMs, revision, hash])}\n`);
        }
        return recorded;
      },
    },
    db: store.db,
    clock,
    log,
  },
);
if ((await collection.backfills()).every(({ state }) => state !== 'running')) {
  const span = { startMs: crashStart, endMs: crashStart + Number(backfillHours) * 3_600_000 };
  await collection.backfill({ span, clusters: [], meters: [], by: 'the test' });
}
process.stdout.write('ready\n');
leadership.start((leading) => collection.lead(leading));
