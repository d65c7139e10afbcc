import type { BillRef } from './bill-ref';

/** The forms of a bill, and the media type that each must have. */
export const billFormats = {
  pdf: 'application/pdf',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
} as const;

export type BillFormat = keyof typeof billFormats;

/** Nothing in it that a file system could take for a path. */
export function fileName(bill: BillRef, format: BillFormat): string {
  const name = 'number' in bill ? bill.number : `${bill.tenant}-${bill.period}-draft`;
  return `bill-${name.replaceAll(/[^\w.-]+/g, '-')}.${format}`;
}
