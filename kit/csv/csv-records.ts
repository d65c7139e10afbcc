import { type CsvOptions, createCsvReader } from './csv-reader.ts';
import type { CsvRecord } from './csv-syntax.ts';

/** Records of a text that comes in pieces, one at a time. Throws CsvError. */
export async function* csvRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: CsvOptions,
): AsyncGenerator<CsvRecord> {
  const reader = createCsvReader(options);
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}
