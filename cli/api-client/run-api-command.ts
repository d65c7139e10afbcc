import { systemClock } from '../../kit/clock.ts';
import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import { runCommand } from '../run-command.ts';
import { splitCommandLine } from '../training-inspect/command-line.ts';
import { safeText } from '../training-inspect/text/safe-text.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { styleOf } from '../training-inspect/training-inspect.ts';
import { type ApiClient, createApiClient, Refused } from './api-client.ts';
import { endWithReader } from './closed-output.ts';
import type { ApiService, Connection } from './connection.ts';
import { interruptedStatus } from './on-interrupt.ts';
import { createProgressBar, type ProgressBar } from './progress-bar.ts';

export interface CommandContext<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  /** Arguments that are no option, as one text. */
  readonly words: string;
  /** The same one by one. */
  readonly args: readonly string[];
  readonly client: ApiClient;
  readonly style: TextStyle;
  readonly json: boolean;
  /** On standard error. */
  readonly progress: ProgressBar;
}

export interface ApiCommand<S extends OptionSpecs> {
  readonly table: OptionTable<S>;
  readonly service: ApiService;
  readonly connectionOf: (options: OptionValues<S>) => Connection;
  readonly run: (context: CommandContext<S>) => Promise<Outcome>;
}

export interface Outcome {
  /** What --json prints. */
  readonly json: unknown;
  readonly lines: readonly string[];
  /** True if nothing was found, or not all was done; the exit status is 1 then. */
  readonly isNothing?: boolean;
  /** True if somebody did not want to wait any longer. */
  readonly isInterrupted?: boolean;
}

const maxMessage = 2000;

/** Runs a command that asks a daemon. Resolves with 0, 1 if there is no such thing or the daemon refuses, 2 for wrong usage, or 130 after Ctrl-C. */
export async function runApiCommand<S extends OptionSpecs>(
  { table, service, connectionOf, run }: ApiCommand<S>,
  argv: readonly string[],
): Promise<number> {
  if (process.stdout.listenerCount('error') === 0) endWithReader(process.stdout);
  const line = splitCommandLine(argv, table.options);
  return runCommand(table, line.options, async (options) => {
    const connection = connectionOf(options);
    const client = createApiClient(service, connection);
    const style = styleOf(process.stdout, process.env);
    const progress = createProgressBar({
      clock: systemClock,
      isTerminal: process.stderr.isTTY === true,
      isUnicode: style.isUnicode,
      write: (text) => process.stderr.write(text),
    });
    try {
      const outcome = await run({
        options,
        words: line.paths.join(' ').trim(),
        args: line.paths,
        client,
        style,
        json: connection.json,
        progress,
      });
      await print(connection.json ? `${JSON.stringify(outcome.json, null, 2)}\n` : linesText(outcome.lines));
      if (outcome.isInterrupted === true) return interruptedStatus;
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

function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
