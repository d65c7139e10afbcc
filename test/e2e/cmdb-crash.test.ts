import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCmdbStore } from '../../exporters/cmdb/store/cmdb-store.ts';
import { cmdbMigrations } from '../../exporters/cmdb/store/migrations.ts';
import { type CmdbTables, cmdbSchema } from '../../exporters/cmdb/store/tables.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';
import { openStore } from '../../kit/store/store.ts';
import { inconsistencies } from '../support/cmdb-consistency.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';

/** `FLEETLENS_KILL_ROUNDS=50 npx jest test/e2e/cmdb-crash.test.ts` takes minutes; a few rounds find what is plainly wrong. */
const rounds = Number(process.env['FLEETLENS_KILL_ROUNDS'] ?? 3);
const gpusEach = 40;
const log = createLog({ level: 'error', format: 'logfmt', daemon: 'cmdb', write: () => undefined });
const writer = join(import.meta.dirname, '..', 'support', 'cmdb-writer-process.ts');
let server: RunningPostgres | undefined;

afterAll(() => server?.stop());

/** Lets the writer work for a moment and kills it; the number of the last look that it was told is written. */
async function writeAndKill(where: string, first: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, where, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.includes('ready\n')) {
    if (child.exitCode !== null) throw new Error('the writer ended by itself');
    await sleep(20);
  }
  await sleep(100 + Math.random() * 900);
  child.kill('SIGKILL');
  await once(child, 'close');
  const numbers = output
    .split('\n')
    .slice(0, -1)
    .filter((line) => /^\d+$/.test(line));
  return Number(numbers.at(-1) ?? first - 1);
}

async function expectAllOf(where: string, last: number): Promise<void> {
  const isUrl = where.startsWith('postgresql:');
  const settings = {
    folder: isUrl ? '' : where,
    url: isUrl ? where : undefined,
    schema: cmdbSchema,
    migrations: cmdbMigrations,
    log,
    clock: systemClock,
  };
  const store = await openStore<CmdbTables>(settings);
  const precedence = { order: [], ofAttribute: new Map() };
  const { inventory } = await createCmdbStore({
    db: store.db,
    transaction: store.transaction,
    clock: systemClock,
    precedence,
  });
  for (let look = 0; look <= last; look += 1) {
    const found = inventory.byIdentity('server', { kind: 'hostname', value: `n${look}` });
    const gpus = found === undefined ? [] : inventory.incoming(found.id, 'installed_on');
    expect([look, found?.attributes['look']]).toEqual([look, look]);
    expect(gpus.length).toBeGreaterThanOrEqual(gpusEach);
  }
  // A look that was not acknowledged is there as a whole or not at all.
  expect(inventory.ofClass('gpu').length).toBe(inventory.ofClass('server').length * gpusEach + 1);
  expect(await inconsistencies(store.db)).toEqual([]);
  await store.close();
}

test.each(['embedded', 'postgresql'])(
  'nothing that was acknowledged is lost, and no history is torn, when the writer is killed on %s',
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'cmdb-crash-'));
    if (engine === 'postgresql') server = await startPostgres();
    const where = server?.url ?? folder;
    let last = -1;
    for (let round = 0; round < rounds; round += 1) {
      // A look that was written but not acknowledged may be there already; writing it again changes nothing.
      last = await writeAndKill(where, last + 1);
      await expectAllOf(where, last);
    }
    expect(last).toBeGreaterThan(rounds);
    rmSync(folder, { recursive: true, force: true });
  },
  rounds * 60_000,
);
