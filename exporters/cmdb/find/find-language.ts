import { itemClasses } from '../model/item-class.ts';
import { lifecycleStates } from '../model/state.ts';
import { didYouMean } from './did-you-mean.ts';
import { fold } from './fold.ts';

/** What somebody typed, taken apart. An item must have all words and pass all filters. */
export interface FindQuery {
  /** Folded. */
  readonly words: readonly string[];
  readonly filters: readonly Filter[];
  /** What was not taken into account, for people. */
  readonly notes: readonly string[];
}

export interface Filter {
  readonly key: string;
  /** Folded; one of them must fit. One that ends in * fits what begins so. */
  readonly values: readonly string[];
  /** True for -key:value, which takes away what fits. */
  readonly isNegated: boolean;
}

/** The query makes no sense. The message names the word and what may stand there. */
export class FindError extends Error {
  override readonly name = 'FindError';
}

export const placeKeys = ['site', 'room', 'rack', 'chassis', 'node', 'cluster', 'tenant', 'team', 'person'] as const;
export const identityKeys = ['serial', 'uuid', 'mac', 'ip', 'host', 'external'] as const;
const ownKeys = ['class', 'state', 'name', 'id', ...placeKeys, ...identityKeys] as const;

export const maxQueryCharacters = 500;
const maxWords = 16;
const maxShown = 60;
/** A word, or key: and a value, of which either may be in quotes. */
const token = /(-?[\p{L}_][\p{L}\p{N}_]*:)?"((?:[^"\\]|\\.)*)"?|\S+/gu;
const filterStart = /^(-?)([\p{L}_][\p{L}\p{N}_]*):(.+)$/su;

/** Takes apart what was typed; `attributes` are the keys that items have. Throws FindError. */
export function parseFind(typed: string, attributes: ReadonlySet<string>): FindQuery {
  const notes: string[] = [];
  const text = typed.slice(0, maxQueryCharacters).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
  if (typed.length > maxQueryCharacters) notes.push(`only the first ${maxQueryCharacters} characters are looked for`);
  const tokens = [...text.matchAll(token)];
  if (tokens.length > maxWords) notes.push(`only the first ${maxWords} words are looked for`);
  const words = new Set<string>();
  const filters: Filter[] = [];
  for (const [whole, prefix, quoted] of tokens.slice(0, maxWords)) {
    const filter = filterIn(whole, prefix, quoted, attributes);
    if (filter !== undefined) filters.push(filter);
    else words.add(fold(quoted === undefined ? whole : unquoted(quoted)));
  }
  words.delete('');
  return { words: [...words], filters, notes };
}

function filterIn(
  whole: string,
  prefix: string | undefined,
  quoted: string | undefined,
  attributes: ReadonlySet<string>,
): Filter | undefined {
  const [, sign = '', key = '', rest = ''] = filterStart.exec(whole) ?? [];
  if (key === '' || (quoted !== undefined && prefix === undefined) || looksLikeAddress(whole)) return undefined;
  checkKey(key, attributes);
  const values = quoted === undefined ? rest.split(',') : [unquoted(quoted)];
  const folded = values.map(fold).filter((value) => value !== '');
  if (folded.length === 0) throw new FindError(`"${shown(key)}:" has no value`);
  const name = key.toLowerCase();
  if (name === 'class') checkValues(name, folded, Object.keys(itemClasses));
  if (name === 'state') checkValues(name, folded, Object.keys(lifecycleStates));
  return { key: name, values: folded, isNegated: sign === '-' };
}

/** Addresses have colons, too; their beginnings may be words such as dead: or fe:. */
function looksLikeAddress(word: string): boolean {
  return /^[0-9a-f]{0,4}:[0-9a-f:.]*$/i.test(word) && (word.match(/:/g)?.length ?? 0) >= (word.length < 6 ? 1 : 2);
}

function checkKey(typed: string, attributes: ReadonlySet<string>): void {
  const key = typed.toLowerCase();
  if (ownKeys.some((own) => own === key) || attributes.has(key)) return;
  const near = didYouMean(key.slice(0, maxShown), [...ownKeys, ...attributes]);
  throw new FindError(
    `no key "${shown(typed)}"${near === undefined ? '' : `, did you mean "${near}"?`} Keys are ${ownKeys.join(', ')} and attributes of items; put text that has a colon in quotes`,
  );
}

function checkValues(key: string, values: readonly string[], allowed: readonly string[]): void {
  for (const value of values) {
    if (value.endsWith('*') || allowed.includes(value)) continue;
    const near = didYouMean(value.slice(0, maxShown), allowed);
    throw new FindError(
      `no ${key} "${shown(value)}"${near === undefined ? '' : `, did you mean "${near}"?`} There are: ${allowed.join(', ')}`,
    );
  }
}

function unquoted(quoted: string): string {
  return quoted.replaceAll(/\\(.)/gsu, '$1');
}

function shown(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
