import { amountText, cutText, moneyText, roundedMoneyText } from '../../../grafana-plugin/src/pages/cost/money';

test.each([
  ['0.00', '0.00'],
  ['6328.78', '6,328.78'],
  ['-1.01', '\u22121.01'],
  ['1234567', '1,234,567'],
  // A floating-point number would make 12345678901234568000 of it.
  ['12345678901234567890.10', '12,345,678,901,234,567,890.10'],
  ['not money', 'not money'],
])('%s reads %s', (amount, text) => {
  expect(amountText(amount)).toBe(text);
});

test('an amount names its currency', () => {
  expect(moneyText('35.35', 'EUR')).toBe('35.35 EUR');
  expect(roundedMoneyText(1190.126, 'CNY')).toBe('1,190.13 CNY');
  expect(roundedMoneyText(Number.NaN, 'EUR')).toBe('');
});

test.each([
  ['0.833333333333333', '0.8333…'],
  ['2.5000000', '2.5'],
  ['10', '10'],
  ['300030.0148', '300,030.0148'],
  ['1.00000001', '1.0000…'],
  ['', ''],
])('the quantity %s is cut to %s', (quantity, text) => {
  expect(cutText(quantity)).toBe(text);
});
