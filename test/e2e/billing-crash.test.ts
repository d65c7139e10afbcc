import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createBackfillBook } from '../../exporters/billing/collection/backfill-book.ts';
import { createLedger, type StoredLedger } from '../../exporters/billing/ledger/create-ledger.ts';
import type { WindowRecord } from '../../exporters/billing/ledger/ledger.ts';
import { ledgerMigrations } from '../../exporters/billing/ledger/migrations.ts';
import { prepareWindow } from '../../exporters/billing/ledger/prepared-window.ts';
import { type BillingTables, billingSchema } from '../../exporters/billing/ledger/tables.ts';
import { systemClock } from '../../kit/clock.ts';
import { openStore, type Store } from '../../kit/store/store.ts';
import { crashPairs, crashStart, crashWindow } from '../support/billing-crash.ts';
import { at } from '../support/billing-ledger.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { quietLog } from '../support/stores.ts';

/** `FLEETLENS_KILL_ROUNDS=25 npx jest test/e2e/billing-crash.test.ts` takes minutes; a few rounds find what is plainly wrong. */
const rounds = Number(process.env['FLEETLENS_KILL_ROUNDS'] ?? 3);
const collector = join(import.meta.dirname, '..', 'support', 'billing-collector-process.ts');
const ever = { startMs: 0, endMs: at('2200-01-01T00:00:00Z') };
let server: RunningPostgres | undefined;

afterAll(() => server?.stop());

/** What a process was told to be recorded. */
interface Acknowledged {
  readonly version: number;
  readonly cluster: string;
  readonly startMs: number;
  readonly revision: number;
  readonly hash: string;
}

async function collectAndKill(where: string, version: number): Promise<readonly Acknowledged[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', collector, where, String(version)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!/^\[.*\n/m.test(output)) {
    if (child.exitCode !== null) throw new Error('the collector ended by itself');
    await sleep(20);
  }
  await sleep(Math.random() * 1500);
  child.kill('SIGKILL');
  await once(child, 'close');
  return output
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('['))
    .map((line) => {
      const [told, cluster, startMs, revision, hash]: [number, string, number, number, string] = JSON.parse(line);
      return { version: told, cluster, startMs, revision, hash };
    });
}

/** Each window with the newest that was said of it, as far as it was acknowledged. */
function newestOf(acknowledged: readonly Acknowledged[]): ReadonlyMap<string, Acknowledged> {
  return new Map(acknowledged.map((each) => [`${each.cluster} ${each.startMs}`, each]));
}

const hashes = new Map<string, string>();

/** Of what was ever said of a window. */
function hashesOf({ cluster, meter, span }: WindowRecord, version: number): readonly string[] {
  return Array.from({ length: version + 1 }, (_, each) => {
    const key = `${cluster} ${span.startMs} ${each}`;
    const hash = hashes.get(key) ?? prepareWindow(crashWindow({ cluster, meter }, span, each)).hash;
    hashes.set(key, hash);
    return hash;
  });
}

async function expectWhole(
  store: Store<BillingTables>,
  ledger: StoredLedger,
  acknowledged: readonly Acknowledged[],
  version: number,
): Promise<void> {
  const windows = await ledger.windows({ span: ever });
  const found = new Map(windows.map((each) => [`${each.cluster} ${each.span.startMs}`, each]));
  const lost = [...newestOf(acknowledged)].filter(([key, { revision }]) => (found.get(key)?.revision ?? -1) < revision);
  expect(lost).toEqual([]);
  // Every window says what the source said at some time, and its rows are those that were said.
  for (const window of windows) {
    expect(hashesOf(window, version)).toContain(window.hash);
  }
  expect((await ledger.verify({ span: ever })).problems).toEqual([]);
  const { rows } = await sql<{ rows: string; last: string; first: string }>`
    select count(*)::text as rows, coalesce(max(position), 0)::text as last, coalesce(min(position), 1)::text as first from usage`.execute(
    store.db,
  );
  // No position is missing, and none was given twice.
  expect(rows).toEqual([{ rows: String(await ledger.position()), last: String(await ledger.position()), first: '1' }]);
  for (const { cluster, meter, fromMs, untilMs } of await ledger.watermarks()) {
    const stretches = await ledger.recordedSpans({ span: ever, cluster, meter });
    const [first] = stretches;
    expect(fromMs).toBe(crashStart);
    if (first === undefined) expect(untilMs).toBe(fromMs);
    else expect([fromMs, untilMs]).toEqual([first.startMs, first.endMs]);
  }
  for (const backfill of await createBackfillBook(store.db, systemClock.now).list()) {
    expect(backfill.windowsDone).toBeLessThanOrEqual(backfill.windowsTotal);
    const missing = backfill.cursors.flatMap(({ cluster, meter, nextMs }) =>
      windows.some(
        (each) => each.cluster === cluster && each.meter === meter && each.span.startMs === nextMs - 60_000,
      ) || nextMs === crashStart
        ? []
        : [{ cluster, nextMs }],
    );
    expect(missing).toEqual([]);
  }
}

/** Says everything once more: nothing is added, and the hashes are the same. */
async function expectSameAgain(ledger: StoredLedger): Promise<void> {
  const position = await ledger.position();
  for (const pair of crashPairs) {
    const windows = await ledger.windows({ span: ever, ...pair });
    for (const window of windows.slice(0, 50)) {
      const versions = Array.from({ length: rounds }, (_, each) => crashWindow(pair, window.span, each));
      const same = versions.find((each) => prepareWindow(each).hash === window.hash);
      if (same === undefined) throw new Error('nobody ever said this');
      expect(await ledger.record([same])).toMatchObject([{ rows: 0, hash: window.hash, revision: window.revision }]);
    }
  }
  expect(await ledger.position()).toBe(position);
}

test.each(['embedded', 'postgresql'])(
  'nothing is lost and nothing is counted twice when metering is killed on %s',
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'billing-crash-'));
    if (engine === 'postgresql') server = await startPostgres();
    const where = server?.url ?? folder;
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < rounds; round += 1) {
      acknowledged.push(...(await collectAndKill(where, round)));
      const store = await openStore<BillingTables>({
        folder: server === undefined ? where : '',
        url: server?.url,
        schema: billingSchema,
        migrations: ledgerMigrations,
        log: quietLog,
        clock: systemClock,
      });
      const ledger = await createLedger({ store, clock: systemClock });
      await expectWhole(store, ledger, acknowledged, round);
      if (round === rounds - 1) await expectSameAgain(ledger);
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThan(rounds * 8);
    rmSync(folder, { recursive: true, force: true });
  },
  rounds * 90_000,
);
