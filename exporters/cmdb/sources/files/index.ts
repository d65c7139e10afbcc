import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { entriesOf, invalid, oneOf, optional, type Place, textOf, wholeOf } from '../../../../kit/config-values.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import { type ItemClass, itemClasses } from '../../model/item-class.ts';
import type { ObserveContext } from '../../observation.ts';
import { filePatternsOf, listFiles, readText } from '../file-list.ts';
import { createObservedItems, type ObservedItems } from '../observed-items.ts';
import { defineSourceType } from '../source-type.ts';
import { createColumns } from './columns.ts';
import { parseCsv } from './parse-csv.ts';
import { type RowOptions, rowsToItems } from './rows-to-items.ts';
import { parseYamlItems } from './yaml-entries.ts';

const formats = ['csv', 'yaml'] as const;
const classes = Object.keys(itemClasses) as readonly ItemClass[];
const maxYamlBytes = 32 * 1024 * 1024;
const maxColumns = 256;
const delimiters: Readonly<Record<string, string>> = { ',': ',', ';': ';', tab: '\t', '|': '|' };

interface FileConfig {
  readonly patterns: readonly string[];
  readonly format: (typeof formats)[number] | undefined;
  readonly defaultClass: ItemClass;
  readonly columns: ReadonlyMap<string, string>;
  readonly delimiter: string | undefined;
  readonly maxRows: number | undefined;
}

export const files = defineSourceType<FileConfig>({
  type: 'file',
  about: 'Items from CSV and YAML files that people or other systems keep.',
  keys: ['files', 'format', 'class', 'columns', 'delimiter', 'max_rows'],
  read: (field) => ({
    patterns: filePatternsOf(field('files')),
    format: optional(field('format'), (place) => oneOf(place, formats)),
    defaultClass: optional(field('class'), (place) => oneOf(place, classes)) ?? 'server',
    columns: optional(field('columns'), columnsOf) ?? new Map(),
    delimiter: optional(field('delimiter'), (place) => delimiters[oneOf(place, Object.keys(delimiters))]),
    maxRows: optional(field('max_rows'), (place) => wholeOf(place, { min: 1, max: 1_000_000 })),
  }),
  create: (name, config) => ({
    name,
    type: 'file',
    observe: async (context) => {
      const items = createObservedItems();
      const failures: string[] = [];
      const paths = await listFiles(config.patterns);
      for (const path of paths) {
        try {
          await readFileInto(path, config, items, context);
        } catch (error) {
          if (!(error instanceof SourceError)) throw error;
          failures.push(reasonOf(error));
          items.failScope(path, reasonOf(error));
        }
      }
      const [first] = failures;
      if (first !== undefined && failures.length === paths.length) throw new SourceError(first);
      return items.observation(true);
    },
  }),
});

/** `column: meaning`, as the file writes the column. */
function columnsOf(place: Place): ReadonlyMap<string, string> {
  const entries = entriesOf(place, maxColumns).map(([column, meaning]) => {
    const at = { value: meaning, where: `${place.where}.${column}` };
    const text = textOf(at);
    if (!/^[a-z][a-z0-9_]*(:(number|boolean|list))?$/.test(text))
      throw invalid(at, 'a column or attribute in lower case, or ignore');
    return [column, text] as const;
  });
  return new Map(entries);
}

async function readFileInto(
  path: string,
  config: FileConfig,
  items: ObservedItems,
  context: ObserveContext,
): Promise<void> {
  const options: RowOptions = {
    file: path,
    defaultClass: config.defaultClass,
    columnOf: createColumns(config.columns),
    signal: context.signal,
    onProgress: (rows) => context.onProgress(rows, rows),
  };
  if (isYaml(path, config)) {
    await rowsToItems(parseYamlItems(path, await yamlText(path)), options, items);
    return;
  }
  await checkPlain(path);
  const stream = createReadStream(path);
  try {
    await rowsToItems(
      parseCsv(stream, { file: path, delimiter: config.delimiter, maxRows: config.maxRows }),
      options,
      items,
    );
  } catch (error) {
    throw errnoOf(error) === undefined ? error : new SourceError(`${path} cannot be read: ${errnoOf(error)}`);
  } finally {
    stream.destroy();
  }
}

function isYaml(path: string, { format }: FileConfig): boolean {
  return format === undefined ? /\.ya?ml$/i.test(path) : format === 'yaml';
}

async function yamlText(path: string): Promise<string> {
  try {
    return await readText(path, maxYamlBytes);
  } catch (error) {
    throw new SourceError(`${path}: ${reasonOf(error)}`);
  }
}

/** A pipe would wait for somebody to write. */
async function checkPlain(path: string): Promise<void> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return;
  } catch (error) {
    throw new SourceError(`${path} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
  }
  throw new SourceError(`${path} is no plain file`);
}
