import { type QueryExecutorProvider, sql } from 'kysely';
import type { RatedLine } from '../pricing/rated.ts';
import type { Bill, BillDetails } from './bill.ts';
import { hashOfBill } from './bill-hash.ts';

/** A closed bill without its lines. */
export interface BillSummary extends Omit<Bill, 'lines' | 'problems' | 'details'> {
  readonly number: string;
  readonly periodName: string;
  readonly lineCount: number;
  /** Names the page that comes after it. */
  readonly cursor: string;
}

/** What is looked for; what is left out does not matter. */
export interface BillFilter {
  readonly tenants?: readonly string[];
  readonly period?: string;
  readonly corrects?: string;
  /** Only bills before this one: the cursor of the last bill of a page. */
  readonly before?: string;
  readonly limit: number;
}

type Row = Record<string, unknown>;

const columns =
  sql.raw(`bill.id::text as cursor, number, corrects, tenant, title, cost_centre, currency, time_zone, period_name, period_start, period_end,
  total::text as total, problems, ledger_position::text as ledger_position, price_book_hash, coverage, created_at, closed_by, lines, details, hash`);

/** Newest first. */
export async function selectBills(filter: BillFilter, db: QueryExecutorProvider): Promise<readonly BillSummary[]> {
  const { tenants, period, corrects, before, limit } = filter;
  const conditions = [
    ...(tenants === undefined ? [] : [sql`tenant = any(${[...tenants]})`]),
    ...(period === undefined ? [] : [sql`period_name = ${period}`]),
    ...(corrects === undefined ? [] : [sql`corrects = ${corrects}`]),
    ...(before === undefined ? [] : [sql`id < ${before}::bigint`]),
    sql`true`,
  ];
  const { rows } = await sql<Row>`select ${columns} from bill where ${sql.join(conditions, sql` and `)}
    order by bill.id desc limit ${limit}`.execute(db);
  return rows.map(summaryOf);
}

/** Bills that tenants have for a period, without corrections. */
export async function selectOriginals(
  tenants: readonly string[],
  periods: readonly string[],
  db: QueryExecutorProvider,
): Promise<readonly BillSummary[]> {
  const { rows } = await sql<Row>`select ${columns} from bill
    where tenant = any(${[...tenants]}) and period_name = any(${[...periods]}) and corrects is null`.execute(db);
  return rows.map(summaryOf);
}

/** Throws if what the database has is not what was closed. */
export async function selectBill(number: string, db: QueryExecutorProvider): Promise<Bill | undefined> {
  const [bill] = await billsWhere(sql`number = ${number}`, db);
  return bill;
}

/** A bill and what corrects it, oldest first. */
export async function selectChain(original: string, db: QueryExecutorProvider): Promise<readonly Bill[]> {
  return billsWhere(sql`number = ${original} or corrects = ${original}`, db);
}

/** Of the tenants, those that have a bill for a part of the span by another name. */
export async function selectOverlaps(
  bills: readonly Bill[],
  db: QueryExecutorProvider,
): Promise<readonly { readonly tenant: string; readonly number: string }[]> {
  const asked = bills.map(({ tenant, period }) => ({
    tenant,
    from: new Date(period.startMs),
    to: new Date(period.endMs),
  }));
  const { rows } = await sql<{ tenant: string; number: string }>`
    select distinct on (bill.tenant) bill.tenant, bill.number from bill
    join jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked (tenant text, "from" timestamptz, "to" timestamptz) on asked.tenant = bill.tenant
    where bill.corrects is null and bill.period_start < asked."to" and bill.period_end > asked."from"
    order by bill.tenant, bill.id`.execute(db);
  return rows;
}

/** Their numbers are theirs already. Lines first: a bill that is there gets none. */
export async function insertBills(bills: readonly Bill[], db: QueryExecutorProvider): Promise<void> {
  const lines = bills.flatMap(({ number, lines: own }) => own.map((line, ordinal) => ({ number, ordinal, line })));
  await sql`insert into bill_line (number, ordinal, line)
    select number, ordinal, line from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as l (number text, ordinal integer, line jsonb)`.execute(
    db,
  );
  await sql`insert into bill (number, corrects, tenant, title, cost_centre, currency, time_zone, period_name, period_start, period_end, total,
      problems, ledger_position, price_book_hash, coverage, created_at, closed_by, lines, details, hash)
    select number, corrects, tenant, title, cost_centre, currency, time_zone, period_name, period_start, period_end, total::numeric,
      problems, ledger_position::bigint, price_book_hash, coverage, created_at, closed_by, lines, details, hash
    from jsonb_to_recordset(${JSON.stringify(bills.map((bill, place) => ({ ...rowOf(bill), place })))}::jsonb) as b (number text, corrects text, tenant text,
      title text, cost_centre text, currency text, time_zone text, period_name text, period_start timestamptz, period_end timestamptz,
      total text, problems jsonb, ledger_position text, price_book_hash text, coverage double precision, created_at timestamptz,
      closed_by text, lines integer, details jsonb, hash text, place integer)
    order by place`.execute(db);
}

/** The first of `count` numbers that follow each other; kept back if the transaction fails. */
export async function takeNumbers(series: string, count: number, db: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ last: number }>`insert into bill_series as s (series, last) values (${series}, ${count})
    on conflict (series) do update set last = s.last + ${count} returning last`.execute(db);
  return (rows[0]?.last ?? count) - count + 1;
}

/** Of processes that close bills, one does at a time; held until the transaction ends. */
export async function waitForTurn(db: QueryExecutorProvider): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('fleetlens billing: bills', 0))`.execute(db);
}

async function billsWhere(condition: ReturnType<typeof sql>, db: QueryExecutorProvider): Promise<readonly Bill[]> {
  const { rows } = await sql<Row>`select ${columns} from bill where ${condition} order by bill.id`.execute(db);
  if (rows.length === 0) return [];
  const numbers = rows.map(({ number }) => String(number));
  const { rows: lines } = await sql<{ number: string; line: RatedLine }>`
    select number, line from bill_line where number = any(${numbers}) order by number, ordinal`.execute(db);
  const byNumber = new Map<string, RatedLine[]>(numbers.map((number) => [number, []]));
  for (const { number, line } of lines) byNumber.get(number)?.push(line);
  return rows.map((row) => billOf(row, byNumber.get(String(row['number'])) ?? []));
}

function rowOf(bill: Bill): Row {
  const { details, period, lines } = bill;
  const { hash, ...said } = details ?? { hash: undefined };
  return {
    number: bill.number,
    corrects: bill.corrects,
    tenant: bill.tenant,
    title: bill.title,
    cost_centre: bill.costCentre,
    currency: bill.currency,
    time_zone: bill.timeZone,
    period_name: details?.periodName,
    period_start: new Date(period.startMs),
    period_end: new Date(period.endMs),
    total: bill.total,
    problems: bill.problems,
    ledger_position: String(bill.ledgerPosition),
    price_book_hash: bill.priceBookHash,
    coverage: bill.coverage,
    created_at: new Date(bill.createdAt * 1000),
    closed_by: bill.closedBy,
    lines: lines.length,
    details: said,
    hash,
  };
}

function billOf(row: Row, lines: readonly RatedLine[]): Bill {
  const { cursor: _, lineCount, periodName: __, ...rest } = summaryOf(row);
  const details = { ...(row['details'] as BillDetails), hash: String(row['hash']) };
  const bill: Bill = { ...rest, lines, problems: row['problems'] as readonly string[], details };
  if (lines.length !== lineCount || hashOfBill(bill) !== details.hash) {
    throw new Error(
      `bill ${rest.number} is not what was closed: somebody has changed the database; restore it from a backup and compare`,
    );
  }
  return bill;
}

function summaryOf(row: Row): BillSummary {
  const time = (name: string): number => (row[name] as Date).getTime();
  return {
    cursor: String(row['cursor']),
    number: String(row['number']),
    state: 'closed',
    corrects: (row['corrects'] as string | null) ?? undefined,
    tenant: String(row['tenant']),
    title: String(row['title']),
    costCentre: String(row['cost_centre']),
    currency: String(row['currency']),
    timeZone: String(row['time_zone']),
    periodName: String(row['period_name']),
    period: { startMs: time('period_start'), endMs: time('period_end') },
    total: String(row['total']),
    ledgerPosition: BigInt(String(row['ledger_position'])),
    priceBookHash: String(row['price_book_hash']),
    coverage: (row['coverage'] as number | null) ?? undefined,
    createdAt: time('created_at') / 1000,
    closedBy: String(row['closed_by']),
    lineCount: Number(row['lines']),
  };
}
