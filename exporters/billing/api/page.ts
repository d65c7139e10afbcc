import { badField } from '../../../kit/api/api-error.ts';

export interface Page<T> {
  readonly page: readonly T[];
  /** Where the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

export const limitParameter = (about: string) =>
  ({ in: 'query', type: 'integer', min: 1, max: 1000, default: 100, about }) as const;

export const cursorParameter = {
  in: 'query',
  type: 'text',
  maxLength: 4000,
  about: '`next` of the page before.',
} as const;

/** A page of what has keys, in the order of the keys: what stays is on exactly one page, whatever comes and goes meanwhile. Throws ApiError. */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (one: T) => readonly string[],
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Page<T> {
  const after = cursor === undefined ? undefined : decoded(cursor);
  const keyed = all
    .map((one) => ({ one, key: keyOf(one).join('\0') }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const page = keyed.slice(0, limit);
  const last = page.at(-1);
  const next = keyed.length > limit && last !== undefined ? encoded(last.key) : undefined;
  return { page: page.map(({ one }) => one), next };
}

/** Numbers as keys: they sort as numbers do. */
export function numberKey(value: number | bigint): string {
  return String(value).padStart(20, '0');
}

function encoded(key: string): string {
  return Buffer.from(`k${key}`).toString('base64url');
}

function decoded(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith('k') || encoded(text.slice(1)) !== cursor)
    throw badField('cursor', 'it is damaged: begin again without one');
  return text.slice(1);
}
