import { ConfigError } from '../../../kit/errors.ts';
import { groupBy } from '../group-by.ts';
import type { Conversion, Price, PriceBook } from './price-book.ts';
import { overlaps, type Validity, validityText } from './read-values.ts';

interface Ranged {
  readonly where: string;
  readonly validity: Validity;
}

/** Throws ConfigError for two prices of the same meter, SKU, cluster and currency at the same time. */
export function checkPrices(prices: readonly Price[]): void {
  for (const group of groupBy(prices, sameThing).values())
    checkOverlaps(group, 'is for the same meter, SKU and cluster as');
}

/** Throws ConfigError for two rates of the same currencies at the same time. */
export function checkConversions(conversions: readonly Conversion[]): void {
  const groups = groupBy(conversions, ({ from, to }) => `${from} ${to}`);
  for (const group of groups.values()) checkOverlaps(group, 'is for the same currencies as');
}

/** Stretches between two prices of the same thing that no other price fills; for people, who may have meant them. */
export function holesOf({ prices }: Pick<PriceBook, 'prices'>): readonly string[] {
  return [...groupBy(prices, sameThing).values()].flatMap((group) =>
    inTimeOf(group).flatMap((price, index, inTime) => {
      const before = inTime[index - 1];
      if (before === undefined || before.validity.untilMs >= price.validity.fromMs) return [];
      const hole = { fromMs: before.validity.untilMs, untilMs: price.validity.fromMs };
      if (prices.some((other) => fills(other, price, hole))) return [];
      const what = `${price.meter}${price.sku.text === '*' ? '' : `, SKU ${price.sku.text}`}`;
      return [`${before.where} and ${price.where} leave ${what} without a price ${validityText(hole)}`];
    }),
  );
}

function fills(other: Price, { meter, sku, cluster, currency }: Price, hole: Validity): boolean {
  const isForIt =
    other.meter === meter &&
    other.currency === currency &&
    (other.cluster === undefined || other.cluster === cluster) &&
    other.sku.matches(sku.text);
  return isForIt && other.validity.fromMs <= hole.fromMs && other.validity.untilMs >= hole.untilMs;
}

function sameThing({ meter, sku, cluster, currency }: Price): string {
  return JSON.stringify([meter, sku.text, cluster, currency]);
}

function checkOverlaps<T extends Ranged>(group: readonly T[], relation: string): void {
  inTimeOf(group).forEach((each, index, inTime) => {
    const before = inTime[index - 1];
    if (before === undefined || !overlaps(before.validity, each.validity)) return;
    const [first, second] = group.indexOf(before) < group.indexOf(each) ? [before, each] : [each, before];
    throw new ConfigError(
      `${second.where} (${validityText(second.validity)}) ${relation} ${first.where} (${validityText(first.validity)}) ` +
        'and they overlap; let one end where the other begins',
    );
  });
}

function inTimeOf<T extends Ranged>(group: readonly T[]): readonly T[] {
  return [...group].sort((left, right) => left.validity.fromMs - right.validity.fromMs || 0);
}
