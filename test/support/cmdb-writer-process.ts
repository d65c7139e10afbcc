// Writes looks, moves and edits into the inventory as fast as it can, and prints the number of each that was acknowledged.
// Arguments: folder of the embedded database, or URL of a server; number of the first look.
import { createCmdbStore } from '../../exporters/cmdb/store/cmdb-store.ts';
import { cmdbMigrations } from '../../exporters/cmdb/store/migrations.ts';
import { type CmdbTables, cmdbSchema } from '../../exporters/cmdb/store/tables.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';
import { openStore } from '../../kit/store/store.ts';
import { observation, observed } from './cmdb-observed.ts';

const gpusEach = 40;
const [where = '', first = '0'] = process.argv.slice(2);
const isUrl = where.startsWith('postgresql:');
const log = createLog({
  level: 'error',
  format: 'logfmt',
  daemon: 'cmdb',
  write: (line) => void process.stderr.write(line),
});
const store = await openStore<CmdbTables>({
  folder: isUrl ? '' : where,
  url: isUrl ? where : undefined,
  schema: cmdbSchema,
  migrations: cmdbMigrations,
  log,
  clock: systemClock,
});
const cmdb = await createCmdbStore({
  db: store.db,
  transaction: store.transaction,
  clock: systemClock,
  precedence: { order: [], ofAttribute: new Map() },
});
process.stdout.write('ready\n');
for (let look = Number(first); ; look += 1) {
  const server = observed('server', `n${look}`, { hostname: `n${look}` }, { attributes: { look } });
  const gpus = Array.from({ length: gpusEach }, (_, index) =>
    observed(
      'gpu',
      `g${look}-${index}`,
      { uuid: `gpu-${look}-${index}` },
      { relations: [{ type: 'installed_on', to: `n${look}` }] },
    ),
  );
  // A GPU that moves from each server to the next one.
  const roving = observed(
    'gpu',
    'roving',
    { uuid: 'gpu-roving' },
    { relations: [{ type: 'installed_on', to: `n${look}` }] },
  );
  await cmdb.look({
    source: 'scan',
    type: 'test',
    observation: observation([server, ...gpus, roving], { isComplete: false }),
    startedAt: systemClock.now(),
    mayCreate: true,
    maxMissingRatio: 1,
    check: () => [],
  });
  process.stdout.write(`${look}\n`);
}
