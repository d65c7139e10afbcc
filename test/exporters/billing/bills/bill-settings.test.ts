import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { numberOf, seriesOf } from '../../../../exporters/billing/bills/bill-number.ts';
import { defaultBillSettings, readBillSettings } from '../../../../exporters/billing/bills/bill-settings.ts';
import { obstacleKinds } from '../../../../exporters/billing/bills/obstacles.ts';
import { ConfigError } from '../../../../kit/errors.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/billing-bills.md'), 'utf8');
const read = (value: unknown) => readBillSettings({ value, where: 'billing.yaml: bills' });

test('the example of the guide is read as it says', () => {
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const { bills } = load(yaml) as { readonly bills: unknown };
  expect(read(bills)).toEqual({
    issuer: {
      name: 'Example GPU Cloud',
      code: 'EX',
      address: ['1 Example Street', '10115 Berlin'],
      taxId: 'VAT ID DE000000000',
      contact: 'billing@example.com',
      timeZone: 'Europe/Berlin',
    },
    anchorDay: 1,
    number: '{issuer}-{year}-{number:6}',
    minCoverage: 0.99,
    terms: 'Payable within 30 days.',
  });
});

test('the guide tells what to do about every obstacle', () => {
  expect([...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, kind]) => kind).sort()).toEqual([...obstacleKinds].sort());
});

test('all of it may be left out', () => {
  expect(read(undefined)).toEqual(defaultBillSettings);
  expect(read({})).toEqual(defaultBillSettings);
});

test.each([
  [
    { anchor: 1 },
    'billing.yaml: bills has the unknown key anchor; it may have issuer, anchor_day, number, min_coverage, terms',
  ],
  [{ anchor_day: 32 }, 'billing.yaml: bills.anchor_day must be a day of the month from 1 to 31, got 32'],
  [{ anchor_day: '1' }, 'billing.yaml: bills.anchor_day must be a day of the month from 1 to 31, got "1"'],
  [{ min_coverage: 99 }, 'billing.yaml: bills.min_coverage must be a share from 0 to 1 such as 0.99, got 99'],
  [
    { number: 'INV-{number}' },
    'billing.yaml: bills.number must be letters, digits and -_./# with {year} and {number} or {number:6}',
  ],
  [{ number: '{year}-{number}-{month}' }, 'billing.yaml: bills.number must be letters'],
  [{ number: '{year}{number}<b>' }, 'billing.yaml: bills.number must be letters'],
  [{ issuer: {} }, 'billing.yaml: bills.issuer.name must be a text'],
  [
    { issuer: { name: 'x', code: 'a-b' } },
    'billing.yaml: bills.issuer.code must be 1 to 12 letters and digits, got "a-b"',
  ],
  [
    { issuer: { name: 'x', time_zone: 'Mars/Base' } },
    'billing.yaml: bills.issuer.time_zone must be an IANA time zone such as Europe/Berlin, got "Mars/Base"',
  ],
  [{ issuer: { name: 'x', address: 'a street' } }, 'billing.yaml: bills.issuer.address must be a list'],
])('%j is refused', (value, message) => {
  expect(() => read(value)).toThrow(ConfigError);
  expect(() => read(value)).toThrow(message);
});

test('numbers have the year of the issuer, and count in their series', () => {
  const issuer = { ...defaultBillSettings.issuer, code: 'EX', timeZone: 'Pacific/Auckland' };
  const newYear = Date.UTC(2026, 11, 31, 12);
  const number = (format: string, counter: number): string =>
    numberOf(seriesOf({ ...defaultBillSettings, issuer, number: format }, newYear), counter);
  expect(number('{issuer}/{year}/{number:6}', 42)).toBe('EX/2027/000042');
  expect(number('{year}-{number}', 1_234_567)).toBe('2027-1234567');
  expect(number('{year}-{number:3}', 12_345)).toBe('2027-12345');
});
