import { wrap } from '../../kit/wrap.ts';
import { type Fields, fieldsOf, listOf, shortTime, textOf } from '../api-client/fields.ts';
import { tableWithText } from '../api-client/text-table.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';

/** A bill with its lines, as lines on a terminal. */
export function billText(bill: Fields, style: TextStyle): readonly string[] {
  const currency = textOf(bill['currency']);
  const lines = listOf(bill['lines']).map((line, index) => ({ ...line, place: index + 1 }) as Fields);
  const quantities = lines.map(({ quantity }) => shortNumber(textOf(quantity)));
  const table = tableWithText(
    lines,
    [
      { title: 'LINE', of: ({ place }) => textOf(place), isNumber: true },
      { title: 'QUANTITY', of: ({ quantity }) => aligned(shortNumber(textOf(quantity)), quantities), isNumber: true },
      { title: 'UNIT', of: ({ unit }) => textOf(unit) },
      { title: 'PRICE', of: ({ contracted_unit_price: price }) => textOf(price), isNumber: true },
      { title: currency, of: ({ amount }) => textOf(amount), isNumber: true },
    ],
    { title: 'WHAT', of: (line) => whatText(line, currency) },
    style,
  );
  const total = `Total ${textOf(bill['total'])} ${currency}`;
  return [
    painted(safe(headOf(bill), style), 'bold', style),
    `${safe(total, style)}${coverageText(bill)}`,
    ...(lines.length === 0 ? ['', 'It has no lines.'] : ['', ...table]),
    ...problemLines(bill, style),
  ];
}

/** What it is, and what became of its price where the amount does not tell. */
function whatText(line: Fields, currency: string): string {
  const { description, contracted_cost: contracted, effective_cost: effective, covered_by: covered } = line;
  if (covered !== undefined)
    return `${textOf(description)} (paid with commitment ${textOf(fieldsOf(covered)['name'])})`;
  if (contracted === effective) return textOf(description);
  return `${textOf(description)} (${shortNumber(textOf(contracted), 2)} ${currency} before discounts)`;
}

/** Followed by room, so that points of a column stand below each other. */
function aligned(text: string, column: readonly string[]): string {
  const behind = (each: string): number => (each.includes('.') ? each.length - each.indexOf('.') : 0);
  return text === '' ? '' : text + ' '.repeat(Math.max(...column.map(behind)) - behind(text));
}

function headOf(bill: Fields): string {
  const { number, state, title, period_name: period, corrects } = bill;
  const of = `of ${textOf(title)} for ${textOf(period)}`;
  if (state === 'draft') return `Draft ${of}, reckoned ${shortTime(bill['created_at'])} UTC`;
  const what = corrects === undefined ? 'Bill' : `Correction of ${textOf(corrects)}:`;
  return `${what} ${textOf(number)} ${of}, closed ${shortTime(bill['created_at'])} UTC by ${textOf(bill['closed_by'])}`;
}

function coverageText({ coverage }: Fields): string {
  return typeof coverage === 'number' ? `, ${percentText(coverage)} of the scrapes seen` : '';
}

function problemLines(bill: Fields, style: TextStyle): readonly string[] {
  const problems = Array.isArray(bill['problems']) ? bill['problems'].map(textOf) : [];
  const accepted = listOf(fieldsOf(bill['details'])['accepted']).map(
    ({ message, reason }) => `Accepted: ${textOf(message)}. Reason: ${textOf(reason)}`,
  );
  const all = [...problems, ...accepted];
  if (all.length === 0) return [];
  const title = problems.length === 0 ? [] : ['It cannot be closed yet:'];
  return ['', ...title, ...all.flatMap((each) => wrapped(each, style)).map((line) => painted(line, 'yellow', style))];
}

export function wrapped(text: string, style: TextStyle, indent = '  '): readonly string[] {
  return wrap(safe(text, style), { indent, width: style.width });
}

/** Cut after so many decimals, for a table; the API has all of them. */
export function shortNumber(text: string, decimals = 4): string {
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length <= decimals ? text : `${whole}.${fraction.slice(0, decimals)}…`;
}

/** Cut, not rounded: 100 % is all. */
export function percentText(ratio: number): string {
  return `${Math.floor(ratio * 10_000) / 100} %`;
}
