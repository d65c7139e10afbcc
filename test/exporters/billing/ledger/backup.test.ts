import { sql } from 'kysely';
import { daemonStores } from '../../../../cli/store/daemon-stores.ts';
import { createBackfillBook } from '../../../../exporters/billing/collection/backfill-book.ts';
import { createLedger, type StoredLedger } from '../../../../exporters/billing/ledger/create-ledger.ts';
import type { BillingTables } from '../../../../exporters/billing/ledger/tables.ts';
import { restoreBackup } from '../../../../kit/store/backup/restore.ts';
import { writeBackup } from '../../../../kit/store/backup/write-backup.ts';
import type { Store } from '../../../../kit/store/store.ts';
import { openDatabase } from '../../../../kit/store/store.ts';
import { at, dayMs, hourMs, usage, windowAt } from '../../../support/billing-ledger.ts';
import { testClock } from '../../../support/cmdb-store.ts';
import { createStoreBench, engines, quietLog } from '../../../support/stores.ts';

const bench = createStoreBench();
afterAll(() => bench.stop());

const { schema, migrations } = daemonStores.billing;
const ever = { startMs: 0, endMs: at('2200-01-01T00:00:00Z') };
const start = at('2026-10-30T00:00:00Z');
const clock = testClock();

async function open(kind: (typeof engines)[number], place = {}): Promise<Store<BillingTables>> {
  return bench.open<BillingTables>(kind, { schema, migrations: await migrations(), ...place });
}

async function contentOf(ledger: StoredLedger) {
  return {
    entries: await ledger.entries({ span: ever, limit: 10_000 }),
    windows: await ledger.windows({ span: ever }),
    watermarks: await ledger.watermarks(),
    position: await ledger.position(),
    totals: await ledger.totals({ segments: [{ span: { startMs: start, endMs: start + 3 * dayMs }, bucket: 1 }] }),
    verified: await ledger.verify({ span: ever }),
  };
}

describe.each(engines)('a backup of the ledger on %s', (from) => {
  const parts: Buffer[] = [];
  let content: Awaited<ReturnType<typeof contentOf>>;

  beforeAll(async () => {
    const store = await open(from);
    const ledger = await createLedger({ store, clock });
    for (let day = 0; day < 3; day++) {
      await ledger.record(
        Array.from({ length: 24 }, (_, hour) =>
          windowAt(start + day * dayMs + hour * hourMs, [usage('a', BigInt(hour + 1)), usage('b', 10n ** 25n)]),
        ),
      );
    }
    await ledger.record([windowAt(start, [usage('a', 99n)])]);
    await ledger.record([windowAt(at('2019-02-03T00:00:00Z'), [usage('old', 1n)])]);
    await createBackfillBook(store.db, clock.now).add({
      span: { startMs: start, endMs: start + dayMs },
      clusters: [],
      meters: [],
      by: 'ada',
      cursors: [],
      windowsTotal: 24,
    });
    content = await contentOf(ledger);
    await writeBackup({
      database: store.database,
      schema,
      write: async (bytes) => void parts.push(Buffer.from(bytes)),
    });
  });

  test.each(engines)(
    'is restored into %s, row by row, still only added to, and metering goes on from there',
    async (to) => {
      const place = await bench.place(to);
      const database = await openDatabase({ ...place, schema, applicationName: 'restore', log: quietLog, clock });
      await restoreBackup({
        database,
        schema,
        migrations: await migrations(),
        source: (async function* () {
          yield Buffer.concat(parts);
        })(),
        where: 'the backup',
        replace: false,
        log: quietLog,
      });
      await database.close();
      const store = await open(to, place);
      const ledger = await createLedger({ store, clock });
      expect(await contentOf(ledger)).toEqual(content);
      expect(content.verified).toEqual({ windows: 73, rows: content.entries.length, problems: [] });
      for (const statement of [
        'update usage set quantity = 5',
        'delete from usage_2019_02',
        'truncate usage_2026_11',
        'truncate usage',
      ]) {
        await expect(sql.raw(statement).execute(store.db)).rejects.toThrow('the ledger is only ever added to');
      }
      expect((await createBackfillBook(store.db, clock.now).list())[0]).toMatchObject({ id: '1', state: 'running' });
      // Known and new series, a known and a new month.
      const [next] = await ledger.record([windowAt(start + 3 * dayMs, [usage('a', 1n), usage('new', 2n)])]);
      expect(next).toMatchObject({ rows: 2, revision: 0 });
      await ledger.record([windowAt(at('2027-01-01T00:00:00Z'), [usage('a', 1n)])]);
      expect(await ledger.record([windowAt(start, [usage('a', 99n)])])).toMatchObject([{ rows: 0, revision: 1 }]);
      expect(await ledger.position()).toBe(content.position + 3n);
      expect((await ledger.watermarks())[0]?.untilMs).toBe(start + 3 * dayMs + hourMs);
      expect((await ledger.verify({ span: ever })).problems).toEqual([]);
    },
  );
});
