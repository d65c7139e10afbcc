import { createHash } from 'node:crypto';
import { compare } from 'bcryptjs';

/** As in exporter-toolkit: bcrypt is slow by design, and a scraper sends the same header every few seconds. */
const maxCached = 100;

export interface BasicAuth {
  /** True if the Authorization header names a user with the right password. */
  readonly check: (authorization: string | undefined) => Promise<boolean>;
}

export function createBasicAuth(users: ReadonlyMap<string, string>): BasicAuth {
  const cache = new Map<string, boolean>();
  // Compared against for unknown users, so that the time of an answer does not tell which users exist.
  const [someHash] = users.values();
  return {
    check: async (authorization) => {
      const credentials = parseBasic(authorization);
      if (credentials === undefined || someHash === undefined) return false;
      const hash = users.get(credentials.user) ?? someHash;
      const key = cacheKey(credentials.user, hash, credentials.password);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const valid = (await compare(credentials.password, hash)) && users.has(credentials.user);
      if (cache.size >= maxCached) cache.clear();
      cache.set(key, valid);
      return valid;
    },
  };
}

/** Digest of all parts, each with its length, so that no two different triples share a key and no password stays in memory. */
function cacheKey(...parts: readonly string[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(`${part.length}:${part}`);
  return digest.digest('hex');
}

function parseBasic(authorization: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
