import { ConfigError } from '../../kit/errors.ts';
import { type ApiClient, Refused } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../api-client/fields.ts';

const shown = 8;
const lookups = ['serial', 'host', 'uuid', 'mac'] as const;

/** The number of the item that somebody means by its number, its serial number, an address, its name or any words. Throws Refused or ConfigError. */
export async function resolveItem(words: string, at: string | undefined, client: ApiClient): Promise<number> {
  if (words === '') throw new ConfigError('ITEM is missing; give its number, its name, or words that find it');
  if (/^\d{1,9}$/.test(words)) {
    const byNumber = await found(client.get(`/api/v1/items/${words}`, { at }));
    if (byNumber !== undefined) return numberOf(byNumber['id']);
  }
  for (const key of lookups) {
    const exact = await found(client.get('/api/v1/lookup', { [key]: words.slice(0, 300), at }));
    if (exact !== undefined) return numberOf(exact['id']);
  }
  const answer = fieldsOf(await client.get('/api/v1/search', { q: words, limit: 50, at }));
  const items = listOf(answer['items']);
  const sameName = items.filter(({ name }) => textOf(name).toLowerCase() === words.toLowerCase());
  const [only] = sameName.length === 1 ? sameName : items;
  if (only === undefined) throw new Refused(404, `nothing is found by "${words}"`, answer);
  if (sameName.length === 1 || items.length === 1) return numberOf(only['id']);
  const listed = items
    .slice(0, shown)
    .map((item) => `${textOf(item['id'])} (${textOf(item['class'])} ${textOf(item['name'])})`);
  const more = numberOf(answer['total']) - listed.length;
  throw new Refused(
    300,
    `several items are found by "${words}"; give the number of one: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    answer,
  );
}

/** Undefined for none and for several. */
async function found(answer: Promise<unknown>): Promise<Fields | undefined> {
  try {
    return fieldsOf(await answer);
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.status === 300)) return undefined;
    throw error;
  }
}
