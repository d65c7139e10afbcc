import type { Bill } from '../bills/bill.ts';
import { moneyText } from '../pricing/currency.ts';
import { type Decimal, decimal, sumOf, zero } from '../pricing/decimal.ts';
import type { DecimalText, LineKind, RatedLine } from '../pricing/rated.ts';

/** Lines of a bill as people read them: what was used first, taxes last. */
export interface Section {
  readonly title: string;
  readonly lines: readonly NumberedLine[];
  readonly subtotal: DecimalText;
}

/** `position` counts the lines of the bill from 1; explaining a line asks for it. */
export interface NumberedLine {
  readonly position: number;
  readonly line: RatedLine;
}

export interface Totals {
  /** All but discounts, credits and taxes. */
  readonly charges: DecimalText;
  readonly reductions: DecimalText;
  readonly tax: DecimalText;
  readonly total: DecimalText;
}

const sections: readonly { readonly title: string; readonly kinds: readonly LineKind[] }[] = [
  { title: 'Usage', kinds: ['usage'] },
  { title: 'Share of idle capacity', kinds: ['idle'] },
  { title: 'Commitments', kinds: ['commitment', 'overage'] },
  { title: 'Minimum and maximum spend', kinds: ['minimum', 'maximum'] },
  { title: 'Corrections', kinds: ['correction'] },
  { title: 'Discounts and credits', kinds: ['discount', 'credit'] },
  { title: 'Taxes', kinds: ['tax'] },
];
const reductionKinds: readonly LineKind[] = ['discount', 'credit'];

/** Sections without lines are left out. */
export function sectionsOf({ lines, currency }: Pick<Bill, 'lines' | 'currency'>): readonly Section[] {
  const numbered = lines.map((line, index) => ({ position: index + 1, line }));
  return sections.flatMap(({ title, kinds }) => {
    const own = numbered.filter(({ line }) => kinds.includes(line.kind));
    if (own.length === 0) return [];
    return [{ title, lines: own, subtotal: money(own, currency) }];
  });
}

export function totalsOf({ lines, currency, total }: Pick<Bill, 'lines' | 'currency' | 'total'>): Totals {
  const sums = { charges: zero, reductions: zero, tax: zero };
  for (const line of lines) {
    // A correction of a tax or a discount counts as what it corrects.
    const kind = line.corrects?.kind ?? line.kind;
    const name = kind === 'tax' ? 'tax' : reductionKinds.includes(kind) ? 'reductions' : 'charges';
    sums[name] = sums[name].plus(decimal(line.amount));
  }
  const text = (value: Decimal): DecimalText => moneyText(value, currency);
  return { charges: text(sums.charges), reductions: text(sums.reductions), tax: text(sums.tax), total };
}

function money(lines: readonly NumberedLine[], currency: string): DecimalText {
  return moneyText(sumOf(lines.map(({ line }) => line.amount)), currency);
}
