import { billingOptions } from '../../exporters/billing/options.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import type { Migrations } from '../../kit/store/migrate.ts';

/** A daemon that keeps state, as its backup needs to know it. */
export interface DaemonStore {
  readonly schema: string;
  /** Where its embedded database is unless an option says otherwise. */
  readonly folder: string;
  readonly migrations: () => Promise<Migrations>;
}

/** By the name of the daemon's command. */
export const daemonStores = {
  cmdb: {
    schema: 'cmdb',
    folder: cmdbOptions.options['store.folder'].default,
    migrations: async () => (await import('../../exporters/cmdb/store/migrations.ts')).cmdbMigrations,
  },
  billing: {
    schema: 'billing',
    folder: billingOptions.options['store.folder'].default,
    migrations: async () => (await import('../../exporters/billing/migrations.ts')).billingMigrations,
  },
} as const satisfies Readonly<Record<string, DaemonStore>>;

export type DaemonName = keyof typeof daemonStores;

export const daemonNames: readonly DaemonName[] = ['cmdb', 'billing'];
