// A process of its own that tests start and kill: node store-child.mjs <dist> <job> <settings as JSON>
import { randomBytes } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [, , dist, job, text] = process.argv;
const settings = JSON.parse(text);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const say = (line) => writeSync(1, `${line}\n`);
const log = Object.fromEntries(
  ['debug', 'info', 'warn', 'error', 'setLevel'].map((name) => [
    name,
    (...said) => writeSync(2, `${name} ${JSON.stringify(said)}\n`),
  ]),
);

const jobs = { lock, write, hold, 'failing-fsync': failingFsync, start, template };
await jobs[job]().catch((error) => {
  say(`refused ${error.name}: ${error.message}`);
  process.exit(2);
});

/** Takes part in a race for the lock. */
async function lock() {
  const { lockData } = await load('kit/store/embedded/data-lock.js');
  await sleep(settings.atMs - Date.now());
  await lockData({ ...settings, onLost: (holder) => say(`lost ${holder}`) });
  say('held');
  await sleep(60_000);
}

async function open() {
  const [{ openStore }, { systemClock }, { sql }] = await Promise.all([
    load('kit/store/store.js'),
    load('kit/clock.js'),
    import('kysely'),
  ]);
  const migrations = {
    '001-row': {
      up: (db) => sql`create table row (batch bigint, part int, filler text, primary key (batch, part))`.execute(db),
    },
  };
  return { sql, store: await openStore({ log, clock: systemClock, migrations, schema: 'test', ...settings }) };
}

/** Says what it found, then writes transactions of three rows each, and says which ones are acknowledged. */
async function write() {
  const { sql, store } = await open();
  const { rows } = await sql`select batch, count(*)::int as parts from row group by batch order by batch`.execute(
    store.db,
  );
  const torn = rows.filter(({ parts }) => parts !== 3);
  say(`found ${JSON.stringify({ count: rows.length, torn, batches: rows.map(({ batch }) => Number(batch)) })}`);
  let batch = Number(rows.at(-1)?.batch ?? 0);
  while (settings.most === undefined || batch < settings.most) {
    batch++;
    try {
      await store.transaction(async (transaction) => {
        for (const part of [1, 2, 3]) {
          await sql`insert into row values (${batch}, ${part}, ${filler()})`.execute(transaction);
        }
      });
    } catch (error) {
      say(`failed ${batch} ${error.message}`);
      if (settings.goesOn !== true) break;
      await sleep(500);
      continue;
    }
    say(`wrote ${batch}`);
  }
  say(`trouble ${store.trouble()}`);
  await sleep(settings.lingerMs ?? 0);
  process.exit(0);
}

/** Random, so that the database cannot make it smaller. */
function filler() {
  return randomBytes((settings.fillerBytes ?? 500) / 2).toString('hex');
}

async function hold() {
  await open();
  say('held');
  await sleep(60_000);
}

/** A pipe cannot be brought to a disk: the kernel says so, as it does for a disk that fails. */
async function failingFsync() {
  const { installDurability } = await load('kit/store/embedded/durable-fs.js');
  const nothing = () => undefined;
  const files = { realPath: nothing, node_ops: { mknod: nothing, rename: nothing, unlink: nothing }, stream_ops: {} };
  installDurability(files, nothing);
  files.stream_ops.fsync({ nfd: 1 });
  say('survived');
}

/** Says how long the start took, and what memory it takes then. */
async function start() {
  const startedMs = performance.now();
  const { sql, store } = await open();
  await sql`select count(*) from row`.execute(store.db);
  const ms = performance.now() - startedMs;
  const kib = (file, field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1]);
  await sleep(1000);
  const memory = { pssKib: kib('/proc/self/smaps_rollup', 'Pss'), peakKib: kib('/proc/self/status', 'VmHWM') };
  say(`started ${JSON.stringify({ ms, ...memory })}`);
  await store.close();
  process.exit(0);
}

/** Says how long initdb takes, which the template saves. */
async function template() {
  const { makeTemplate } = await load('kit/store/embedded/template.js');
  const startedMs = performance.now();
  await makeTemplate();
  say(`made ${performance.now() - startedMs}`);
  process.exit(0);
}
