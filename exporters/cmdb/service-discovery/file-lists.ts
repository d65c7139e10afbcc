import { join } from 'node:path';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import type { ServiceDiscovery } from './service-discovery.ts';

/**
 * Writes the last good lists where Prometheus reads them with file_sd. Prometheus forgets what http_sd told it when it restarts; with the
 * file it has targets while this daemon is away, too.
 */
export interface FileLists {
  /** Writes what has changed. Never rejects. */
  readonly write: () => Promise<void>;
}

export interface FileListsDeps {
  readonly folder: string;
  readonly discovery: Pick<ServiceDiscovery, 'look' | 'overview'>;
  /** Replaces a file at once, so that nobody reads half of it. */
  readonly replaceFile: (path: string, text: string) => Promise<void>;
  readonly log: Log;
}

export function createFileLists({ folder, discovery, replaceFile, log }: FileListsDeps): FileLists {
  const written = new Map<string, string>();
  let failure: string | undefined;

  async function writeList(name: string): Promise<void> {
    const answer = await discovery.look(name);
    if (answer?.kind !== 'list' || written.get(name) === answer.list.etag) return;
    await replaceFile(join(folder, `${name}.json`), answer.list.text);
    written.set(name, answer.list.etag);
  }

  function report(reason: string | undefined): void {
    if (reason === failure) return;
    failure = reason;
    if (reason === undefined) log.info('lists for file_sd can be written again', { folder });
    else
      log.warn('lists for file_sd cannot be written', { folder, reason, remedy: 'let this user write to the folder' });
  }

  return {
    write: async () => {
      try {
        for (const { name } of discovery.overview()) await writeList(name);
        report(undefined);
      } catch (error) {
        report(reasonOf(error));
      }
    },
  };
}
