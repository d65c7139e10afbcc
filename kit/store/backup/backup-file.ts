import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { ConfigError, errnoOf, reasonOf } from '../../errors.ts';
import { syncPath } from '../embedded/sync-path.ts';
import { type BackupResult, type BackupSettings, writeBackup } from './write-backup.ts';

/** Writes a backup into a file that only its owner may read. The file has its name once it is complete and on the disk. */
export async function backupToFile(
  settings: Omit<BackupSettings, 'write'>,
  { path, replace }: { readonly path: string; readonly replace: boolean },
): Promise<BackupResult> {
  if (!replace && existsSync(path)) {
    throw new ConfigError(`the file ${path} is there already; name another one, or --force to replace it`);
  }
  const unfinished = `${path}.unfinished`;
  try {
    await rm(unfinished, { force: true });
    const result = await backupTo(settings, createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }), path);
    await syncFile(unfinished);
    await rename(unfinished, path);
    syncPath(dirname(path));
    return result;
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw explainedWrite(error, path);
  }
}

/** Writes a backup into a stream, and ends it. `where` names it for errors. */
export async function backupTo(
  settings: Omit<BackupSettings, 'write'>,
  output: Writable,
  where: string,
): Promise<BackupResult> {
  const gzip = createGzip({ level: 3 });
  const written = pipeline(gzip, output);
  // Whoever writes hears of it first.
  written.catch(() => undefined);
  try {
    const result = await writeBackup({ ...settings, write: (bytes) => writeTo(gzip, bytes, written) });
    gzip.end();
    await written;
    return result;
  } catch (error) {
    gzip.destroy();
    throw explainedWrite(error, where);
  }
}

/** A stream that has failed gives its reason, and not that it takes nothing more. */
async function writeTo(gzip: Gzip, bytes: Buffer, written: Promise<void>): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    await written;
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const ofFiles = [
  'ENOSPC',
  'EFBIG',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EPIPE',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EROFS',
  'EIO',
];

function explainedWrite(error: unknown, where: string): unknown {
  if (!ofFiles.includes(errnoOf(error) ?? '')) return error;
  return new ConfigError(`cannot write ${where}: ${reasonOf(error)}`);
}

/** The content of a backup, for `restoreBackup`. */
export async function* readBackupFile(input: Readable, where: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // Its errors come out of the iteration.
  pipeline(input, gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    throw explained(error, where);
  } finally {
    input.destroy();
  }
}

export function openBackupFile(path: string): AsyncGenerator<Buffer> {
  return readBackupFile(createReadStream(path), path);
}

function explained(error: unknown, where: string): unknown {
  const code = errnoOf(error);
  if (code === 'Z_BUF_ERROR') return new ConfigError(`${where} is cut off; take another backup`);
  if (code?.startsWith('Z_') === true) return new ConfigError(`${where} is damaged, or no backup of FleetLens`);
  return code === undefined ? error : new ConfigError(`cannot read ${where}: ${reasonOf(error)}`);
}
