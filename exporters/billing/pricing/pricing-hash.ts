import { createHash } from 'node:crypto';
import { Decimal } from './decimal.ts';
import type { Pricing } from './segments.ts';

/** SHA-256 in hex of all that rating reads of price book and contracts; where it stands in which file does not count. */
export function pricingHash({ priceBook, contracts }: Pricing): string {
  return createHash('sha256')
    .update(canonical([priceBook, contracts]))
    .digest('hex');
}

const places = new Set(['where', 'id']);

function canonical(value: unknown): string {
  if (Decimal.isDecimal(value)) return value.toFixed();
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const entries = Object.entries(value)
    .filter(([key, each]) => !places.has(key) && typeof each !== 'function' && each !== undefined)
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`);
  return `{${entries.sort().join(',')}}`;
}
