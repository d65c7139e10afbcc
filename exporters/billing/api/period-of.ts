import { badField } from '../../../kit/api/api-error.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { type Period, periodAt, periodNamed } from '../bills/period.ts';
import type { BillingServices } from './services.ts';

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

/** Throws an ApiError for a period or a zone that is none. */
export function periodIn(
  name: string | undefined,
  timeZone: string,
  { clock, anchorDay }: Pick<BillingServices, 'clock' | 'anchorDay'>,
): Period {
  const current = orBadField('time_zone', () => periodAt(clock.now() * 1000, timeZone, anchorDay()));
  return name === undefined ? current : orBadField('period', () => periodNamed(name, timeZone, anchorDay()));
}

function orBadField<T>(field: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (error instanceof ConfigError) throw badField(field, error.message);
    throw error;
  }
}
