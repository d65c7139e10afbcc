const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const dayOf = /^(\d{4})-(\d{2})-(\d{2})/;

/** ms since 1970 of `2026-03-01`, `2026-03-01 14:05`, `2026-03-01T14:05:00+08:00`, UTC without a zone, or seconds since 1970; undefined for others. */
export function ticketTime(text: string): number | undefined {
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const match = iso.exec(text);
  if (match === null || !isDay(text)) return undefined;
  const zoned = match[1] === undefined && text.length > 10 ? `${text}Z` : text;
  const atMs = Date.parse(zoned.replace(' ', 'T').toUpperCase());
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** JavaScript takes 30 February for 2 March. */
function isDay(text: string): boolean {
  const [, year = '', month = '', day = ''] = dayOf.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}
