import { basename } from 'node:path';
import { type Statistic, statistics } from '../../../exporters/prediction/features/feature-spec.ts';
import { windows } from '../../../exporters/prediction/features/windows.ts';
import { failureHistoryOf } from '../../../exporters/prediction/pipeline/failure-history.ts';
import type { CsvWindow } from '../../../exporters/prediction/sources/csv/csv-table.ts';
import { readCsvFile } from '../../../exporters/prediction/sources/csv/read-csv-file.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { cut } from '../../../kit/options/preview.ts';
import type { ProgressBar } from '../../api-client/progress-bar.ts';
import type { FleetHistory, HistoryOptions } from './fleet-history.ts';
import { readTicketFiles } from './ticket-files.ts';

interface Deps {
  readonly progress: ProgressBar;
  readonly signal: AbortSignal;
}

/** Failures are known up to the last row or the last ticket, whichever is later. */
export async function csvHistory(
  file: string,
  options: HistoryOptions,
  { progress, signal }: Deps,
): Promise<FleetHistory> {
  const kind = options['csv.kind'];
  const { table, badRows, problems } = await readCsvFile(file, {
    kind,
    columns: {
      entity: options['csv.entity'],
      time: options['csv.time'],
      node: options['csv.node'],
      cluster: options['csv.cluster'],
      ignored: options['csv.ignore'],
    },
    windows: options['csv.window'].map(windowOf),
    signal,
    onProgress: (rows) => progress.wait(`reading ${basename(file)}: ${rows.toLocaleString('en')} rows`),
  });
  const tickets = await readTicketFiles(options.tickets, table.entities, Date.now());
  const ends = tickets.signs.flatMap(({ startMs, endMs }) => [startMs, endMs ?? startMs]).filter(Number.isFinite);
  const nowMs = ends.reduce((latest, ms) => Math.max(latest, ms), table.atMs.at(-1) ?? 0);
  const left = badRows === 0 ? [] : [`${badRows} rows of ${file} make no sense and are left out`, ...problems];
  return {
    tables: { [kind]: table },
    failures: failureHistoryOf({ tickets }, nowMs),
    products: new Map(),
    provenance: { source: `csv ${basename(file)}` },
    problems: left,
  };
}

/** Throws ConfigError for what is no column:statistic:window. */
function windowOf(text: string): CsvWindow {
  const parts = text.split(':');
  const [statistic, window] = [parts.at(-2), parts.at(-1)];
  const column = parts.slice(0, -2).join(':');
  const known = statistics.find((each): each is Statistic => each === statistic);
  const length = windows.find((each) => each === window);
  if (column !== '' && known !== undefined && length !== undefined) return { column, statistic: known, window: length };
  throw new ConfigError(
    `--csv.window must be column:statistic:window such as ecc:growth:7d, with a statistic of ${statistics.join(', ')} and a window of ${windows.join(', ')}, got ${cut(text)}`,
  );
}
