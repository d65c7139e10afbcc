import { sql } from 'kysely';
import { ledgerMigrations } from '../../exporters/billing/ledger/migrations.ts';
import { type BillingTables, billingSchema } from '../../exporters/billing/ledger/tables.ts';
import type { Coverage, MeteredWindow, Usage } from '../../exporters/billing/usage.ts';
import type { Store } from '../../kit/store/store.ts';
import type { EngineKind, StoreBench } from './stores.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const fullCoverage: Coverage = { expectedScrapes: 120, seenScrapes: 120, gaps: [], gapMs: 0, isHeld: false };

export function openBillingStore(bench: StoreBench, kind: EngineKind, place = {}): Promise<Store<BillingTables>> {
  return bench.open<BillingTables>(kind, { schema: billingSchema, migrations: ledgerMigrations, ...place });
}

/** Takes away what guards the ledger, empties it, and puts the guards back. */
export async function emptyBilling({ db }: Store<BillingTables>): Promise<void> {
  const guarded = ['series', 'metering', 'usage'];
  for (const table of guarded) await sql`alter table ${sql.table(table)} disable trigger user`.execute(db);
  const { rows } = await sql<{ name: string }>`
    select relname::text as name from pg_class
    where relispartition and relkind = 'r' and relnamespace = current_schema()::regnamespace`.execute(db);
  for (const { name } of rows) await sql`drop table ${sql.table(name)}`.execute(db);
  await sql`truncate series, metering, watermark, roll_up, usage_day, recheck, backfill`.execute(db);
  for (const table of guarded) await sql`alter table ${sql.table(table)} enable trigger user`.execute(db);
}

export function usage(resource: string, quantity: bigint, more: Partial<Usage> = {}): Usage {
  return {
    meter: 'gpu_time',
    cluster: 'east',
    node: 'n1',
    resource,
    sku: 'H100',
    state: 'used',
    reason: '',
    holder: { namespace: 'team-a', pod: 'train-0' },
    share: { num: 1, den: 1 },
    quantity,
    ...more,
  };
}

export const at = (text: string): number => Date.parse(text);

/** An hour of gpu_time in the cluster east. */
export function windowAt(startMs: number, usages: readonly Usage[], more: Partial<MeteredWindow> = {}): MeteredWindow {
  return {
    meter: 'gpu_time',
    cluster: 'east',
    span: { startMs, endMs: startMs + hourMs },
    usages,
    coverage: fullCoverage,
    conservation: undefined,
    evidence: { source: 'test', queries: ['up'], samples: 120 },
    ...more,
  };
}
