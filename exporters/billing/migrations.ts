import type { Migrations } from '../../kit/store/migrate.ts';
import { billMigrations } from './bills/migrations.ts';
import { counterMigrations } from './counters/counter-store.ts';
import { ledgerMigrations } from './ledger/migrations.ts';

export const billingSchema = 'billing';

/** In the order of their names. A migration that was released is never changed. */
export const billingMigrations: Migrations = { ...ledgerMigrations, ...billMigrations, ...counterMigrations };
