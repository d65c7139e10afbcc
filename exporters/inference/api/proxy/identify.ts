import type { IncomingHttpHeaders } from 'node:http';
import { unknownTenant } from '../../gateway/gateway.ts';
import { type KeyMap, tenantOfKey } from '../../gateway/key-file.ts';

export interface Identity {
  readonly tenant: string;
  readonly isKnown: boolean;
}

const longestKey = 4096;

/** Whose request it is, by the API key in one of the headers that clients use for it. */
export function identify(headers: IncomingHttpHeaders, keys: KeyMap): Identity {
  const key = keyOf(headers);
  const tenant = key === undefined || key.length > longestKey ? undefined : tenantOfKey(keys, key);
  return { tenant: tenant ?? unknownTenant, isKnown: tenant !== undefined };
}

function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? single(headers['x-api-key']) ?? single(headers['api-key']);
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Headers that carry a key. */
export const keyHeaders: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'api-key']);
