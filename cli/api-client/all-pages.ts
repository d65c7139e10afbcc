import type { ApiClient, Query } from './api-client.ts';
import { type Fields, fieldsOf, listOf, textOf } from './fields.ts';

export interface AllPages {
  /** The first answer, with all that it tells beside the list. */
  readonly first: Fields;
  readonly list: readonly Fields[];
  /** True if there are more than `most`. */
  readonly hasMore: boolean;
}

/** Asks for one page after the other. */
export async function allPages(
  client: ApiClient,
  path: string,
  { key, most, query = {} }: { readonly key: string; readonly most: number; readonly query?: Query },
): Promise<AllPages> {
  const limit = Math.min(most, 1000);
  const first = fieldsOf(await client.get(path, { ...query, limit }));
  const list = [...listOf(first[key])];
  let next = textOf(first['next']);
  while (next !== '' && list.length < most) {
    const page = fieldsOf(await client.get(path, { ...query, limit, cursor: next }));
    list.push(...listOf(page[key]));
    next = textOf(page['next']);
  }
  return { first, list: list.slice(0, most), hasMore: next !== '' || list.length > most };
}
