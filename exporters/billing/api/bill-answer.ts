import { badField } from '../../../kit/api/api-error.ts';
import type { Answer, Call } from '../../../kit/api/route.ts';
import type { Bill } from '../bills/bill.ts';
import type { Statements } from './services.ts';
import { billView } from './views.ts';

/** The forms of a bill, the usual one first. */
export const billFormats = {
  json: 'application/json',
  html: 'text/html',
  csv: 'text/csv',
  pdf: 'application/pdf',
} as const;
type BillFormat = keyof typeof billFormats;

const formatNames = ['json', 'html', 'csv', 'pdf'] as const satisfies readonly BillFormat[];

export const formatParameter = {
  in: 'query',
  type: 'enum',
  values: formatNames,
  about: 'The form of the bill. Without it the header Accept decides.',
} as const;

/** A statement needs no script, and nothing from elsewhere. */
const pageHeaders = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
};

export async function billAnswer(
  bill: Bill,
  format: BillFormat | undefined,
  { accepted, signal }: Pick<Call<Record<never, never>, unknown>, 'accepted' | 'signal'>,
  statements: Statements,
): Promise<Answer> {
  const type = format === undefined ? accepted(Object.values(billFormats)) : billFormats[format];
  switch (type) {
    case 'application/json':
      return { json: billView(bill) };
    case 'text/html':
      return { text: statements.html(bill), type, headers: pageHeaders };
    case 'text/csv':
      return { text: statements.csv(bill), type, headers: attachment(bill, 'csv') };
    case 'application/pdf':
      return { bytes: await statements.pdf(bill, signal), type, headers: attachment(bill, 'pdf') };
    default:
      throw badField('Accept', `a bill comes as one of ${Object.values(billFormats).join(', ')}`);
  }
}

function attachment({ number, tenant, period }: Bill, ending: string): Readonly<Record<string, string>> {
  const name = number ?? `${tenant}-${new Date(period.startMs).toISOString().slice(0, 10)}-draft`;
  return { 'Content-Disposition': `attachment; filename="bill-${name.replaceAll(/[^\w.-]+/g, '-')}.${ending}"` };
}
