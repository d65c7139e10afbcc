import { badField } from '../../../kit/api/api-error.ts';
import { ConfigError } from '../../../kit/errors.ts';
import type { BillingPeriod, Periods } from './services.ts';

const pattern = '^\\d{4}-(0[1-9]|1[0-2])$';
const common = { type: 'text', maxLength: 7, pattern, form: 'a month such as 2026-03' } as const;

export const periodParameter = {
  in: 'query',
  ...common,
  about: 'The month in which the period begins, such as 2026-03; the current period without it.',
} as const;

export const requiredPeriod = {
  in: 'query',
  ...common,
  required: true,
  about: 'The month in which the period begins, such as 2026-03.',
} as const;

export const periodSchema = { type: 'string', maxLength: 7, pattern } as const;

/** Throws an ApiError for a period that is none. */
export function periodIn(
  name: string | undefined,
  timeZone: string,
  { periods, nowMs }: { readonly periods: Periods; readonly nowMs: number },
): BillingPeriod {
  if (name === undefined) return periods.at(nowMs, timeZone);
  try {
    return periods.named(name, timeZone);
  } catch (error) {
    if (error instanceof ConfigError) throw badField('period', error.message);
    throw error;
  }
}
