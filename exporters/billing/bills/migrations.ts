import { type Kysely, type Migration, sql } from 'kysely';

/** What makes the tables of closed bills, in order. A migration that was released is never changed. */
export const billStatements: readonly string[] = [
  // The last number of each series that was given away; changes in the transaction that closes bills.
  'create table bill_series (series text primary key, last integer not null)',
  `create table bill (
    id bigint generated always as identity primary key,
    number text not null unique,
    corrects text references bill (number),
    tenant text not null,
    title text not null,
    cost_centre text not null,
    currency text not null,
    time_zone text not null,
    period_name text not null,
    period_start timestamptz not null,
    period_end timestamptz not null check (period_end > period_start),
    total numeric not null,
    problems jsonb not null,
    ledger_position bigint not null,
    price_book_hash text not null,
    coverage double precision,
    created_at timestamptz not null,
    closed_by text not null,
    lines integer not null,
    details jsonb not null,
    hash text not null
  )`,
  // A tenant has one bill for a period; what is added to it corrects it.
  'create unique index bill_once on bill (tenant, period_name) where corrects is null',
  'create index bill_corrections on bill (corrects) where corrects is not null',
  'create index bill_of_period on bill (period_name, id)',
  `create table bill_line (
    number text not null references bill (number) deferrable initially deferred,
    ordinal integer not null,
    line jsonb not null,
    primary key (number, ordinal)
  )`,
  `create function refuse_bill_change() returns trigger language plpgsql as $$
    begin
      raise exception 'a closed bill is never changed: % of % is refused', lower(tg_op), tg_table_name
        using errcode = 'restrict_violation', hint = 'correct it by a bill of its own';
    end $$`,
  ...['bill', 'bill_line'].flatMap((table) => [
    `create trigger bill_is_final before update or delete on ${table} for each row execute function refuse_bill_change()`,
    `create trigger bill_stays before truncate on ${table} for each statement execute function refuse_bill_change()`,
  ]),
  // Lines come with their bill, before it: nobody adds one later.
  `create function refuse_late_line() returns trigger language plpgsql as $$
    begin
      if exists (select 1 from bill where bill.number = new.number) then
        raise exception 'bill % is closed: it gets no further lines', new.number
          using errcode = 'restrict_violation', hint = 'correct it by a bill of its own';
      end if;
      return new;
    end $$`,
  'create trigger bill_line_in_time before insert on bill_line for each row execute function refuse_late_line()',
];

/** `002_bills`, after the ledger's. */
export const billMigrations: Readonly<Record<string, Migration>> = {
  '002_bills': { up: (db) => all(db, billStatements) },
};

async function all(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
