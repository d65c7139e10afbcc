import { localDate } from '../local-time.ts';
import type { BillSettings } from './bill-settings.ts';

/** Numbers of one series are counted without a hole: all that is alike in them, such as `GPU-2026-`. */
export function seriesOf({ number, issuer }: BillSettings, nowMs: number): string {
  const { year } = localDate(nowMs, issuer.timeZone);
  return number.replaceAll('{year}', String(year)).replaceAll('{issuer}', issuer.code);
}

/** `series` as `seriesOf` gives it; `counter` from 1. */
export function numberOf(series: string, counter: number): string {
  return series.replace(/\{number(?::(\d))?\}/, (_, digits: string | undefined) =>
    String(counter).padStart(Number(digits ?? 1), '0'),
  );
}
