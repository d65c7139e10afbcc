import type { Bill } from '../bills/bill.ts';
import { moneyText } from './currency.ts';
import { decimal, decimalText, sumOf } from './decimal.ts';
import type { DecimalText, RatedBill, RatedLine } from './rated.ts';

const prefix = 'correction|';
const sums = ['quantity', 'listCost', 'contractedCost', 'effectiveCost', 'amount'] as const;
type Sums = Record<(typeof sums)[number], DecimalText>;

/** What earlier bills say about one line, added up. */
interface Billed {
  readonly line: RatedLine;
  readonly sums: Sums;
  readonly numbers: readonly string[];
}

/** The id of the line that a line corrects; its own for one that corrects nothing. */
export function originalId(id: string): string {
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}

/**
 * The differences between what closed bills of a period say, corrections among them, and what it comes to by now, line by line. Without lines if there
 * is none. Throws RangeError for bills of another tenant, period or currency.
 */
export function correctionOf(closedBills: readonly Bill[], rated: RatedBill): RatedBill {
  for (const bill of closedBills) checkBill(bill, rated);
  const billed = new Map<string, Billed>();
  for (const bill of closedBills) for (const line of bill.lines) addLine(billed, line, bill.number ?? '');
  const now = new Map(rated.lines.map((line) => [line.id, line]));
  const ids = [...new Set([...now.keys(), ...billed.keys()])].sort();
  const lines = ids.flatMap((id) => differenceOf(billed.get(id), now.get(id), rated));
  return { ...rated, lines, total: moneyText(sumOf(lines.map(({ amount }) => amount)), rated.currency) };
}

function checkBill({ tenant, currency, period, number }: Bill, rated: RatedBill): void {
  const isSame =
    tenant === rated.tenant &&
    currency === rated.currency &&
    period.startMs === rated.period.startMs &&
    period.endMs === rated.period.endMs;
  if (!isSame) throw new RangeError(`bill ${number} is of another tenant, period or currency than what corrects it`);
}

function addLine(billed: Map<string, Billed>, line: RatedLine, number: string): void {
  const id = originalId(line.id);
  const found = billed.get(id);
  if (found === undefined) billed.set(id, { line, sums: sumsOf(line), numbers: [number] });
  else billed.set(id, { line: found.line, sums: combine(found.sums, line, 1), numbers: [...found.numbers, number] });
}

function sumsOf(line: Sums): Sums {
  const { quantity, listCost, contractedCost, effectiveCost, amount } = line;
  return { quantity, listCost, contractedCost, effectiveCost, amount };
}

function combine(left: Sums, right: Sums, sign: 1 | -1): Sums {
  const add = (a: DecimalText, b: DecimalText) => {
    if (a === '' && b === '') return '';
    return decimalText(decimal(a === '' ? '0' : a).plus(decimal(b === '' ? '0' : b).times(sign)));
  };
  return {
    quantity: add(left.quantity, right.quantity),
    listCost: add(left.listCost, right.listCost),
    contractedCost: add(left.contractedCost, right.contractedCost),
    effectiveCost: add(left.effectiveCost, right.effectiveCost),
    amount: add(left.amount, right.amount),
  };
}

const zeros: Sums = { quantity: '', listCost: '0', contractedCost: '0', effectiveCost: '0', amount: '0' };

function differenceOf(
  before: Billed | undefined,
  now: RatedLine | undefined,
  { currency, period }: RatedBill,
): readonly RatedLine[] {
  const line = now ?? before?.line;
  if (line === undefined) return [];
  const old = before?.sums ?? zeros;
  const difference = combine(now ?? zeros, old, -1);
  if (sums.every((each) => difference[each] === '' || decimal(difference[each]).isZero())) return [];
  const amount = moneyText(decimal(difference.amount), currency);
  const id = originalId(line.id);
  const description = line.kind === 'correction' ? line.description : `Correction: ${line.description}`;
  return [
    {
      ...line,
      ...difference,
      id: `${prefix}${id}`,
      kind: 'correction',
      description,
      span: now?.span ?? before?.line.span ?? period,
      amount,
      steps: [
        `billed before${before === undefined ? '' : ` in ${before.numbers.join(', ')}`}: ${saying(old, line.unit, currency)}`,
        `now: ${saying(now ?? zeros, line.unit, currency)}`,
        `difference: ${saying({ ...difference, amount }, line.unit, currency)}`,
        ...(now?.steps ?? []).map((step) => `now: ${step}`),
      ],
    },
  ];
}

function saying({ quantity, amount }: Sums, unit: string, currency: string): string {
  return quantity === '' ? `${amount} ${currency}` : `${quantity} ${unit}, ${amount} ${currency}`;
}
