import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../kit/clock.ts';

export interface Confirmation {
  readonly token: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export type TokenVerdict = 'valid' | 'expired' | 'used' | 'foreign';

/** Hands out tokens that confirm exactly one thing, once, for a few minutes. */
export interface Confirmations {
  /** `subject` is all that is confirmed, in one text. */
  readonly issue: (subject: string) => Confirmation;
  /** Uses the token up if it is valid. */
  readonly redeem: (token: string, subject: string) => TokenVerdict;
}

interface Settings {
  readonly validSeconds: number;
  /** A new one for each process without it, so that no token outlives a restart. */
  readonly secret?: Buffer;
}

const tokenForm = /^(\d{1,15})\.([0-9a-f]{32})\.([\w-]{43})$/;

export function createConfirmations(
  { validSeconds, secret = randomBytes(32) }: Settings,
  { now }: Pick<Clock, 'now'>,
): Confirmations {
  /** Nonces of redeemed tokens until they would have expired anyway. Only our own tokens get in, so it stays small. */
  const used = new Map<string, number>();

  function signature(expiresAt: number, nonce: string, subject: string): string {
    return createHmac('sha256', secret).update(`${expiresAt}.${nonce}.${subject}`).digest('base64url');
  }

  function forgetExpired(): void {
    for (const [nonce, expiresAt] of used) if (expiresAt <= now()) used.delete(nonce);
  }

  return {
    issue: (subject) => {
      const expiresAt = Math.ceil(now() + validSeconds);
      const nonce = randomBytes(16).toString('hex');
      return { token: `${expiresAt}.${nonce}.${signature(expiresAt, nonce, subject)}`, expiresAt };
    },
    redeem: (token, subject) => {
      const [, expiry = '', nonce = '', given = ''] = tokenForm.exec(token) ?? [];
      const expiresAt = Number(expiry);
      if (nonce === '' || !isSame(given, signature(expiresAt, nonce, subject))) return 'foreign';
      if (expiresAt <= now()) return 'expired';
      forgetExpired();
      if (used.has(nonce)) return 'used';
      used.set(nonce, expiresAt);
      return 'valid';
    },
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
