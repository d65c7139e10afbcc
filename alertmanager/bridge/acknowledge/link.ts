import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Language } from '../message.ts';

/** What a link lets somebody silence, until it expires. */
export interface AcknowledgeClaim {
  readonly labels: Readonly<Record<string, string>>;
  readonly language: Language;
  /** Unix seconds. */
  readonly expires: number;
}

/** Longer links are cut by some chat programs. */
const longestToken = 1_800;

/** `<claim>.<signature>`, both in base64url; undefined where the labels are too long for a link or there are none. */
export function sealClaim(claim: AcknowledgeClaim, key: string): string | undefined {
  if (Object.keys(claim.labels).length === 0) return undefined;
  const content = Buffer.from(JSON.stringify([claim.expires, claim.language, claim.labels])).toString('base64url');
  const token = `${content}.${signature(content, key)}`;
  return token.length > longestToken ? undefined : token;
}

export type OpenedClaim =
  | { readonly claim: AcknowledgeClaim }
  | { readonly fault: 'wrong' }
  /** Whose link it was is known, so the page can speak its language. */
  | { readonly fault: 'expired'; readonly language: Language };

export function openClaim(token: string, key: string, nowSeconds: number): OpenedClaim {
  const [content = '', given = '', ...more] = token.split('.');
  if (token.length > longestToken || more.length > 0 || !isSame(given, signature(content, key)))
    return { fault: 'wrong' };
  // Only who has the key can have written it, so its form needs no check.
  const [expires, language, labels] = JSON.parse(Buffer.from(content, 'base64url').toString('utf8'));
  return nowSeconds >= expires ? { fault: 'expired', language } : { claim: { expires, language, labels } };
}

function signature(content: string, key: string): string {
  return createHmac('sha256', key).update(`fleetlens acknowledge ${content}`).digest('base64url');
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
