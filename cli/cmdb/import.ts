import { readFileSync, statSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import { fieldsOf } from '../api-client/fields.ts';
import { importOptions } from './options.ts';
import { planText } from './plan-text.ts';
import { runInventoryCommand } from './run-inventory-command.ts';

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  json: 'application/json',
};
/** More than the daemon may be told to take is not even read. */
const maxBytes = 400 * 1024 * 1024;
const shown = 20;

/** Runs `fleetlens cmdb import`. */
export function importFile(argv: readonly string[]): Promise<number> {
  return runInventoryCommand(
    importOptions,
    argv,
    async ({ options, words, client, style }) => {
      const file = options.file ?? (words === '' ? undefined : words);
      if (file === undefined) throw new ConfigError('--file is missing, such as --file=servers.csv');
      const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
      const type = Object.hasOwn(types, ending) ? types[ending] : undefined;
      if (type === undefined)
        throw new ConfigError(
          `${file} must end in ${Object.keys(types)
            .map((each) => `.${each}`)
            .join(', ')}`,
        );
      const query = {
        dry_run: options['dry-run'],
        complete: options.complete,
        allow_missing: options['allow-missing'],
        create: options.create,
        class: options.class,
      };
      const json = await client.post('/api/v1/import', query, { text: read(file), type });
      return { json, lines: planText(fieldsOf(json), shown, style) };
    },
    (options) => options,
  );
}

function read(file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new ConfigError(`${file} is no plain file`);
    if (stats.size > maxBytes) throw new ConfigError(`${file} is larger than ${maxBytes} bytes; split it`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof TypeError) throw new ConfigError(`${file} is no UTF-8 text; save it as UTF-8`);
    throw new ConfigError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}
