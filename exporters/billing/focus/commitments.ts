import type { Bill } from '../bills/bill.ts';
import { originalId } from '../pricing/correction.ts';
import { moneyText } from '../pricing/currency.ts';
import { type Decimal, decimal, decimalText, zero } from '../pricing/decimal.ts';
import { kindOf } from '../pricing/kind-of.ts';
import type { CoveredBy, RatedLine } from '../pricing/rated.ts';

/** A commitment that a row is about. */
export interface Commitment {
  readonly id: string;
  readonly name: string;
  /** Undefined for its purchase. */
  readonly status: 'Used' | 'Unused' | undefined;
}

/** What thirds and the like leave. */
const negligible = '0.000000001';

export function commitmentOf(bill: Bill, line: RatedLine, isUnused: boolean): Commitment | undefined {
  const { coveredBy } = line;
  if (coveredBy !== undefined)
    return { id: idIn(bill, coveredBy.id), name: coveredBy.name, status: isUnused ? 'Unused' : 'Used' };
  if (kindOf(line) !== 'commitment') return undefined;
  return { id: idIn(bill, originalId(line.id)), name: line.description, status: undefined };
}

/** What is paid for units that a commitment covers. */
export function coveredCost({ quantity }: RatedLine, { price }: CoveredBy): Decimal {
  return decimal(quantity === '' ? '0' : quantity).times(price);
}

/**
 * The part of each commitment that nothing was used of, as lines: what was bought less what was covered. Of a correction, the difference, which is
 * negative where more was covered.
 */
export function unusedLines(bill: Bill): readonly RatedLine[] {
  const parts = new Map<string, { line: RatedLine; coveredBy: CoveredBy; left: Decimal }>();
  const add = (line: RatedLine, coveredBy: CoveredBy, quantity: Decimal): void => {
    const known = parts.get(coveredBy.id) ?? { line, coveredBy, left: zero };
    parts.set(coveredBy.id, { ...known, left: known.left.plus(quantity) });
  };
  // Purchases first: the line of what is left is like them.
  for (const line of bill.lines) {
    if (kindOf(line) === 'commitment') add(line, purchased(line), decimal(line.quantity === '' ? '0' : line.quantity));
  }
  for (const line of bill.lines) {
    if (line.coveredBy !== undefined)
      add(line, line.coveredBy, decimal(line.quantity === '' ? '0' : line.quantity).negated());
  }
  return [...parts.values()]
    .filter(({ left }) => left.abs().greaterThan(negligible))
    .map(({ line, coveredBy, left }) => unusedLine(line, coveredBy, left, bill));
}

function purchased(line: RatedLine): CoveredBy {
  return { id: originalId(line.id), name: line.description, price: line.contractedUnitPrice || '0' };
}

function unusedLine(line: RatedLine, coveredBy: CoveredBy, left: Decimal, { currency }: Bill): RatedLine {
  const quantity = decimalText(left);
  const cost = decimalText(left.times(coveredBy.price));
  return {
    ...line,
    id: `unused|${coveredBy.id}`,
    kind: line.kind === 'correction' ? 'correction' : 'usage',
    ...(line.kind === 'correction' && { corrects: { id: `unused|${coveredBy.id}`, kind: 'usage' as const } }),
    description: `Unused part: ${coveredBy.name}`,
    quantity,
    listUnitPrice: coveredBy.price,
    contractedUnitPrice: coveredBy.price,
    listCost: cost,
    contractedCost: cost,
    effectiveCost: '0',
    amount: moneyText(zero, currency),
    coveredBy,
  };
}

/** One of a contract may hold for several tenants. */
function idIn({ tenant }: Bill, id: string): string {
  return `${tenant}/${id.replace(/^commitment\|/, '')}`;
}
