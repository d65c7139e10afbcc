import { didYouMean } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { preview } from '../../../../kit/options/preview.ts';
import type { Statistic } from '../../features/feature-spec.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import { lanes } from '../../features/part.ts';
import { prepareSignal } from '../../features/prepared-signal.ts';
import { statisticOf } from '../../features/statistic-of.ts';
import { type Window, windowMs } from '../../features/windows.ts';
import type { CsvHeader } from './csv-header.ts';
import type { CsvRows } from './csv-rows.ts';

/** A statistic of a column over the time up to each row, as a column more; `growth`, `rate` and `since` take it for a counter. */
export interface CsvWindow {
  /** Title of the column, as it stands in the header. */
  readonly column: string;
  readonly statistic: Statistic;
  readonly window: Window;
}

const ofCounters: readonly Statistic[] = ['growth', 'rate', 'since'];

/** Rows by time, then by entity; columns as they are, then the windows. Of two rows of one entity and time the later counts. */
export function csvTable(
  rows: CsvRows,
  { features }: CsvHeader,
  windows: readonly CsvWindow[],
  where: string,
): FeatureTable {
  const order = orderOf(rows);
  const wanted = windows.map((each) => {
    const column = features.findIndex(({ title }) => title === each.column);
    if (column >= 0) return { ...each, column, name: `${features[column]?.name}_${each.statistic}_${each.window}` };
    throw new ConfigError(
      `${where} has no column ${preview(each.column)} to make windows of${didYouMean(
        each.column,
        features.map(({ title }) => title),
      )}`,
    );
  });
  const names = [...features.map(({ name }) => name), ...wanted.map(({ name }) => name)];
  const table = {
    schema: { version: 1, names },
    entities: rows.entities,
    entity: Uint32Array.from(order, rows.entityOf),
    atMs: Float64Array.from(order, rows.timeOf),
    values: new Float32Array(order.length * names.length),
  };
  for (const [at, row] of order.entries()) {
    for (let column = 0; column < features.length; column += 1)
      table.values[at * names.length + column] = rows.valueOf(row, column);
  }
  for (const [each, { column, statistic, window }] of wanted.entries())
    writeWindow(table, { from: column, to: features.length + each, statistic, window });
  return table;
}

function orderOf(rows: CsvRows): Uint32Array {
  const order = Uint32Array.from({ length: rows.count() }, (_, row) => row).sort(
    (a, b) => rows.timeOf(a) - rows.timeOf(b) || rows.entityOf(a) - rows.entityOf(b) || a - b,
  );
  return order.filter((row, at) => {
    const next = order[at + 1];
    return next === undefined || rows.timeOf(next) !== rows.timeOf(row) || rows.entityOf(next) !== rows.entityOf(row);
  });
}

interface WindowColumn {
  readonly from: number;
  readonly to: number;
  readonly statistic: Statistic;
  readonly window: Window;
}

function writeWindow(
  { schema, entities, entity, atMs, values }: FeatureTable,
  { from, to, statistic, window }: WindowColumn,
): void {
  const width = schema.names.length;
  const kind = ofCounters.includes(statistic) ? 'counter' : 'gauge';
  const spec = { name: 'column', kind, from: [] } as const;
  const part = new Float64Array(lanes);
  for (const own of rowsByEntity(entity, entities.length)) {
    const timesMs = Float64Array.from(own, (row) => atMs[row] as number);
    const readings = Float64Array.from(own, (row) => values[row * width + from] as number);
    const signal = prepareSignal(spec, [{ timesMs, values: readings }], timesMs[0] ?? 0);
    for (const row of own) {
      const at = atMs[row] as number;
      signal?.read(part, at - windowMs[window], at);
      values[row * width + to] =
        signal === undefined ? Number.NaN : statisticOf(statistic, signal, part, at, windowMs[window]);
    }
  }
}

/** In the order of time. */
function rowsByEntity(entity: Uint32Array, count: number): readonly (readonly number[])[] {
  const rows: number[][] = Array.from({ length: count }, () => []);
  for (const [row, index] of entity.entries()) rows[index]?.push(row);
  return rows;
}
