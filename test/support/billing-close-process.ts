// Closes month after month for many tenants, corrects each, and prints the number of each month that it was told is closed.
// Arguments: folder of the embedded database, or URL of a server; number of the first month.
import { billMigrations } from '../../exporters/billing/bills/migrations.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';
import { openStore } from '../../kit/store/store.ts';
import { bookOn } from './billing-book.ts';
import { killScene, monthNamed } from './billing-kill-scene.ts';

const [where = '', first = '0'] = process.argv.slice(2);
const isUrl = where.startsWith('postgresql:');
const store = await openStore<Record<never, never>>({
  folder: isUrl ? '' : where,
  url: isUrl ? where : undefined,
  schema: 'test',
  migrations: billMigrations,
  log: createLog({
    level: 'error',
    format: 'logfmt',
    daemon: 'billing',
    write: (line) => void process.stderr.write(line),
  }),
  clock: systemClock,
});
process.stdout.write('ready\n');
for (let month = Number(first); ; month += 1) {
  const scene = killScene(month);
  const book = bookOn(store, scene);
  await book.closeAll({ period: monthNamed(month), by: 'test' });
  scene.rows.push({ tenant: 't0', sku: 'H100', atMs: scene.rows[0]?.atMs ?? 0, ms: 3_600_000n });
  await book.correction({ period: monthNamed(month), by: 'test', tenant: 't0' });
  process.stdout.write(`${month}\n`);
}
