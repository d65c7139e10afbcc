import { sql } from 'kysely';
import { SourceError } from '../../../kit/errors.ts';
import type { Span } from '../span.ts';
import type { MeteredWindow } from '../usage.ts';
import { timeText, windowText } from './check-window.ts';
import { msOf, toTime } from './statements.ts';
import type { Tx } from './tables.ts';

export interface Metering {
  readonly revision: number;
  readonly hash: string;
  readonly coverage: unknown;
  readonly conservation: unknown;
}

interface Row extends Metering {
  readonly start: number;
  readonly end: number;
}

/** How the window was recorded last; undefined for one that is new. Throws a SourceError if it overlaps with another window. */
export async function latestMetering(window: MeteredWindow, tx: Tx): Promise<Metering | undefined> {
  const { span, meter, cluster } = window;
  // Windows of the ledger do not overlap, so the last one that begins before the end of this one tells.
  const { rows } = await sql<Row>`
    select ${msOf('starts_at')} as start, ${msOf('ends_at')} as "end", revision, hash, coverage, conservation
    from metering where meter = ${meter} and cluster = ${cluster} and starts_at < ${toTime(span.endMs)}
    order by starts_at desc, revision desc limit 1`.execute(tx);
  const [last] = rows;
  if (last === undefined || last.end <= span.startMs) return undefined;
  if (last.start === span.startMs && last.end === span.endMs) return last;
  throw overlap(window, { startMs: last.start, endMs: last.end });
}

function overlap(window: MeteredWindow, other: Span): SourceError {
  return new SourceError(
    `the window ${windowText(window)} is refused: it overlaps with the recorded one from ${timeText(other.startMs)} to ${timeText(other.endMs)}; meter that one again instead`,
  );
}
