import { fieldsOf, invalid, listOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { isTimeZone } from '../local-time.ts';
import type { Issuer } from './bill.ts';

export interface BillSettings {
  readonly issuer: Issuer;
  /** Day of the month on which periods begin. */
  readonly anchorDay: number;
  /** `{year}` and `{number}` or `{number:6}`, and `{issuer}` if wanted. */
  readonly number: string;
  /** Share of scrapes, 0 to 1, that must have been seen in each cluster by each meter. */
  readonly minCoverage: number;
  readonly terms: string;
}

export const defaultBillSettings: BillSettings = {
  issuer: { name: 'GPU platform', code: 'GPU', address: [], taxId: '', contact: '', timeZone: 'UTC' },
  anchorDay: 1,
  number: '{issuer}-{year}-{number:6}',
  minCoverage: 0.99,
  terms: '',
};

const maxAddressLines = 6;

/** Reads `bills` of the billing file. Throws ConfigError that names the place. */
export function readBillSettings(place: Place): BillSettings {
  if (place.value === undefined || place.value === null) return defaultBillSettings;
  const field = fieldsOf(place, ['issuer', 'anchor_day', 'number', 'min_coverage', 'terms']);
  return {
    issuer: optional(field('issuer'), issuerOf) ?? defaultBillSettings.issuer,
    anchorDay: optional(field('anchor_day'), anchorOf) ?? defaultBillSettings.anchorDay,
    number: optional(field('number'), numberFormatOf) ?? defaultBillSettings.number,
    minCoverage: optional(field('min_coverage'), ratioOf) ?? defaultBillSettings.minCoverage,
    terms: optional(field('terms'), textOf) ?? defaultBillSettings.terms,
  };
}

function issuerOf(place: Place): Issuer {
  const field = fieldsOf(place, ['name', 'code', 'address', 'tax_id', 'contact', 'time_zone']);
  return {
    name: textOf(field('name')),
    code: optional(field('code'), codeOf) ?? defaultBillSettings.issuer.code,
    address: listOf(field('address'), maxAddressLines).map(textOf),
    taxId: optional(field('tax_id'), textOf) ?? '',
    contact: optional(field('contact'), textOf) ?? '',
    timeZone: optional(field('time_zone'), zoneOf) ?? defaultBillSettings.issuer.timeZone,
  };
}

function codeOf(place: Place): string {
  const code = textOf(place);
  if (/^[A-Za-z0-9]{1,12}$/.test(code)) return code;
  throw invalid(place, '1 to 12 letters and digits');
}

function zoneOf(place: Place): string {
  const zone = textOf(place);
  if (isTimeZone(zone)) return zone;
  throw invalid(place, 'an IANA time zone such as Europe/Berlin');
}

function anchorOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 31) return value;
  throw invalid(place, 'a day of the month from 1 to 31');
}

function ratioOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw invalid(place, 'a share from 0 to 1 such as 0.99');
}

function numberFormatOf(place: Place): string {
  const format = textOf(place);
  const rest = format
    .replace('{year}', '')
    .replace(/\{number(:[1-9])?\}/, '')
    .replace('{issuer}', '');
  const isComplete = format.includes('{year}') && /\{number(:[1-9])?\}/.test(format);
  if (isComplete && /^[\w ./#-]{0,40}$/.test(rest)) return format;
  throw invalid(
    place,
    'letters, digits and -_./# with {year} and {number} or {number:6}, such as INV-{year}-{number:6}',
  );
}
