import { sql } from 'kysely';
import { windowText } from './check-window.ts';
import type { WindowFilter } from './ledger.ts';
import { hashOf } from './prepared-window.ts';
import { readWindows } from './read-windows.ts';
import { keyOf, type SeriesRow, selectSeries } from './series-rows.ts';
import { toTime } from './statements.ts';
import type { Db } from './tables.ts';
import { keyText } from './usage-key.ts';

export interface Verification {
  readonly windows: number;
  readonly rows: number;
  /** What is not as it was recorded, in words. */
  readonly problems: readonly string[];
}

interface SumRow extends SeriesRow {
  readonly quantity: string;
  readonly rows: number;
}

/** Reckons the hash of each window from its rows again: whoever has changed rows behind the ledger's back is found. */
export async function verifyWindows(filter: WindowFilter, db: Db): Promise<Verification> {
  const problems: string[] = [];
  let rows = 0;
  const windows = await readWindows(filter, db);
  for (const window of windows) {
    const sums = await sumsOf(window, db);
    rows += sums.reduce((sum, each) => sum + each.rows, 0);
    const lines = sums
      .filter(({ quantity }) => quantity !== '0')
      .map((row) => ({ text: keyText(keyOf(row)), quantity: BigInt(row.quantity) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1));
    if (hashOf(window, lines) !== window.hash) {
      problems.push(`the rows of the window ${windowText(window)} are not those that were recorded`);
    }
  }
  return { windows: windows.length, rows, problems };
}

async function sumsOf({ meter, cluster, span }: Pick<SumWindow, 'meter' | 'cluster' | 'span'>, db: Db) {
  const { rows } = await sql<SumRow>`
    select ${selectSeries}, t.quantity, t.rows from (
      select u.series, sum(u.quantity)::text as quantity, count(*)::integer as rows
      from metering m join usage u on u.metering = m.id and u.window_start = m.starts_at
      where m.meter = ${meter} and m.cluster = ${cluster} and m.starts_at = ${toTime(span.startMs)}
        and u.window_start = ${toTime(span.startMs)}
      group by u.series
    ) t join series s on s.id = t.series`.execute(db);
  return rows;
}

type SumWindow = Awaited<ReturnType<typeof readWindows>>[number];
