import { ConfigError } from '../../kit/errors.ts';
import { preview } from '../../kit/options/preview.ts';

/** The month that was given. Throws ConfigError without one, and for what is none. */
export function periodOf(period: string | undefined): string {
  if (period === undefined) throw new ConfigError('--period is missing, such as --period=2026-03');
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
    throw new ConfigError(`--period must be a month such as 2026-03, got ${preview(period)}`);
  return period;
}
