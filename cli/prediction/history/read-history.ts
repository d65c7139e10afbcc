import type { ProgressBar } from '../../api-client/progress-bar.ts';
import { csvHistory } from './csv-history.ts';
import type { FleetHistory, HistoryOptions } from './fleet-history.ts';
import { storedHistory } from './stored-history.ts';

/** The history that the options name. */
export function readHistory(
  options: HistoryOptions,
  deps: { readonly progress: ProgressBar; readonly signal: AbortSignal },
): Promise<FleetHistory> {
  return options.csv === undefined
    ? storedHistory(options.data, options.tickets, deps)
    : csvHistory(options.csv, options, deps);
}
