import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Language } from '../message.ts';

export type Labels = Readonly<Record<string, string>>;

/** What a link lets somebody silence, until it expires. */
export interface AcknowledgeClaim {
  /** Labels of each group. */
  readonly groups: readonly Labels[];
  /** Groups of the message for which the link has no room. */
  readonly more: number;
  readonly language: Language;
  /** Unix seconds. */
  readonly expires: number;
}

/** Nobody reads a longer list. */
const mostGroups = 100;
const longestToken = 1_000;

/**
 * `<claim>.<signature>`, both in base64url, of at most so many characters: with as many of the groups, from the first, as have room. Undefined where none
 * has, or where none has labels: a silence without any would silence everything.
 */
export function sealClaim(
  { groups, language, expires }: Omit<AcknowledgeClaim, 'more'>,
  key: string,
  longest: number,
): string | undefined {
  const distinct = [...new Map(groups.map((labels) => [JSON.stringify(labels), labels])).values()];
  const all = distinct.filter((labels) => Object.keys(labels).length > 0);
  const sealed = (count: number): string => {
    const claim = [expires, language, all.length - count, all.slice(0, count)];
    const content = deflateRawSync(JSON.stringify(claim)).toString('base64url');
    return `${content}.${signature(content, key)}`;
  };
  const room = Math.min(longest, longestToken);
  let low = 0;
  let high = Math.min(all.length, mostGroups);
  while (low < high) {
    const count = Math.ceil((low + high) / 2);
    if (sealed(count).length <= room) low = count;
    else high = count - 1;
  }
  return low === 0 ? undefined : sealed(low);
}

export type OpenedClaim =
  | { readonly claim: AcknowledgeClaim }
  | { readonly fault: 'wrong' }
  /** Whose link it was is known, so the page can speak its language. */
  | { readonly fault: 'expired'; readonly language: Language };

export function openClaim(token: string, key: string, nowSeconds: number): OpenedClaim {
  const [content = '', given = '', ...rest] = token.split('.');
  if (token.length > longestToken || rest.length > 0 || !isSame(given, signature(content, key)))
    return { fault: 'wrong' };
  // Only who has the key can have written it, so its form and size need no check.
  const text = inflateRawSync(Buffer.from(content, 'base64url')).toString('utf8');
  const [expires, language, more, groups] = JSON.parse(text);
  return nowSeconds >= expires ? { fault: 'expired', language } : { claim: { expires, language, more, groups } };
}

function signature(content: string, key: string): string {
  return createHmac('sha256', key).update(`fleetlens acknowledge ${content}`).digest('base64url');
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
