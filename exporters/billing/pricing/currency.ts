import { Decimal } from './decimal.ts';
import type { DecimalText } from './rated.ts';

const known = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217 where it is not 2. Intl says otherwise for some, such as HUF, and changes with the version of Node. */
const digits: ReadonlyMap<string, number> = new Map(
  [
    { count: 0, codes: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF' },
    { count: 3, codes: 'BHD IQD JOD KWD LYD OMR TND' },
    { count: 4, codes: 'CLF UYW' },
  ].flatMap(({ count, codes }) => codes.split(' ').map((code) => [code, count] as const)),
);

/** True for the codes of ISO 4217. */
export function isCurrency(code: string): boolean {
  return known.has(code);
}

/** Digits after the point of amounts in a currency by ISO 4217: EUR 2, JPY 0, KWD 3. */
export function digitsOf(currency: string): number {
  return digits.get(currency) ?? 2;
}

/** Thirds and the like end somewhere after this digit: three thirds of a cent are one. */
const settledDecimals = 30;

/** The value without what dividing has left at its far end. */
export function settled(value: Decimal): Decimal {
  return value.toDecimalPlaces(settledDecimals, Decimal.ROUND_HALF_EVEN);
}

/** Half away from zero, to the digits of the currency. */
export function roundMoney(value: Decimal, currency: string): Decimal {
  return settled(value).toDecimalPlaces(digitsOf(currency), Decimal.ROUND_HALF_UP);
}

/** With all the digits that the currency has: 5.00 EUR, 5 JPY. */
export function moneyText(amount: Decimal, currency: string): DecimalText {
  const text = roundMoney(amount, currency).toFixed(digitsOf(currency));
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}
