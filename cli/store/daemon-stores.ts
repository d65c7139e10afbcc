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
} as const satisfies Readonly<Record<string, DaemonStore>>;

export type DaemonName = keyof typeof daemonStores;

export const daemonNames: readonly DaemonName[] = ['cmdb'];
