import { type Kysely, type Migration, sql } from 'kysely';

/** What makes the tables of the ledger, in order. A migration that was released is never changed. */
export const ledgerStatements: readonly string[] = [
  // Of what a quantity is: each thing that was ever used has one line here, and its rows name it by number.
  `create table series (
    id integer generated always as identity primary key,
    digest bytea not null unique,
    meter text not null,
    cluster text not null,
    node text not null,
    resource text not null,
    sku text not null,
    state text not null,
    reason text not null,
    holder jsonb not null,
    share_num bigint not null,
    share_den bigint not null
  )`,
  'create index series_of_resource on series (resource)',
  // One line each time that a window was metered and something had changed. Its rows have the positions from the first to the last.
  `create table metering (
    id integer generated always as identity primary key,
    meter text not null,
    cluster text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    revision integer not null,
    hash text not null,
    coverage jsonb not null,
    conservation jsonb,
    evidence jsonb not null,
    first_position bigint not null,
    last_position bigint not null,
    recorded_at timestamptz not null,
    unique (meter, cluster, starts_at, revision)
  )`,
  'create index metering_by_start on metering (starts_at)',
  'create index metering_by_position on metering (last_position)',
  // The ledger itself. Parts of it are made when a month is first written to.
  `create table usage (
    position bigint not null,
    window_start timestamptz not null,
    series integer not null,
    metering integer not null,
    revision integer not null,
    quantity numeric not null check (quantity <> 0 and quantity = trunc(quantity) and abs(quantity) <= 1e30)
  ) partition by range (window_start)`,
  'create unique index usage_once on usage (window_start, series, revision)',
  'create index usage_by_position on usage (position)',
  `create table watermark (
    cluster text not null,
    meter text not null,
    from_at timestamptz not null,
    until_at timestamptz not null,
    changed_at timestamptz not null,
    is_begun boolean not null default false,
    primary key (cluster, meter)
  )`,
  // Sums of whole days, made of rows up to a position. They can be thrown away and made again.
  `create table roll_up (
    id integer generated always as identity primary key,
    meter text not null,
    cluster text not null,
    day timestamptz not null,
    position bigint not null,
    rows bigint not null,
    unique (meter, cluster, day)
  )`,
  `create table usage_day (
    roll_up integer not null,
    series integer not null,
    quantity numeric not null,
    primary key (roll_up, series)
  )`,
  `create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the ledger is only ever added to: % of % is refused', lower(tg_op), tg_table_name
        using errcode = 'restrict_violation', hint = 'record the window again; the difference becomes a row of its own';
    end $$`,
  ...['series', 'metering', 'usage'].map(
    (table) =>
      `create trigger only_added before update or delete on ${table} for each row execute function refuse_change()`,
  ),
  ...['series', 'metering', 'usage'].map(
    (table) =>
      `create trigger never_emptied before truncate on ${table} for each statement execute function refuse_change()`,
  ),
  // Windows that end by then were metered once more after late data had its time.
  `create table recheck (
    cluster text not null,
    meter text not null,
    until_at timestamptz not null,
    primary key (cluster, meter)
  )`,
  `create table backfill (
    id integer generated always as identity primary key,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    clusters jsonb not null,
    meters jsonb not null,
    requested_by text not null,
    state text not null,
    cursors jsonb not null,
    total integer not null,
    done integer not null,
    rows bigint not null,
    held integer not null,
    failed integer not null,
    problems jsonb not null,
    error text not null,
    started_at timestamptz not null,
    ended_at timestamptz
  )`,
];

/** `001_ledger`; other parts of billing add migrations of their own. */
export const ledgerMigrations: Readonly<Record<string, Migration>> = {
  '001_ledger': { up: (db) => all(db, ledgerStatements) },
};

async function all(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
