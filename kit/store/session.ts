import type { ClientBase } from 'pg';

export interface SessionSettings {
  readonly schema: string;
  readonly statementSeconds: number;
}

/** The same on both databases, so that a query means the same: tables by the daemon's schema, time in UTC. */
export async function setUpSession(client: ClientBase, { schema, statementSeconds }: SessionSettings): Promise<void> {
  const milliseconds = Math.round(statementSeconds * 1000);
  await client.query(
    `select set_config('search_path', $1, false), set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false),
      set_config('IntervalStyle', 'iso_8601', false), set_config('statement_timeout', $2, false),
      set_config('idle_in_transaction_session_timeout', $3, false)`,
    [quoted(schema), String(milliseconds), String(milliseconds * 10)],
  );
}

/** A name as it stands in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
