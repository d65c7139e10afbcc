import { type Kysely, type Migration, sql } from 'kysely';

/** In the order of their names. A migration that was released is never changed. */
export const cmdbMigrations: Readonly<Record<string, Migration>> = {
  '001_inventory': { up: (db) => all(db, inventory) },
  '002_maintenance': { up: (db) => all(db, maintenance) },
  '003_service_discovery': { up: (db) => all(db, serviceDiscovery) },
};

const inventory = [
  'create sequence item_id as integer',
  'create sequence relation_id as integer',
  // What all claims of an item make of it now.
  `create table item (
    id integer primary key,
    class text not null,
    name text not null,
    state text not null,
    attributes jsonb not null,
    origins jsonb not null,
    identities jsonb not null,
    conflicts jsonb not null,
    version integer not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
  )`,
  // What one source says of it.
  `create table claim (
    item_id integer not null,
    source text not null,
    name text,
    state text,
    attributes jsonb not null,
    identities jsonb not null,
    relations jsonb not null,
    scope text not null,
    fingerprint text not null,
    first_seen timestamptz not null,
    seen_at timestamptz not null,
    missing_since timestamptz,
    primary key (item_id, source)
  )`,
  'create index claim_of_source on claim (source)',
  'create index claim_by_sighting on claim (seen_at)',
  `create table identity (
    class text not null,
    kind text not null,
    value text not null,
    item_id integer not null,
    primary key (class, kind, value)
  )`,
  'create index identity_of_item on identity (item_id)',
  `create table relation (
    id integer primary key,
    type text not null,
    from_id integer not null,
    to_id integer not null,
    source text not null,
    valid_from timestamptz not null,
    valid_to timestamptz
  )`,
  'create unique index relation_once on relation (type, from_id, to_id) where valid_to is null',
  'create index relation_from on relation (from_id)',
  'create index relation_to on relation (to_id)',
  'create index relation_ended on relation (valid_to)',
  // The history, and what replicas follow. Only ever appended to.
  `create table change (
    seq bigint generated always as identity primary key,
    at timestamptz not null,
    source text not null,
    actor text not null,
    request text not null,
    message text not null,
    item_id integer not null,
    action text not null,
    before jsonb,
    after jsonb,
    opened jsonb not null,
    closed jsonb not null
  )`,
  'create index change_of_item on change (item_id, seq)',
  'create index change_at on change (at)',
  `create table finding (
    kind text not null,
    source text not null,
    subject text not null,
    reason text not null,
    item_id integer,
    since timestamptz not null,
    primary key (kind, source, subject)
  )`,
  `create table look (
    source text primary key,
    type text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    succeeded_at timestamptz,
    outcome text not null,
    reason text not null,
    items integer not null,
    problems jsonb not null,
    duration_seconds double precision not null,
    created bigint not null default 0,
    updated bigint not null default 0,
    missing bigint not null default 0,
    returned bigint not null default 0
  )`,
];

const maintenance = [
  `create table maintenance_window (
    id integer generated always as identity primary key,
    title text not null,
    scope jsonb not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    created_by text not null,
    created_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    version integer not null,
    cancelled_at timestamptz
  )`,
  'create index maintenance_window_ends on maintenance_window (ends_at)',
];

const serviceDiscovery = [
  // How many targets the last good answer had, so that a list that is nearly empty after a restart is noticed.
  'create table sd_list (name text primary key, targets integer not null, at timestamptz not null)',
];

async function all(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
