import { dateTimeFormat } from '@grafana/data';

export interface Span {
  /** RFC 3339. */
  readonly from: string;
  /** Not part of it any more. */
  readonly to: string;
}

/** The name of the month before, such as 2026-02 of 2026-03. */
export function periodBefore(name: string): string | undefined {
  const found = /^(\d{4})-(\d{2})$/.exec(name);
  if (found === null) return undefined;
  const months = Number(found[1]) * 12 + Number(found[2]) - 2;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** First and last day in the time zone in which the bill was cut. */
export function daysText({ from, to }: Span, timeZone: string | undefined): string {
  const options = { format: 'YYYY-MM-DD', timeZone: timeZone ?? 'utc' };
  return `${dateTimeFormat(Date.parse(from), options)} – ${dateTimeFormat(Date.parse(to) - 1, options)}`;
}

/** A moment in the reader's own time zone. */
export function momentText(at: string | number): string {
  return dateTimeFormat(typeof at === 'number' ? at : Date.parse(at), { format: 'YYYY-MM-DD HH:mm' });
}
