import fc from 'fast-check';
import { digitsOf, isCurrency, moneyText, roundMoney } from '../../../../exporters/billing/pricing/currency.ts';
import { decimal, decimalText, sumOf } from '../../../../exporters/billing/pricing/decimal.ts';

test.each([
  ['0.1', '0.2', '0.3'],
  ['1', '-1', '0'],
  ['99999999999999999999999999.01', '0.99', '100000000000000000000000000'],
])('%s + %s = %s', (left, right, sum) => {
  expect(decimalText(sumOf([left, right]))).toBe(sum);
});

test('what does not end is cut at 20 digits, half to even', () => {
  expect(decimalText(decimal('2').div(3))).toBe('0.66666666666666666667');
  expect(decimalText(decimal('0.000000000000000000005'))).toBe('0');
  expect(decimalText(decimal('0.000000000000000000015'))).toBe('0.00000000000000000002');
});

test.each(['1e3', '', ' 1', '+1', '1,5', 'NaN', 'Infinity', '0x10', '.5', '1.'])(
  '"%s" is no decimal number',
  (text) => {
    expect(() => decimal(text)).toThrow(RangeError);
  },
);

test('texts of amounts have no exponent, however large or small', () => {
  expect(decimalText(decimal(10n ** 40n))).toBe(`1${'0'.repeat(40)}`);
  expect(decimalText(decimal('0.00000000001'))).toBe('0.00000000001');
});

test.each([
  ['EUR', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['CLF', 4],
  ['HUF', 2],
  ['IDR', 2],
])('%s has %i digits', (currency, digits) => {
  expect(digitsOf(currency)).toBe(digits);
});

test.each([
  ['EUR', '2.345', '2.35'],
  ['EUR', '-2.345', '-2.35'],
  ['EUR', '2.344999', '2.34'],
  ['EUR', '-0.004', '0.00'],
  ['JPY', '100.5', '101'],
  ['JPY', '-0.4', '0'],
  ['KWD', '1.2345', '1.235'],
  ['KWD', '7', '7.000'],
])('in %s %s is %s', (currency, value, text) => {
  expect(moneyText(decimal(value), currency)).toBe(text);
});

test('rounding is by less than a unit, and the same on both sides of 0', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (millis) => {
      const value = decimal(millis).div(1000);
      const rounded = roundMoney(value, 'EUR');
      expect(rounded.minus(value).abs().lte('0.005')).toBe(true);
      expect(rounded.negated().eq(roundMoney(value.negated(), 'EUR'))).toBe(true);
    }),
  );
});

test('currencies are those of ISO 4217', () => {
  expect(['EUR', 'JPY', 'eur', 'EURO', 'XX'].map(isCurrency)).toEqual([true, true, false, false, false]);
});

test('parts that were divided add up to what they were: no cent is lost at the far end', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 1000 }), (halfCents, parts) => {
      const whole = decimal(BigInt(halfCents)).div(200);
      const part = whole.div(parts);
      const sum = Array.from({ length: parts }, () => part).reduce((left, right) => left.plus(right));
      expect(moneyText(sum, 'EUR')).toBe(moneyText(whole, 'EUR'));
    }),
  );
});
