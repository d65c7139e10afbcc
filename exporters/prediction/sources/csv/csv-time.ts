/** 2200-01-01; nothing that is measured is later. */
const latestMs = 7_258_118_400_000;
/** Of a number of seconds and one of milliseconds; 1e11 s is the year 5138, and 1e11 ms is 1973. */
const milliseconds = 1e11;

/** ms since 1970 of RFC 3339 (with its zone, or Z), or of Unix seconds or milliseconds. Undefined for anything else. */
export function timeOf(text: string): number | undefined {
  const trimmed = text.trim();
  const ms = /^\d+(\.\d+)?$/.test(trimmed) ? fromNumber(Number(trimmed)) : fromText(trimmed);
  return ms !== undefined && ms >= 0 && ms <= latestMs ? ms : undefined;
}

function fromNumber(value: number): number {
  return Math.round(value < milliseconds ? value * 1000 : value);
}

function fromText(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(ms) ? undefined : ms;
}
