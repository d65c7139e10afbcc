import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import { runCommand } from '../run-command.ts';
import { splitCommandLine } from '../training-inspect/command-line.ts';
import { safeText } from '../training-inspect/text/safe-text.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { styleOf } from '../training-inspect/training-inspect.ts';
import { createInventoryClient, type InventoryClient, Refused } from './inventory-client.ts';
import type { ConnectionOptions } from './options.ts';

export interface CommandContext<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  /** Arguments that are no option, as one text. */
  readonly words: string;
  readonly client: InventoryClient;
  readonly style: TextStyle;
}

export interface Outcome {
  /** What --json prints. */
  readonly json: unknown;
  readonly lines: readonly string[];
  /** True if nothing was found. */
  readonly isNothing?: boolean;
}

const maxMessage = 2000;

/** Runs a command that asks the inventory. Resolves with 0, 1 if there is no such thing or the daemon refuses, or 2 for wrong usage. */
export async function runInventoryCommand<S extends OptionSpecs>(
  table: OptionTable<S>,
  argv: readonly string[],
  run: (context: CommandContext<S>) => Promise<Outcome>,
  connectionOf: (options: OptionValues<S>) => ConnectionOptions,
): Promise<number> {
  const line = splitCommandLine(argv, table.options);
  return runCommand(table, line.options, async (options) => {
    const connection = connectionOf(options);
    const client = createInventoryClient(connection);
    const style = styleOf(process.stdout, process.env);
    try {
      const outcome = await run({ options, words: line.paths.join(' ').trim(), client, style });
      await print(connection.json ? `${JSON.stringify(outcome.json, null, 2)}\n` : `${outcome.lines.join('\n')}\n`);
      return outcome.isNothing === true ? 1 : 0;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refuse(error, table.command, connection.json, style);
    }
  });
}

async function refuse(
  { answer, message, status }: Refused,
  command: string,
  asJson: boolean,
  style: TextStyle,
): Promise<number> {
  if (asJson) await print(`${JSON.stringify(answer, null, 2)}\n`);
  // Part of the message comes from the daemon and must not steer the terminal.
  process.stderr.write(`${command}: ${safeText(message.slice(0, maxMessage), style.isUnicode)}\n`);
  return status === 400 ? 2 : 1;
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
