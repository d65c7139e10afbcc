import { ApiError, badField } from '../../../kit/api/api-error.ts';
import { bodyText, boundedBody } from '../../../kit/api/body-text.ts';
import { SourceError } from '../../../kit/errors.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { Observation } from '../observation.ts';
import { createColumns } from '../sources/files/columns.ts';
import { parseCsv } from '../sources/files/parse-csv.ts';
import { rowsToItems } from '../sources/files/rows-to-items.ts';
import { parseYamlItems, yamlItemsOf } from '../sources/files/yaml-entries.ts';
import { createObservedItems } from '../sources/observed-items.ts';

export const importTypes = ['text/csv', 'application/yaml', 'text/yaml', 'application/json'] as const;

export interface ImportOptions {
  readonly contentType: string;
  readonly contentLength: number | undefined;
  readonly maxBytes: number;
  readonly defaultClass: ItemClass;
  readonly isComplete: boolean;
  readonly signal: AbortSignal;
}

/** As errors and problems call the body. */
const file = 'import';
/** YAML and JSON make sense as a whole only, so all of it is in memory at once, several times over. */
const maxWholeBytes = 32 * 1024 * 1024;

/** What the body of an import tells. CSV is read row by row and its text is never held as a whole. Throws ApiError. */
export async function readImport(body: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<Observation> {
  const { contentType, contentLength, defaultClass, isComplete, signal } = options;
  const isCsv = contentType === 'text/csv';
  const maxBytes = isCsv ? options.maxBytes : Math.min(options.maxBytes, maxWholeBytes);
  if (contentLength !== undefined && contentLength > maxBytes) throw tooLarge(maxBytes, isCsv);
  const bytes = boundedBody(body, maxBytes, () => tooLarge(maxBytes, isCsv));
  const items = createObservedItems();
  const rowOptions = { file, defaultClass, columnOf: createColumns(new Map()), signal };
  try {
    const rows = isCsv ? parseCsv(bytes, { file, maxBytes }) : wholeOf(contentType, await bodyText(bytes));
    await rowsToItems(rows, rowOptions, items);
  } catch (error) {
    if (error instanceof SourceError) throw badField('body', error.message);
    throw error;
  }
  if (items.size === 0 && items.observation(false).problems.length === 0) throw badField('body', 'it holds no item');
  return items.observation(isComplete);
}

function tooLarge(maxBytes: number, isCsv: boolean): ApiError {
  const remedy = isCsv ? 'split it, or raise --api.max-import-mib' : 'split it, or send CSV, which is read row by row';
  return new ApiError('too_large', `the body is larger than ${maxBytes} bytes; ${remedy}`);
}

function wholeOf(contentType: string, text: string): ReturnType<typeof parseYamlItems> {
  if (contentType !== 'application/json') return parseYamlItems(file, text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badField('body', `it is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`);
  }
  return yamlItemsOf(file, value);
}
