import type { Bill, BillHeading, BillLine } from './bill';

export interface BillPage {
  readonly bills: readonly BillHeading[];
  /** Cursor of the next page. */
  readonly next: string | undefined;
}

export function readBillPage(answer: unknown): BillPage {
  const { bills, next } = record(answer, 'the answer');
  if (!Array.isArray(bills)) throw new Error('the answer has no list of bills');
  return { bills: bills.map(readHeading), next: typeof next === 'string' ? next : undefined };
}

export function readBill(answer: unknown): Bill {
  const { lines } = record(answer, 'the bill');
  if (!Array.isArray(lines)) throw new Error('the bill has no lines');
  return { ...readHeading(answer), lines: lines.map(readLine) };
}

export interface Corrections {
  readonly corrections: readonly BillHeading[];
  /** What a correction would come to if it were made now. */
  readonly pending: BillHeading | undefined;
  /** Why none can be made now. */
  readonly refused: string | undefined;
}

export function readCorrections(answer: unknown): Corrections {
  const { corrections, pending, refused } = record(answer, 'the answer');
  if (!Array.isArray(corrections)) throw new Error('the answer has no list of corrections');
  return {
    corrections: corrections.map(readHeading),
    pending: pending === null || pending === undefined ? undefined : readHeading(pending),
    refused: typeof refused === 'string' ? refused : undefined,
  };
}

/** Only what is always needed is looked at; all other keys are shown if they are there. */
function readHeading(given: unknown): BillHeading {
  const bill = record(given, 'a bill');
  for (const key of ['tenant', 'currency', 'total', 'created_at']) text(bill[key], `${key} of a bill`);
  const { from, to } = record(bill.period, 'the period of a bill');
  text(from, 'the begin of a period');
  text(to, 'the end of a period');
  if (bill.state !== 'draft' && bill.state !== 'closed') throw new Error('a bill is neither draft nor closed');
  return given as BillHeading;
}

function readLine(given: unknown): BillLine {
  const line = record(given, 'a line');
  for (const key of ['id', 'kind', 'description', 'quantity', 'unit', 'amount']) text(line[key], `${key} of a line`);
  if (!Array.isArray(line.steps)) throw new Error('a line does not tell how it was reckoned');
  return given as BillLine;
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown, what: string): void {
  if (typeof value !== 'string') throw new Error(`${what} is no text`);
}
