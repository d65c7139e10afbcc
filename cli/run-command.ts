import { readFileSync } from 'node:fs';
import { ConfigError } from '../kit/errors.ts';
import type { OptionSpecs, OptionTable, OptionValues } from '../kit/options/define.ts';
import { helpText } from '../kit/options/help.ts';
import { parseOptions } from '../kit/options/parse.ts';

/** Runs a command that is no daemon: help, options, and one line for what the user can mend. Resolves with the exit status. */
export async function runCommand<S extends OptionSpecs>(
  table: OptionTable<S>,
  argv: readonly string[],
  run: (options: OptionValues<S>) => Promise<number>,
): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(helpText(table));
    return 0;
  }
  try {
    const options = parseOptions(table, { argv, env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
    return await run(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${table.command}: ${error.message}\n`);
    return 2;
  }
}
