import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../kit/clock.ts';
import { ConfigError } from '../../kit/errors.ts';
import { createLog, type Log } from '../../kit/log.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import type { Database } from '../../kit/store/database.ts';
import { storePlace } from '../../kit/store/options.ts';
import { openDatabase } from '../../kit/store/store.ts';
import { type DaemonStore, daemonStores } from './daemon-stores.ts';
import type { backupOptions } from './options.ts';

type Place = Pick<OptionValues<typeof backupOptions.options>, 'daemon' | 'store.folder' | 'store.url-file'>;

export interface OpenPlace {
  readonly store: DaemonStore;
  readonly database: Database;
  readonly log: Log;
}

/** Opens the database of a daemon, which must not have it open itself if it is the embedded one. */
export async function openPlace(
  command: string,
  options: Place,
  { mayBeNew }: { readonly mayBeNew: boolean },
): Promise<OpenPlace> {
  const store: DaemonStore = daemonStores[options.daemon];
  const place = storePlace({ ...options, 'store.folder': options['store.folder'] ?? store.folder });
  if (place.url === undefined && !mayBeNew && !existsSync(join(place.folder, 'data'))) {
    throw new ConfigError(
      `there is no database in ${place.folder}; name its folder with --store.folder, or the server with --store.url-file`,
    );
  }
  const log = createLog({
    level: 'warn',
    format: 'logfmt',
    daemon: command,
    write: (line) => void process.stderr.write(line),
  });
  const database = await openDatabase({
    ...place,
    schema: store.schema,
    applicationName: 'fleetlens store',
    log,
    clock: systemClock,
  });
  return { store, database, log };
}
