import { csvLine } from '../../../kit/csv/csv-line.ts';
import type { Bill } from '../bills/bill.ts';
import { customColumns, type FocusRow, focusColumns } from './columns.ts';
import { focusRows } from './focus-rows.ts';

const header = [...focusColumns, ...customColumns];

/**
 * FOCUS 1.2 as CSV by RFC 4180, UTF-8, head line first; a piece for each bill. Texts are as they are: it is for programs that load them. A
 * spreadsheet may take a description that begins with = for a formula; statements as CSV are guarded against that.
 */
export async function* focusCsv(bills: AsyncIterable<Bill> | Iterable<Bill>): AsyncGenerator<string> {
  yield csvLine(header);
  for await (const bill of bills) {
    const rows = focusRows(bill);
    if (rows.length > 0) yield rows.map(lineOf).join('');
  }
}

export function lineOf(row: FocusRow): string {
  return csvLine(header.map((column) => row[column]));
}
