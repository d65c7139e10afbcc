import type { Bill, BillDetails } from '../bills/bill.ts';
import type { RatedLine } from '../pricing/rated.ts';
import { evidencePart } from './evidence-part.ts';
import { html, type Markup } from './markup.ts';
import { type Section, sectionsOf, totalsOf } from './sections.ts';
import { statementStyle } from './style.ts';
import {
  dayText,
  decimalsOf,
  durationText,
  grouped,
  momentText,
  periodText,
  shownPrice,
  shownQuantity,
} from './words.ts';

/** Sections with more lines than these may be divided between pages. */
const longSection = 8;
const shownSteps = 12;

/** The bill as one page of HTML that needs nothing else: for a browser, a mail, or a printer. Whatever it says of others is escaped. */
export function statementHtml(bill: Bill): string {
  const name = bill.number ?? 'Draft';
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${name}: ${bill.title}, ${periodText(bill)}</title>
<style>${{ markup: statementStyle }}</style>
</head>
<body>
${bill.state === 'draft' ? html`<div class="draft" aria-hidden="true"><span>DRAFT</span></div>` : undefined}
<main>
${head(bill)}
${facts(bill)}
${bill.problems.length === 0 ? undefined : problems(bill)}
${due(bill)}
<h2>Charges</h2>
${sectionsOf(bill).map((section) => sectionTable(section, bill))}
${bill.lines.length === 0 ? html`<p>Nothing is charged for this period.</p>` : undefined}
${totals(bill)}
${bill.details === undefined ? undefined : evidencePart(bill, bill.details)}
${audit(bill)}
</main>
<footer class="small">
<p>${foot(bill)}</p>
</footer>
</body>
</html>
`;
  return page.markup;
}

function head(bill: Bill): Markup {
  const issuer = bill.details?.issuer;
  const lines = [...(issuer?.address ?? []), issuer?.taxId ?? '', issuer?.contact ?? ''].filter((each) => each !== '');
  return html`<header>
<address><strong><bdi>${issuer?.name ?? ''}</bdi></strong>${lines.map((each) => html`<br><bdi>${each}</bdi>`)}</address>
<div class="title"><h1>${heading(bill)}</h1><p class="number">${bill.number ?? 'not closed yet'}</p></div>
</header>`;
}

function heading({ state, corrects }: Bill): string {
  if (corrects !== undefined) return state === 'draft' ? 'Draft of a correction' : 'Correction';
  return state === 'draft' ? 'Draft statement' : 'Statement';
}

function facts(bill: Bill): Markup {
  const { period, timeZone, corrects } = bill;
  const issued = dayText(bill.createdAt * 1000, bill.details?.issuer.timeZone ?? 'UTC');
  const rows: readonly (readonly [string, Markup | string])[] = [
    ['For', html`<bdi>${bill.title}</bdi>`],
    ['Period', periodText(bill)],
    ['Tenant', html`<bdi>${bill.tenant}</bdi>`],
    ['Time zone', `${timeZone}, ${durationText(period.endMs - period.startMs)}`],
    ['Cost centre', html`<bdi>${bill.costCentre === '' ? '–' : bill.costCentre}</bdi>`],
    ['From', momentText(period.startMs, timeZone)],
    [bill.state === 'draft' ? 'Reckoned' : 'Issued', issued],
    ['Up to', momentText(period.endMs, timeZone)],
    ...(corrects === undefined ? [] : [['Corrects', `bill ${corrects}`] as const]),
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function problems(bill: Bill): Markup {
  return html`<section class="note" aria-label="Open points"><strong>This bill cannot be closed yet:</strong>
<ul>${bill.problems.map((each) => html`<li>${each}</li>`)}</ul></section>`;
}

function due({ total, currency, details, state, corrects }: Bill): Markup {
  const isCredit = total.startsWith('-');
  const label = isCredit ? 'To be credited' : corrects === undefined ? 'Total' : 'To be paid in addition';
  const terms =
    state === 'draft' ? 'For information only: amounts may change until the period is closed.' : details?.terms;
  return html`<section class="due" aria-label="Total"><span>${label}${terms ? html`<br><small>${terms}</small>` : undefined}</span>
<strong>${grouped(isCredit ? total.slice(1) : total)} ${currency}</strong></section>`;
}

function sectionTable({ title, lines, subtotal }: Section, bill: Bill): Markup {
  const { currency } = bill;
  const isShort = lines.length <= longSection;
  const decimals = decimalsOf(lines.map(({ line }) => line.quantity));
  return html`<div class="lines"><table class="charges${isShort ? ' short' : ''}">
<caption>${title}</caption>
<colgroup><col class="position"><col class="wide"><col class="number"><col class="number"><col class="number"></colgroup>
<thead><tr><th scope="col" class="position">Line</th><th scope="col">Description</th><th scope="col" class="figure">Quantity</th><th scope="col" class="figure">Unit price</th><th scope="col" class="figure">Amount (${currency})</th></tr></thead>
<tbody>${lines.map(
    ({ position, line }) => html`<tr><td class="position">${position}</td>
<th scope="row"><bdi>${line.description}</bdi>${belowDescription(line, bill)}</th>
<td class="figure">${shownQuantity(line.quantity, decimals)}${line.quantity === '' || line.unit === '' ? undefined : html`<br><small>${line.unit}</small>`}</td>
<td class="figure">${unitPrice(line, currency)}</td>
<td class="figure">${grouped(line.amount)}</td></tr>`,
  )}</tbody>
<tfoot><tr><th scope="row" colspan="4">${title}, subtotal</th><td class="figure">${grouped(subtotal)}</td></tr></tfoot>
</table></div>`;
}

/** Where it was used, for whom and when, if that is not what the head of the bill says. */
function belowDescription(
  line: RatedLine,
  { timeZone, period, costCentre }: Pick<Bill, 'timeZone' | 'period' | 'costCentre'>,
): Markup | undefined {
  const isPart = line.span.startMs !== period.startMs || line.span.endMs !== period.endMs;
  const parts = [
    line.cluster === '' ? '' : `cluster ${line.cluster}`,
    line.costCentre === '' || line.costCentre === costCentre ? '' : `cost centre ${line.costCentre}`,
    isPart ? `${momentText(line.span.startMs, timeZone)} to ${momentText(line.span.endMs, timeZone)}` : '',
  ].filter((each) => each !== '');
  const where = parts.length === 0 ? undefined : html`<br><small><bdi>${parts.join(', ')}</bdi></small>`;
  return html`${where}${stepsOf(line)}`;
}

/** How the amount came about where it is not one price times the quantity, or was billed before; without what stands in the columns. */
function stepsOf(line: RatedLine): Markup | undefined {
  if (line.coveredBy !== undefined && line.kind !== 'correction')
    return html`<br><small><bdi>paid with the commitment ${line.coveredBy.name}</bdi></small>`;
  const isPlain =
    line.quantity === '' || (line.contractedUnitPrice !== '' && line.effectiveCost === line.contractedCost);
  if (isPlain && line.kind !== 'correction') return undefined;
  const steps = line.steps.filter((step) => !/^(metered|to be paid): /.test(step));
  return html`${steps.slice(0, shownSteps).map((step) => html`<br><small><bdi>${step}</bdi></small>`)}`;
}

/** Of the contract; the list price below it where it differs. */
function unitPrice({ quantity, contractedUnitPrice, listUnitPrice }: RatedLine, currency: string): Markup | string {
  if (contractedUnitPrice === '') return quantity === '' ? '' : html`<small>several</small>`;
  const price = shownPrice(contractedUnitPrice, currency);
  if (listUnitPrice === '' || listUnitPrice === contractedUnitPrice) return price;
  return html`${price}<br><small>list ${shownPrice(listUnitPrice, currency)}</small>`;
}

function totals(bill: Bill): Markup {
  const { charges, reductions, tax, total } = totalsOf(bill);
  const rows = [
    ['Charges', charges],
    ...(isZero(reductions) ? [] : [['Discounts and credits', reductions] as const]),
    ...(isZero(tax) ? [] : [['Tax', tax] as const]),
  ] as const;
  return html`<table class="totals"><caption class="small">Sum</caption><tbody>
${rows.map(([name, amount]) => html`<tr><th scope="row">${name}</th><td class="figure">${grouped(amount)}</td></tr>`)}
<tr class="total"><th scope="row">Total</th><td class="figure">${grouped(total)} ${bill.currency}</td></tr></tbody></table>`;
}

function audit(bill: Bill): Markup {
  const { number, details } = bill;
  const period = details?.periodName ?? '';
  const command = `fleetlens billing explain ${number ?? `--period=${period} ${bill.tenant}`} 1`;
  return html`<section class="audit"><h2>How to audit this bill</h2>
<p>Every line can be followed down to the rows of the ledger, and from there to the samples that Prometheus scraped. <code>${command}</code> lists the rows behind line 1, the rule that gave them to this tenant, the arithmetic, and the queries that show the samples.</p>
<p class="small">Ledger position <code>${String(bill.ledgerPosition)}</code>, prices and contracts <code>${bill.priceBookHash}</code>${fingerprint(details)}. Quantities are shown with 6 digits after the point; amounts are reckoned from exact ones and rounded once for each line.</p></section>`;
}

function fingerprint(details: BillDetails | undefined): Markup | undefined {
  return details?.hash === undefined ? undefined : html`, SHA-256 of this bill <code>${details.hash}</code>`;
}

function foot(bill: Bill): string {
  const by = bill.closedBy === undefined ? '' : ` Closed by ${bill.closedBy}.`;
  return `${bill.number ?? 'Draft'} for ${bill.title}, ${periodText(bill)}.${by}`;
}

function isZero(amount: string): boolean {
  return /^-?[0.]+$/.test(amount);
}
