import { type Fields, fieldsOf, listOf, shortTime, textOf } from '../api-client/fields.ts';
import { tableWithText } from '../api-client/text-table.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';
import { shortNumber, wrapped } from './bill-text.ts';

/** Where a line comes from, in the order in which one checks it: the arithmetic, the rows, what they add up to, and how to see the samples. */
export function explanationText(answer: Fields, currency: string, style: TextStyle): readonly string[] {
  const line = fieldsOf(answer['line']);
  const rows = listOf(answer['rows']);
  const next = textOf(answer['next']);
  const steps = Array.isArray(line['steps']) ? line['steps'].map(textOf) : [];
  return [
    painted(safe(`${textOf(line['description'])}: ${textOf(line['amount'])} ${currency}`, style), 'bold', style),
    ...wrapped(`Price: ${textOf(line['price_id'])}`, style),
    '',
    'How it was reckoned:',
    ...steps.flatMap((step, index) => wrapped(`${index + 1}. ${step}`, style)),
    '',
    ...(rows.length === 0
      ? wrapped(noRows(answer), style, '')
      : ['Rows of the ledger, and who they are given to by which rule:', ...rowTable(answer, rows, style)]),
    ...(next === '' ? [] : ['', `There are more rows; --cursor=${next} goes on.`]),
    ...sumLines(answer, style),
    ...queryLines(listOf(answer['queries']), style),
  ];
}

/** Whether the rows add up to something else than the line says. */
export function isMismatch({ sum }: Fields): boolean {
  return fieldsOf(sum)['matches'] === false;
}

function noRows({ sum }: Fields): string {
  if (sum === undefined) return 'It is about the bill as a whole, so no row of the ledger is behind it.';
  return 'No row of the ledger is behind it, or on this page.';
}

function rowTable(answer: Fields, rows: readonly Fields[], style: TextStyle): readonly string[] {
  const [base, unit] = [textOf(answer['base_unit']), textOf(fieldsOf(answer['line'])['unit'])];
  return tableWithText(
    rows,
    [
      { title: 'ROW', of: ({ position }) => textOf(position), isNumber: true },
      { title: 'WINDOW (UTC)', of: ({ window }) => shortTime(fieldsOf(window)['from']) },
      { title: 'REVISION', of: ({ revision }) => (revision === 0 ? '' : textOf(revision)), isNumber: true },
      { title: base.toUpperCase(), of: ({ quantity }) => textOf(quantity), isNumber: true },
      { title: 'PART', of: ({ share }) => (share === '1' ? '' : textOf(share)) },
      { title: unit.toUpperCase(), of: ({ counted }) => quotientText(textOf(counted)), isNumber: true },
    ],
    { title: 'OF WHAT, WHOSE, BY WHICH RULE', of: whatText },
    style,
  );
}

/** GPU-1 of search/pod-7 (container train); tenants[0].owns[0] */
function whatText({ resource, holder, attribution }: Fields): string {
  const { namespace, pod, ...others } = fieldsOf(holder);
  const who = [namespace, pod].filter((each) => each !== undefined).map(textOf);
  const rest = Object.entries(others).map(([name, value]) => `${name} ${textOf(value)}`);
  const held = [who.join('/'), rest.length === 0 ? '' : `(${rest.join(', ')})`].filter((each) => each !== '').join(' ');
  const { share, by } = fieldsOf(attribution);
  const rule = share === '1' ? textOf(by) : `${textOf(share)} by ${textOf(by)}`;
  return `${textOf(resource)}${held === '' ? '' : ` of ${held}`}; ${rule}`;
}

const shownDecimals = 6;

/** A fraction to 6 digits after the point, cut; --json has it in full. */
function quotientText(exact: string): string {
  const [num = '0', den = '1'] = exact.split('/');
  if (den === '1') return num;
  const scale = 10n ** BigInt(shownDecimals + 1);
  const [value, by] = [BigInt(num), BigInt(den)];
  const cut = (value < 0n ? -value : value) * scale;
  const digits = String(cut / by).padStart(shownDecimals + 2, '0');
  const whole = `${digits.slice(0, -shownDecimals - 1)}.${digits.slice(-shownDecimals - 1)}`;
  const isWhole = cut % by === 0n;
  return `${value < 0n ? '-' : ''}${isWhole ? whole.replace(/\.?0+$/, '') : shortNumber(whole, shownDecimals)}`;
}

function sumLines(answer: Fields, style: TextStyle): readonly string[] {
  const sum = fieldsOf(answer['sum']);
  if (answer['sum'] === undefined) return [];
  const line = fieldsOf(answer['line']);
  const unit = textOf(line['unit']);
  const [rows, quantity] = [`${textOf(sum['quantity'])} ${unit}`, `${textOf(line['quantity'])} ${unit}`];
  const counted =
    sum['counted_by'] === 'instance' ? ' Each part of a GPU counts as one, since it has a price of its own.' : '';
  if (isMismatch(answer)) {
    const text = `The rows add up to ${rows}, and the line says ${quantity}. Owners or meters were changed since, or the bill is wrong.`;
    return ['', ...wrapped(text, style, '').map((each) => painted(each, 'yellow', style))];
  }
  const shared = Array.isArray(sum['shared_with']) && sum['shared_with'].length > 0;
  const whose = shared
    ? 'quantities of this line and of the one that a commitment divided from it'
    : 'quantity of the line';
  const text =
    sum['matches'] === true
      ? `Sum of all rows = ${whose} = ${rows}, digit for digit.${counted}`
      : `Sum of all rows = ${rows}, of the whole pool. The line is the part of it that is reckoned above: ${quantity}.`;
  return ['', ...wrapped(text, style, '')];
}

/** Paths are not wrapped: they are there to be copied. */
function queryLines(queries: readonly Fields[], style: TextStyle): readonly string[] {
  const samples = queries.filter(({ kind }) => kind === 'samples');
  const others = queries.length - samples.length;
  if (queries.length === 0) return [];
  const more =
    others === 0
      ? []
      : wrapped(`${others} more queries say what was there at the time, such as pods; --json has them.`, style, '');
  return [
    '',
    'Raw samples of these rows; ask Prometheus for the path, or for the query at that time:',
    ...samples.flatMap(({ source, cluster, query, to, path }) => [
      safe(`  ${textOf(query)}`, style),
      safe(`    at ${textOf(to)}, cluster ${textOf(cluster)}, source ${textOf(source)}`, style),
      safe(`    ${textOf(path)}`, style),
    ]),
    ...more,
  ];
}
