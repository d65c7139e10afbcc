import { createReadStream, statSync } from 'node:fs';
import { checkFocus, type FocusFinding, type FocusReport } from '../../exporters/billing/focus/conformance.ts';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import type { Outcome } from '../api-client/run-api-command.ts';
import { textTable } from '../api-client/text-table.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';
import { wrapped } from './bill-text.ts';

/** Invoices that are listed. */
const shownInvoices = 20;

/** Whether a file keeps to FOCUS 1.2; nothing is found if it does not. Throws ConfigError for one that cannot be read. */
export async function checkFile(file: string, style: TextStyle): Promise<Outcome> {
  const report = await reportOf(file);
  const { rows, rules, broken, findings, billedCosts } = report;
  const json = {
    file,
    rows,
    rules,
    broken: Object.fromEntries(broken),
    findings,
    billed_costs: Object.fromEntries(billedCosts),
  };
  return { json, lines: reportText(file, report, style), isNothing: broken.size > 0 };
}

async function reportOf(file: string): Promise<FocusReport> {
  try {
    if (!statSync(file).isFile()) throw new ConfigError('it is no plain file');
    return await checkFocus(createReadStream(file, { encoding: 'utf8' }));
  } catch (error) {
    throw new ConfigError(`--check: ${file} cannot be read: ${reasonOf(error)}`);
  }
}

function reportText(file: string, report: FocusReport, style: TextStyle): readonly string[] {
  const { rows, rules, broken, findings } = report;
  const count = [...broken.values()].reduce((sum, each) => sum + each, 0);
  const head = `${file}: ${plural(rows, 'row')}, ${plural(rules, 'rule')} of FOCUS 1.2, ${count === 0 ? 'none broken' : plural(count, 'mistake')}`;
  const hidden = count - findings.length;
  return [
    painted(safe(head, style), 'bold', style),
    ...findings.flatMap((finding) => findingLines(finding, style)),
    ...(hidden > 0
      ? ['', `and ${plural(hidden, 'further mistake')} of the same kinds; --json counts them by rule`]
      : []),
    ...invoiceTable(report, style),
  ];
}

function findingLines({ rule, about, column, line, problem }: FocusFinding, style: TextStyle): readonly string[] {
  const place = [line === undefined ? '' : `line ${line}`, column ?? ''].filter((each) => each !== '').join(', ');
  return [
    '',
    ...wrapped(`${place === '' ? '' : `${place}: `}${problem}`, style, ''),
    ...wrapped(`${about} (${rule})`, style),
  ];
}

function invoiceTable({ billedCosts }: FocusReport, style: TextStyle): readonly string[] {
  if (billedCosts.size === 0) return [];
  const table = textTable(
    [...billedCosts].slice(0, shownInvoices),
    [
      { title: 'INVOICE', of: ([invoice]) => (invoice === '' ? 'none (drafts)' : invoice) },
      { title: 'BILLED COST', of: ([, cost]) => cost, isNumber: true },
    ],
    style,
  );
  const hidden = billedCosts.size - shownInvoices;
  return ['', ...table, ...(hidden > 0 ? [`and ${plural(hidden, 'more invoice')}; --json has all`] : [])];
}

function plural(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
