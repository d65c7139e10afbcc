import type { Kysely, Transaction } from 'kysely';

/** Statements are written in SQL, because nearly all of them move thousands of rows at once; so no table is described to kysely. */
export type BillingTables = Record<never, never>;
export type Db = Kysely<BillingTables>;
export type Tx = Transaction<BillingTables>;

/** Schema of the database in which the tables lie. */
export const billingSchema = 'billing';
