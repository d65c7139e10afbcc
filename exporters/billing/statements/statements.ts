import { createPdfPrinter, type PdfSettings } from '../../../kit/chromium/print-pdf.ts';
import type { Statements } from '../api/services.ts';
import { statementCsv } from './statement-csv.ts';
import { statementHtml } from './statement-html.ts';

export interface StatementSettings extends Pick<PdfSettings, 'path' | 'seconds' | 'tempFolder'> {
  /** Path of the program that prints; without it one is looked for on PATH. */
  readonly chromium?: string | undefined;
  /** Ends what is being printed. */
  readonly stopping?: AbortSignal;
}

/** A PDF is the page of HTML as Chromium prints it, one at a time. */
export function createStatements({ chromium, stopping, ...settings }: StatementSettings): Statements {
  const printer = createPdfPrinter({ program: chromium, programFrom: '--billing.chromium', ...settings });
  return {
    html: statementHtml,
    csv: (bill) => [...statementCsv(bill)].join(''),
    pdf: (bill, signal) =>
      printer.print(statementHtml(bill), stopping === undefined ? signal : AbortSignal.any([signal, stopping])),
  };
}
