import { sql } from 'kysely';
import type { UsageKey } from '../usage.ts';
import { chunksOf } from './statements.ts';
import type { Tx } from './tables.ts';

/** Numbers of series, some of them kept in memory. */
export interface SeriesBook {
  /** Gives numbers to those that have none yet. `commit` is to be called when the transaction has ended well. */
  readonly ids: (series: readonly Keyed[], tx: Tx) => Promise<SeriesIds>;
}

export interface SeriesIds {
  readonly of: (digest: string) => number;
  readonly commit: () => void;
}

interface Keyed {
  readonly digest: string;
  readonly key: UsageKey;
}

/** About 200 bytes each. */
const remembered = 200_000;

export function createSeriesBook(): SeriesBook {
  const known = new Map<string, number>();

  return {
    ids: async (series, tx) => {
      const ids = new Map<string, number>();
      const unseen = new Map<string, Keyed>();
      for (const each of series) {
        const id = known.get(each.digest);
        if (id === undefined) unseen.set(each.digest, each);
        else ids.set(each.digest, id);
      }
      const unknown = [...unseen.values()];
      for (const chunk of chunksOf(unknown)) await lookUp(chunk, ids, tx);
      const missing = unknown.filter(({ digest }) => !ids.has(digest));
      for (const chunk of chunksOf(missing)) await add(chunk, ids, tx);
      return {
        of: (digest) => {
          const id = ids.get(digest);
          if (id === undefined) throw new Error(`the series ${digest} was not asked for`);
          return id;
        },
        commit: () => {
          if (known.size + unknown.length > remembered) known.clear();
          for (const [digest, id] of ids) known.set(digest, id);
        },
      };
    },
  };
}

interface IdRow {
  readonly id: number;
  readonly digest: string;
}

async function lookUp(series: readonly Keyed[], ids: Map<string, number>, tx: Tx): Promise<void> {
  const { rows } = await sql<IdRow>`
    select s.id, encode(s.digest, 'hex') as digest
    from unnest(${series.map(({ digest }) => digest)}::text[]) as d (digest)
      join series s on s.digest = decode(d.digest, 'hex')`.execute(tx);
  for (const { id, digest } of rows) ids.set(digest, id);
}

async function add(series: readonly Keyed[], ids: Map<string, number>, tx: Tx): Promise<void> {
  const column = (value: (key: UsageKey) => string | number): (string | number)[] =>
    series.map(({ key }) => value(key));
  const { rows } = await sql<IdRow>`
    insert into series (digest, meter, cluster, node, resource, sku, state, reason, holder, share_num, share_den)
    select decode(d, 'hex'), m, c, n, r, s, st, re, h::jsonb, sn, sd from unnest(
      ${series.map(({ digest }) => digest)}::text[], ${column(({ meter }) => meter)}::text[],
      ${column(({ cluster }) => cluster)}::text[], ${column(({ node }) => node)}::text[],
      ${column(({ resource }) => resource)}::text[], ${column(({ sku }) => sku)}::text[],
      ${column(({ state }) => state)}::text[], ${column(({ reason }) => reason)}::text[],
      ${column(({ holder }) => JSON.stringify(holder))}::text[],
      ${column(({ share }) => share.num)}::bigint[], ${column(({ share }) => share.den)}::bigint[]
    ) as t (d, m, c, n, r, s, st, re, h, sn, sd)
    returning id, encode(digest, 'hex') as digest`.execute(tx);
  for (const { id, digest } of rows) ids.set(digest, id);
}
