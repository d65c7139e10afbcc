import { isDeepStrictEqual } from 'node:util';
import { type Fields, fieldsOf, listOf, textOf } from '../api-client/fields.ts';

const shownCharacters = 60;
const shownRelations = 3;

/** What is different between an item before and after, in words. */
export function differences(before: Fields, after: Fields): readonly string[] {
  const [was, is] = [flat(before), flat(after)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.flatMap((key) => {
    const [old, now] = [was[key], is[key]];
    if (isDeepStrictEqual(old, now)) return [];
    if (old === undefined) return [`${key} ${short(now)}`];
    return now === undefined ? [`no ${key} (was ${short(old)})`] : [`${key} ${short(old)} -> ${short(now)}`];
  });
}

/** Relations that began or ended. */
export function relationWords(change: Fields): readonly string[] {
  const words = (key: 'opened' | 'closed', sign: string): readonly string[] => {
    const all = listOf(change[key]).map(({ type, to }) => `${sign}${textOf(type)} item ${textOf(to)}`);
    return all.length > shownRelations
      ? [...all.slice(0, shownRelations), `${sign}${all.length - shownRelations} more relations`]
      : all;
  };
  return [...words('closed', '-'), ...words('opened', '+')];
}

function flat(item: Fields): Fields {
  const { name, state } = item;
  const identities = listOf(item['identities']).map(({ kind, value }) => `${textOf(kind)} ${textOf(value)}`);
  return {
    name,
    state,
    ...fieldsOf(item['attributes']),
    ...(identities.length === 0 ? {} : { 'known by': identities }),
  };
}

function short(value: unknown): string {
  const text = textOf(value);
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}...` : text;
}
