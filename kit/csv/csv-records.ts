import { type CsvOptions, createCsvReader } from './csv-reader.ts';
import type { CsvRecord } from './csv-syntax.ts';

/** Records of a text that comes in pieces, one at a time. Throws CsvError. */
export async function* csvRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: CsvOptions,
): AsyncGenerator<CsvRecord> {
  const reader = createCsvReader(options);
  // Yielding a list as a whole waits more than once for each record, a fifth of the time of reading.
  for await (const chunk of chunks) for (const record of reader.push(chunk)) yield record;
  for (const record of reader.end()) yield record;
}
