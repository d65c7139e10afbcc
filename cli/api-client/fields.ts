/** Reads answers of the API field by field: what is missing or of another type is undefined or empty. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value === undefined || value === null ? '' : String(value);
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** 2026-01-31 08:00:00 for a time in RFC 3339. */
export function shortTime(value: unknown): string {
  return textOf(value)
    .replace('T', ' ')
    .replace(/(\.\d+)?Z$/, '');
}
