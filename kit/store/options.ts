import { readFileSync, statSync } from 'node:fs';
import { ConfigError, reasonOf } from '../errors.ts';
import type { OptionSpecs } from '../options/define.ts';

/** The options of a daemon that keeps state: `...storeOptions('/var/lib/fleetlens/cmdb')`. */
export function storeOptions<const Folder extends string>(folder: Folder) {
  return {
    'store.folder': {
      type: 'path',
      default: folder,
      help: 'Folder of the embedded database; made if it is not there. Of one process at a time, on a disk of this machine.',
    },
    'store.url-file': {
      type: 'path',
      help: 'File with the URL of a PostgreSQL server, 15 or newer, to use instead of the embedded database: postgresql://user:password@host:5432/database?sslmode=verify-full. Others must not be able to read it.',
    },
  } as const satisfies OptionSpecs;
}

export type StoreOptions = ReturnType<typeof storeOptions>;

export interface StorePlace {
  readonly folder: string;
  readonly url: string | undefined;
  readonly urlFrom: string;
}

const maxBytes = 4096;

/** What the options of the store say, with the URL read from its file. */
export function storePlace(options: {
  readonly 'store.folder': string;
  readonly 'store.url-file': string | undefined;
}): StorePlace {
  const { 'store.folder': folder, 'store.url-file': file } = options;
  const url = file === undefined ? undefined : readUrl(file);
  return { folder, url, urlFrom: `--store.url-file ${file ?? ''}`.trim() };
}

function readUrl(file: string): string {
  const where = `--store.url-file ${file}`;
  const text = readSecret(file, where).trim();
  if (text === '') throw new ConfigError(`${where} is empty; it must hold the URL of a PostgreSQL server`);
  if (/\s/.test(text)) throw new ConfigError(`${where} must hold one URL and nothing else`);
  return text;
}

function readSecret(file: string, where: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new ConfigError(`${where} is no plain file`);
    if (stats.size > maxBytes) throw new ConfigError(`${where} has ${stats.size} bytes; a URL has at most ${maxBytes}`);
    if ((stats.mode & 0o007) !== 0) {
      throw new ConfigError(
        `${where} holds a password and is open to everybody; chmod 640 it, or set defaultMode: 0440 on the volume of a Kubernetes Secret`,
      );
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`cannot read ${where}: ${reasonOf(error)}`);
  }
}
