import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import { type CsvReading, type CsvRequest, readCsv } from './read-csv.ts';

/** As `readCsv`, of a file, which may be compressed with gzip. Throws ConfigError for one that cannot be read. */
export async function readCsvFile(path: string, request: Omit<CsvRequest, 'where'>): Promise<CsvReading> {
  return readCsv(textOf(path), { ...request, where: path });
}

async function* textOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // A pipe does not hand on what went wrong before it.
  file.once('error', (error) => bytes.destroy(error));
  const decoder = new TextDecoder();
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${reasonOf(error)}`);
  } finally {
    file.destroy();
  }
}
