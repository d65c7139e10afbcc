import { groupBy } from '../group-by.ts';
import { digitsOf, roundMoney, settled } from './currency.ts';
import { Decimal, zero } from './decimal.ts';
import type { TermedLine } from './draft.ts';

/** One that was divided among tenants or lines, and is to be paid as a whole. */
export interface Roundable {
  /** Breaks ties: the smaller one gets the cent. */
  readonly key: string;
  readonly value: Decimal;
}

/**
 * Amounts of what belongs together: each is the value cut to the digits of the currency, and what is missing to the rounded sum goes in single units to
 * those that lost most.
 */
export function roundTogether(parts: readonly Roundable[], currency: string): readonly Decimal[] {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return [roundMoney(first.value, currency)];
  const unit = new Decimal(10).pow(-digitsOf(currency));
  const total = roundMoney(
    parts.reduce((sum, { value }) => sum.plus(value), zero),
    currency,
  );
  const floors = parts.map(({ value }) => settled(value).div(unit).floor().times(unit));
  const missing = total
    .minus(floors.reduce((sum, each) => sum.plus(each), zero))
    .div(unit)
    .toNumber();
  const losers = parts
    .map(({ key, value }, index) => ({ key, index, lost: settled(value).minus(floors[index] ?? zero) }))
    .sort((left, right) => right.lost.cmp(left.lost) || (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .slice(0, missing);
  const winners = new Set(losers.map(({ index }) => index));
  return floors.map((floor, index) => (winners.has(index) ? floor.plus(unit) : floor));
}

/** What is to be paid for each line, of all tenants at once. */
export function amountsOf(lines: readonly TermedLine[]): ReadonlyMap<TermedLine, Decimal> {
  const amounts = new Map<TermedLine, Decimal>();
  for (const group of groupBy(lines, groupOf).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const parts = group.map((line) => ({ key: tieKey(line), value: line.effectiveCost }));
    const rounded = roundTogether(parts, first.draft.currency);
    for (const [index, line] of group.entries()) amounts.set(line, rounded[index] ?? zero);
  }
  return amounts;
}

/** Lines of one group were one thing before it was divided: among tenants, or among lines that share tiers. */
function groupOf({ draft, kind }: TermedLine): string {
  const { origin, meter, sku, cluster, list, card, currency, tenant, key } = draft;
  if (origin !== '') return JSON.stringify([origin, kind, meter.name, sku, cluster, list.key, currency]);
  if (card.cost.kind === 'steps') return JSON.stringify([tenant, kind, meter.name, card.pricedSku, card.key]);
  return JSON.stringify([tenant, kind, key]);
}

function tieKey({ draft: { tenant, key } }: TermedLine): string {
  return `${tenant}\0${key}`;
}
