import { systemClock } from '../../kit/clock.ts';
import { SourceError } from '../../kit/errors.ts';
import type { OptionSpecs, OptionTable, OptionValues } from '../../kit/options/define.ts';
import { endWithReader } from '../api-client/closed-output.ts';
import { interruptedStatus } from '../api-client/on-interrupt.ts';
import { createProgressBar, type ProgressBar } from '../api-client/progress-bar.ts';
import { runCommand } from '../run-command.ts';
import { splitCommandLine } from '../training-inspect/command-line.ts';
import { safeText } from '../training-inspect/text/safe-text.ts';
import type { TextStyle } from '../training-inspect/text/style.ts';
import { styleOf } from '../training-inspect/training-inspect.ts';

export interface PredictionContext<S extends OptionSpecs> {
  readonly options: OptionValues<S>;
  /** Arguments that are no option. */
  readonly words: readonly string[];
  readonly style: TextStyle;
  /** On standard error. */
  readonly progress: ProgressBar;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Answer {
  /** What --json prints. */
  readonly json: unknown;
  readonly lines: readonly string[];
  /** True if there is nothing to tell; the exit status is 1 then. */
  readonly isNothing?: boolean;
}

/** Runs a command without a daemon. Resolves with 0, 1 if something outside is wrong or there is nothing, 2 for wrong usage, or 130 after Ctrl-C. */
export function runPredictionCommand<S extends OptionSpecs & { readonly json: { readonly type: 'boolean' } }>(
  table: OptionTable<S>,
  argv: readonly string[],
  run: (context: PredictionContext<S>) => Promise<Answer>,
): Promise<number> {
  if (process.stdout.listenerCount('error') === 0) endWithReader(process.stdout);
  const line = splitCommandLine(argv, table.options);
  return runCommand(table, line.options, async (options) => {
    const style = styleOf(process.stdout, process.env);
    const progress = createProgressBar({
      clock: systemClock,
      isTerminal: process.stderr.isTTY === true,
      isUnicode: style.isUnicode,
      write: (text) => process.stderr.write(text),
    });
    const stop = new AbortController();
    const interrupt = (): void => stop.abort(new Stopped());
    process.once('SIGINT', interrupt);
    try {
      const answer = await run({ options, words: line.paths, style, progress, signal: stop.signal });
      progress.end();
      const asJson = (options as { readonly json?: unknown }).json === true;
      await print(
        asJson ? `${JSON.stringify(answer.json, null, 2)}\n` : answer.lines.map((each) => `${each}\n`).join(''),
      );
      return answer.isNothing === true ? 1 : 0;
    } catch (error) {
      progress.end();
      return failed(error, table.command, style);
    } finally {
      process.off('SIGINT', interrupt);
    }
  });
}

class Stopped extends Error {}

/** Exit status of what is told in one line; all else goes on. */
function failed(error: unknown, command: string, { isUnicode }: TextStyle): number {
  if (error instanceof Stopped) {
    process.stderr.write(`${command}: stopped; what was there before is as it was\n`);
    return interruptedStatus;
  }
  if (!(error instanceof SourceError)) throw error;
  process.stderr.write(`${command}: ${safeText(error.message, isUnicode)}\n`);
  return 1;
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
