import { CsvError } from '../../../kit/csv/csv-error.ts';
import { csvRecords } from '../../../kit/csv/csv-records.ts';
import type { CsvRecord } from '../../../kit/csv/csv-syntax.ts';
import { decimal, decimalText } from '../pricing/decimal.ts';
import { focusColumns, mandatoryColumns } from './columns.ts';
import { type CheckedRow, rowRules } from './rules.ts';

export interface FocusFinding {
  readonly rule: string;
  /** What FOCUS asks. */
  readonly about: string;
  /** Undefined for what is about the row or the file as a whole. */
  readonly column: string | undefined;
  /** Line of the file, from 1; undefined for what is about the file. */
  readonly line: number | undefined;
  readonly problem: string;
}

export interface FocusReport {
  readonly rows: number;
  /** Rules that were looked at. */
  readonly rules: number;
  /** How often each rule was broken. */
  readonly broken: ReadonlyMap<string, number>;
  /** The first ones, 10 of a rule and 200 in all at most. */
  readonly findings: readonly FocusFinding[];
  /** What is billed by invoice: compare it with what was sent. Rows without an invoice are under the empty text. */
  readonly billedCosts: ReadonlyMap<string, string>;
}

export interface CheckSettings {
  /** What is payable by invoice, where it is known. */
  readonly payable?: ReadonlyMap<string, string>;
}

const maxFindings = 200;
const maxOfRule = 10;
const maxColumns = 1000;
/** FOCUS 1.2 columns that our export does not have; a file may have them. */
const otherColumns = new Set(
  'AvailabilityZone BillingAccountType CapacityReservationId CapacityReservationStatus InvoiceIssuer PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice RegionId RegionName'.split(
    ' ',
  ),
);

/**
 * Checks a FOCUS 1.2 file by the rules of the specification that a file alone can break, of the columns that we write. It is no substitute for the
 * validator of the FinOps Foundation, which knows all rules.
 */
export async function checkFocus(
  chunks: AsyncIterable<string> | Iterable<string>,
  { payable }: CheckSettings = {},
): Promise<FocusReport> {
  const broken = new Map<string, number>();
  const findings: FocusFinding[] = [];
  const report = (rule: string, about: string, line: number | undefined, problem: string): void => {
    const count = (broken.get(rule) ?? 0) + 1;
    broken.set(rule, count);
    if (count <= maxOfRule && findings.length < maxFindings)
      findings.push({ rule, about, column: columnOf(rule), line, problem });
  };
  const across = acrossRows(report);
  let columns: readonly string[] | undefined;
  let rows = 0;
  try {
    for await (const row of csvRecords(chunks, { file: 'the file', delimiter: ',', maxColumns })) {
      if (columns === undefined) {
        columns = row.fields;
        checkHeader(columns, report);
        continue;
      }
      rows += 1;
      checkRow(row, columns, { report, across });
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    report('file-format', 'the file is CSV by RFC 4180', error.line, error.problem);
  }
  if (columns === undefined) report('file-format', 'the file has a head line', undefined, 'the file is empty');
  const billedCosts = across.end(payable);
  return { rows, rules: rowRules.length + mandatoryColumns.length + fileRules, broken, findings, billedCosts };
}

const focusNames: ReadonlySet<string> = new Set([...focusColumns, ...otherColumns]);

/** Names of rules begin with the column that is wrong. */
function columnOf(rule: string): string | undefined {
  const name = rule.split('-')[0] ?? '';
  return [name, `${name}Start`].find((each) => focusNames.has(each));
}

type Report = (rule: string, about: string, line: number | undefined, problem: string) => void;
/** Beside those of rows and of columns that must be there. */
const fileRules = 10;

function checkHeader(columns: readonly string[], report: Report): void {
  for (const column of mandatoryColumns) {
    if (!columns.includes(column)) report(`${column}-present`, `${column} must be present`, 1, 'it is missing');
  }
  const isCustom = (column: string): boolean => column.startsWith('x_');
  const wrong = (rule: string, about: string, found: readonly string[]): void => {
    if (found.length > 0) report(rule, about, 1, found.slice(0, 10).join(', '));
  };
  wrong(
    'column-unique',
    'a column is there once',
    columns.filter((column, index) => columns.indexOf(column) !== index),
  );
  wrong(
    'column-custom',
    'columns that FOCUS does not have begin with x_',
    columns.filter((column) => !focusNames.has(column) && !isCustom(column)),
  );
  wrong(
    'column-name',
    'names of columns are letters and digits in Pascal case, behind x_ for custom ones',
    columns.filter((column) => !/^(x_)?[A-Z][A-Za-z0-9]*$/.test(column)),
  );
  wrong(
    'column-length',
    'names of columns have 50 characters at most',
    columns.filter((column) => column.length > 50),
  );
  const firstCustom = columns.findIndex(isCustom);
  wrong(
    'column-order',
    'custom columns come after those of FOCUS',
    firstCustom < 0 ? [] : columns.slice(firstCustom).filter((column) => !isCustom(column)),
  );
}

function checkRow(
  { line, fields }: CsvRecord,
  columns: readonly string[],
  { report, across }: { readonly report: Report; readonly across: ReturnType<typeof acrossRows> },
): void {
  if (fields.length !== columns.length) {
    report('row-length', 'a row has a field for each column', line, `it has ${fields.length} of ${columns.length}`);
    return;
  }
  const row: CheckedRow = Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
  for (const { name, about, check } of rowRules) {
    const problem = check(row);
    if (problem !== undefined) report(name, about, line, problem);
  }
  across.add(row, line);
}

/** What only several rows together can break. */
function acrossRows(report: Report) {
  const billed = new Map<string, ReturnType<typeof decimal>>();
  const firsts = new Map<string, string>();

  /** Reports a second value of `of` for the same value of `column`. */
  function once(row: CheckedRow, line: number, [column, of, about]: readonly [string, string, string]): void {
    const [value, other] = [row[column] ?? '', row[of] ?? ''];
    if (value === '') return;
    const key = `${column}\0${of}\0${value}`;
    const first = firsts.get(key) ?? other;
    firsts.set(key, first);
    if (first !== other) report(`${column}-${of}`, about, line, `${column} ${value} has ${first} and ${other}`);
  }

  return {
    add: (row: CheckedRow, line: number): void => {
      once(row, line, ['InvoiceId', 'BillingAccountId', 'an invoice is of one billing account']);
      once(row, line, ['InvoiceId', 'BillingCurrency', 'an invoice is in one currency']);
      once(row, line, ['SkuPriceId', 'SkuId', 'a SKU price is of one SKU']);
      const cost = row['BilledCost'] ?? '';
      const invoice = row['InvoiceId'] ?? '';
      if (/^-?\d+(\.\d+)?$/.test(cost)) billed.set(invoice, (billed.get(invoice) ?? decimal('0')).plus(cost));
    },
    end: (payable: ReadonlyMap<string, string> | undefined): ReadonlyMap<string, string> => {
      for (const [invoice, amount] of payable ?? []) {
        const sum = billed.get(invoice) ?? decimal('0');
        if (sum.equals(amount)) continue;
        const problem = `BilledCost of ${invoice} adds up to ${decimalText(sum)}, and ${amount} is payable`;
        report('BilledCost-invoice', 'BilledCost of an invoice adds up to what is payable', undefined, problem);
      }
      return new Map([...billed].map(([invoice, sum]) => [invoice, decimalText(sum)]));
    },
  };
}
