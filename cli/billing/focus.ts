import { ConfigError } from '../../kit/errors.ts';
import { printDownload, saveDownload } from '../api-client/save-download.ts';
import { whileWaiting } from '../api-client/while-waiting.ts';
import { safe } from '../training-inspect/text/style.ts';
import { formatBytes } from '../training-inspect/text/units.ts';
import { checkFile } from './focus-check.ts';
import { focusOptions } from './options.ts';
import { periodOf } from './period-option.ts';
import { runBillingCommand } from './run-billing-command.ts';

/** Runs `fleetlens billing focus`. */
export function focus(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    focusOptions,
    argv,
    async ({ options, args, client, style, progress }) => {
      const { period, drafts, out, check } = options;
      if (check !== undefined) {
        if (period !== undefined || out !== undefined || drafts || args.length > 0)
          throw new ConfigError('--check is for a file that is there: give nothing beside it');
        return checkFile(check, style);
      }
      const query = { period: periodOf(period), drafts, ...(args.length === 0 ? {} : { tenant: args.join(',') }) };
      const answer = await whileWaiting(
        progress,
        () => 'waiting for the first bills',
        () => client.download('/api/v1/focus', query, 'text/csv'),
      );
      if (out === undefined) {
        await printDownload(answer, process.stdout);
        return { json: undefined, lines: [] };
      }
      const size = await saveDownload(answer, out, progress);
      return { json: undefined, lines: [safe(`${out}: ${formatBytes(size)}`, style)] };
    },
    (options) => options,
  );
}
