import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, errnoOf, reasonOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { postgresMajor } from './pglite-version.ts';
import { syncPath } from './sync-path.ts';
import { makeTemplate, readTemplate } from './template.ts';
import { unpack } from './unpack.ts';

/** The folder of the store: the socket of the lock, and the data of the database in a folder of their own. */
export interface DataFolder {
  readonly path: string;
  readonly lock: string;
  readonly data: string;
}

/** Makes the folder if it is not there yet. */
export function storeFolder(path: string): DataFolder {
  const absolute = resolve(path);
  try {
    mkdirSync(absolute, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(`cannot make the folder ${absolute} of the database: ${reasonOf(error)}`);
  }
  return { path: absolute, lock: join(absolute, 'lock'), data: join(absolute, 'data') };
}

/** Lays a new database unless there is one, and refuses one that this version cannot read. Under the lock. */
export async function prepareData({ path, data }: DataFolder, log: Log): Promise<void> {
  const found = versionOf(data);
  if (found === postgresMajor) return;
  if (found !== undefined) throw otherVersion(path, found);
  const unfinished = join(path, 'data.new');
  try {
    // What a process left behind that was stopped while it laid a database.
    rmSync(unfinished, { recursive: true, force: true });
    unpack(readTemplate(log) ?? (await makeTemplate()), unfinished);
    renameSync(unfinished, data);
    syncPath(path);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw cannotLay(path, error);
  }
}

function versionOf(data: string): string | undefined {
  try {
    return readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`cannot read the database in ${data}: ${reasonOf(error)}`);
  }
}

function otherVersion(path: string, found: string): ConfigError {
  return new ConfigError(
    `the database in ${path} is of PostgreSQL ${found.slice(0, 20)}, and this version reads ${postgresMajor}: back it up with the version of FleetLens that wrote it (fleetlens store backup), and restore it into another folder`,
  );
}

function cannotLay(path: string, error: unknown): Error {
  const code = errnoOf(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  return new ConfigError(`cannot lay a database in ${path}: ${reasonOf(error)}`);
}
