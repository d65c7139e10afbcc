import { createHash } from 'node:crypto';
import type { Bill } from './bill.ts';

/** SHA-256 of all that a closed bill says, in canonical JSON: keys sorted, nothing undefined, big numbers as text. */
export function hashOfBill(bill: Bill): string {
  const { details, ...rest } = bill;
  const { hash: _, ...said } = details ?? { hash: undefined };
  return createHash('sha256')
    .update(canonical({ ...rest, details: said }))
    .digest('hex');
}

function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
