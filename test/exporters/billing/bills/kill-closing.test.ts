import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { billMigrations } from '../../../../exporters/billing/bills/migrations.ts';
import { sumOf } from '../../../../exporters/billing/pricing/decimal.ts';
import { bookOn } from '../../../support/billing-book.ts';
import { killScene, monthNamed, tenantCount } from '../../../support/billing-kill-scene.ts';
import { createStoreBench, engines } from '../../../support/stores.ts';

/** `FLEETLENS_KILL_ROUNDS=25` takes minutes; a few rounds find what is plainly wrong. */
const rounds = Number(process.env['FLEETLENS_KILL_ROUNDS'] ?? 3);
const closer = join(import.meta.dirname, '..', '..', '..', 'support', 'billing-close-process.ts');
const bench = createStoreBench();
afterAll(() => bench.stop());

/** Lets a process close months for a while and kills it; the last month that it said is closed. */
async function closeAndKill(where: string, first: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', closer, where, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.includes('ready\n')) {
    if (child.exitCode !== null) throw new Error('the process ended by itself');
    await sleep(20);
  }
  await sleep(50 + Math.random() * 700);
  child.kill('SIGKILL');
  await once(child, 'close');
  const numbers = output.split('\n').filter((line) => /^\d+$/.test(line));
  return Number(numbers.at(-1) ?? first - 1);
}

test.each(engines)(
  'killed while it closes months on the %s database, it loses no bill, makes none twice and leaves no number out',
  async (kind) => {
    const place = await bench.place(kind);
    let last = -1;
    for (let round = 0; round < rounds; round += 1) last = await closeAndKill(place.url ?? place.folder, last + 1);
    const store = await bench.open<Record<never, never>>(kind, { migrations: billMigrations, ...place });
    // What was interrupted is gone on with.
    const book = bookOn(store, killScene(last + 1));
    await book.closeAll({ period: monthNamed(last + 1), by: 'test' });
    for (let month = 0; month <= last + 1; month += 1) {
      const { bills } = await book.list({ period: monthNamed(month), limit: 1000 });
      const originals = bills.filter(({ corrects }) => corrects === undefined);
      expect(new Set(originals.map(({ tenant }) => tenant)).size).toBe(tenantCount);
      expect(originals).toHaveLength(tenantCount);
      if (month <= last) expect(sumOf(bills.map(({ total }) => total)).toFixed()).toBe(String(2.5 * (tenantCount + 1)));
    }
    const { rows } = await sql<{ number: string }>`select number from bill order by number`.execute(store.db);
    expect(rows.map(({ number }) => number)).toEqual(
      rows.map((_, index) => `INV-2200-${String(index + 1).padStart(5, '0')}`),
    );
    const torn =
      await sql`select l.number from bill_line l left join bill b using (number) where b.number is null`.execute(
        store.db,
      );
    expect(torn.rows).toEqual([]);
    for (const { number } of rows.slice(-20)) expect((await book.bill(number))?.lines).toHaveLength(1);
  },
  60_000 + rounds * 20_000,
);
