import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { type Kysely, PostgresDialect, Kysely as Queries, sql } from 'kysely';
import pg from 'pg';
import { childrenOf } from '../support/child-process.ts';
import { buildDist } from '../support/dist.ts';
import { startStoreChild } from '../support/store-child.ts';
import { createStoreBench, type StoreBench } from '../support/stores.ts';
import { type Bench, costOf, type Row, row } from './bench.ts';

const batches = 30;
const batchRows = 1000;
const commits = 300;
const runs = 3;

const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create table usage (
    gpu text, tenant text, meter text, start_at timestamptz, quantity bigint, share int, node text, pod text, facts jsonb, source text,
    primary key (gpu, tenant, meter, start_at))`.execute(db);
  await sql`create index usage_tenant on usage (tenant, start_at)`.execute(db);
};

/** One of the databases that are compared. */
interface Side {
  readonly db: Kysely<unknown>;
  /** CPU time of other processes that work for it. */
  readonly cpuMsElsewhere: () => number;
}

export const store: Bench = {
  name: 'store',
  about:
    'upserts and durable commits on the embedded database and on PostgreSQL 15 against PGlite as shipped, which brings nothing to the disk; starts and memory',
  run: async (progress) => {
    const stores = createStoreBench();
    try {
      return [...(await writeRows(stores, progress)), ...(await startRows(stores, progress))];
    } finally {
      await stores.stop();
    }
  },
};

async function writeRows(stores: StoreBench, progress: (step: string) => void): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fl-plain-'));
  const plain = new Queries<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool(createPgConfig(folder)) }) });
  await up(plain);
  const migrations = { '001-usage': { up } };
  const embedded = (await stores.open<unknown>('embedded', { migrations })).db;
  const server = (await stores.open<unknown>('postgresql', { migrations })).db;
  const postmaster = (await stores.postgres()).pid();
  const sides: Readonly<Record<string, Side>> = {
    plain: { db: plain, cpuMsElsewhere: () => 0 },
    embedded: { db: embedded, cpuMsElsewhere: () => 0 },
    postgresql: { db: server, cpuMsElsewhere: () => cpuMsOf([postmaster, ...childrenOf(postmaster)]) },
  };
  const upserts = await measured(sides, progress, 'upserts', upsertBatches, batches * batchRows);
  const singles = await measured(sides, progress, 'commits', singleCommits, commits);
  await plain.destroy();
  rmSync(folder, { recursive: true, force: true });
  return [
    ...compared('upserts of 1000 rows, wall', 'rows/s', upserts.wall),
    ...compared('upserts of 1000 rows, CPU', 'rows/s', upserts.cpu),
    ...compared('single commits, wall', 'commits/s', singles.wall),
  ];
}

type Rates = Readonly<Record<string, readonly number[]>>;

function compared(name: string, unit: string, rates: Rates): readonly Row[] {
  const baselineRuns = rates['plain'] ?? [];
  return ['embedded', 'postgresql'].map((side) =>
    row({ bench: 'store', name: `${name}, ${side}`, unit, runs: rates[side] ?? [], baselineRuns }),
  );
}

/** All sides in turn, so that a busy moment hits all of them. */
async function measured(
  sides: Readonly<Record<string, Side>>,
  progress: (step: string) => void,
  what: string,
  work: (db: Kysely<unknown>, run: number) => Promise<void>,
  count: number,
): Promise<{ readonly wall: Rates; readonly cpu: Rates }> {
  const wall: Record<string, number[]> = {};
  const cpu: Record<string, number[]> = {};
  for (let run = 0; run <= runs; run++) {
    for (const [name, { db, cpuMsElsewhere }] of Object.entries(sides)) {
      progress(`${what}: ${name}, run ${run} of ${runs}`);
      const before = cpuMsElsewhere();
      const { wallMs, cpuMs } = await costOf(() => work(db, run));
      // The first run warms up.
      if (run === 0) continue;
      wall[name] = [...(wall[name] ?? []), (count / wallMs) * 1000];
      cpu[name] = [...(cpu[name] ?? []), (count / (cpuMs + cpuMsElsewhere() - before)) * 1000];
    }
  }
  return { wall, cpu };
}

async function upsertBatches(db: Kysely<unknown>, run: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const numbers = Array.from({ length: batchRows }, (_, index) => batch * batchRows + index);
    await sql`insert into usage select * from unnest(
        ${numbers.map((each) => `GPU-${each % 800}`)}::text[], ${numbers.map((each) => `tenant-${each % 40}`)}::text[],
        ${numbers.map(() => 'gpu_time')}::text[],
        ${numbers.map((each) => new Date(Date.UTC(2026, 0, 1 + run, 0, each / 100)).toISOString())}::timestamptz[],
        ${numbers}::bigint[], ${numbers.map(() => 56)}::int[], ${numbers.map((each) => `node-${each % 100}`)}::text[],
        ${numbers.map((each) => `pod-${each}`)}::text[], ${numbers.map(() => '{"model": "H100"}')}::jsonb[],
        ${numbers.map(() => 'prometheus')}::text[])
      on conflict (gpu, tenant, meter, start_at) do update set quantity = excluded.quantity`.execute(db);
  }
}

async function singleCommits(db: Kysely<unknown>, run: number): Promise<void> {
  for (let each = 0; each < commits; each++) {
    await sql`insert into usage (gpu, tenant, meter, start_at) values ('one', ${`${run}`}, ${`${each}`}, now())`.execute(
      db,
    );
  }
}

function cpuMsOf(pids: readonly number[]): number {
  return pids.map(cpuMsOfProcess).reduce((sum, each) => sum + each, 0);
}

/** Fields 14 and 15, in hundredths of a second; 0 for one that has ended meanwhile. */
function cpuMsOfProcess(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

async function startRows(stores: StoreBench, progress: (step: string) => void): Promise<readonly Row[]> {
  const dist = await buildDist();
  const figures: Record<string, { readonly unit: string; readonly runs: number[] }> = {};
  const add = (name: string, unit: string, value: number): void => {
    figures[name] = { unit, runs: [...(figures[name]?.runs ?? []), value] };
  };
  const start = async (name: string, place: object): Promise<void> => {
    const child = startStoreChild(dist, 'start', place);
    const said: { ms: number; pssKib: number; peakKib: number } = JSON.parse(await child.says('started'));
    await child.ended;
    add(`start, ${name}`, 'ms', said.ms);
    add(`PSS, ${name}`, 'MiB', said.pssKib / 1024);
    add(`peak, ${name}`, 'MiB', said.peakKib / 1024);
  };
  for (let run = 1; run <= runs; run++) {
    progress(`starts: run ${run} of ${runs}`);
    const maker = startStoreChild(dist, 'template', {});
    add('initdb, without the template', 'ms', Number(await maker.says('made')));
    await maker.ended;
    const embedded = await stores.place('embedded');
    await start('embedded, first', embedded);
    await start('embedded, again', embedded);
    await start('postgresql', await stores.place('postgresql'));
  }
  return Object.entries(figures).map(([name, { unit, runs: all }]) => row({ bench: 'store', name, unit, runs: all }));
}
