import { sql } from 'kysely';
import { type UsageKey, type UsageState, usageStates } from '../usage.ts';

/** A series as statements of this folder select it. */
export interface SeriesRow {
  readonly meter: string;
  readonly cluster: string;
  readonly node: string;
  readonly resource: string;
  readonly sku: string;
  readonly state: string;
  readonly reason: string;
  readonly holder: Readonly<Record<string, string>>;
  readonly share_num: number;
  readonly share_den: number;
}

/** Of the table under the name s. */
export const selectSeries = sql`s.meter, s.cluster, s.node, s.resource, s.sku, s.state, s.reason, s.holder,
  s.share_num::double precision as share_num, s.share_den::double precision as share_den`;

export function keyOf(row: SeriesRow): UsageKey {
  return {
    meter: row.meter,
    cluster: row.cluster,
    node: row.node,
    resource: row.resource,
    sku: row.sku,
    state: stateOf(row.state),
    reason: row.reason,
    // The database keeps the keys in an order of its own.
    holder: Object.fromEntries(Object.entries(row.holder).sort(([a], [b]) => (a < b ? -1 : 1))),
    share: { num: row.share_num, den: row.share_den },
  };
}

function stateOf(text: string): UsageState {
  const found = usageStates.find((state) => state === text);
  if (found === undefined) throw new Error(`the ledger has the state ${text}, which this version does not know`);
  return found;
}
