import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import type { ApiService } from '../api-client/connection.ts';
import { type CommandContext, type Outcome, runApiCommand } from '../api-client/run-api-command.ts';
import type { ConnectionOptions } from './options.ts';

const inventory: ApiService = { daemon: 'cmdb', what: 'inventory', defaultUrl: 'http://127.0.0.1:9412' };

/** Runs a command that asks the inventory. Resolves with 0, 1 if there is no such thing or the daemon refuses, or 2 for wrong usage. */
export function runInventoryCommand<S extends OptionSpecs>(
  table: OptionTable<S>,
  argv: readonly string[],
  run: (context: CommandContext<S>) => Promise<Outcome>,
  connectionOf: (options: OptionValues<S>) => ConnectionOptions,
): Promise<number> {
  const command = {
    table,
    service: inventory,
    run,
    connectionOf: (options: OptionValues<S>) => {
      const { 'cmdb.url': url, 'cmdb.token-file': tokenFile, 'cmdb.ca-file': caFile, json } = connectionOf(options);
      return { url, tokenFile, caFile, json };
    },
  };
  return runApiCommand(command, argv);
}
