import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { errnoOf, reasonOf, SourceError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { packageRoot } from '../../package-root.ts';
import { startWorker } from '../../start-worker.ts';
import { pgliteVersion } from './pglite-version.ts';

/** Made with the package: laying a database from it takes a second, initdb five, and 800 MB of memory. */
export const templateFile = join(packageRoot, 'dist', `pglite-${pgliteVersion}.tar.gz`);

const maxBytes = 200 * 1024 * 1024;

/** The tar archive of an empty database; undefined if the package was built without, or if the file is damaged. */
export function readTemplate(log: Log, file = templateFile): Buffer | undefined {
  try {
    return gunzipSync(readFileSync(file), { maxOutputLength: maxBytes });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT')
      log.warn('the template of the database is damaged', { file, reason: reasonOf(error) });
    return undefined;
  }
}

/** The same by initdb, in a thread of its own, whose memory is given back. */
export function makeTemplate(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(join(import.meta.dirname, 'make-template'), undefined);
    worker.once('message', (archive: Uint8Array) => resolve(Buffer.from(archive.buffer)));
    worker.once('error', reject);
    worker.once('exit', () => reject(new SourceError('the embedded database could not be made')));
  });
}
