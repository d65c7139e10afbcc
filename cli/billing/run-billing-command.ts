import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import type { ApiService, Connection } from '../api-client/connection.ts';
import { type CommandContext, type Outcome, runApiCommand } from '../api-client/run-api-command.ts';

const billing: ApiService = { daemon: 'billing', what: 'billing', defaultUrl: 'http://127.0.0.1:9413' };

/** Those of every command. */
interface BillingOptions {
  readonly 'billing.url': string;
  readonly 'billing.token-file': string | undefined;
  readonly 'billing.ca-file': string | undefined;
  readonly json?: boolean;
}

/** Runs a command that asks billing. Resolves with 0, 1 if there is no such thing, the daemon refuses or not all is done, or 2 for wrong usage. */
export function runBillingCommand<S extends OptionSpecs>(
  table: OptionTable<S>,
  argv: readonly string[],
  run: (context: CommandContext<S>) => Promise<Outcome>,
  // Tells the compiler that the table has the options of a connection.
  optionsOf: (options: OptionValues<S>) => BillingOptions,
): Promise<number> {
  const connectionOf = (options: OptionValues<S>): Connection => {
    const own = optionsOf(options);
    return {
      url: own['billing.url'],
      tokenFile: own['billing.token-file'],
      caFile: own['billing.ca-file'],
      json: own.json === true,
    };
  };
  return runApiCommand({ table, service: billing, run, connectionOf }, argv);
}
