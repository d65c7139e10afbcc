import { SourceError } from '../../../kit/errors.ts';
import type { Statements } from '../api/services.ts';
import { statementCsv } from './statement-csv.ts';
import { statementHtml } from './statement-html.ts';

export function createStatements(_: { readonly chromium: string | undefined }): Statements {
  return {
    html: statementHtml,
    csv: (bill) => [...statementCsv(bill)].join(''),
    pdf: () => Promise.reject(new SourceError('no PDF yet')),
  };
}
