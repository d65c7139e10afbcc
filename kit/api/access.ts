import type { IncomingHttpHeaders } from 'node:http';
import { withoutTokenRefusal } from '../http/admin-guard.ts';
import type { Address } from '../options/define.ts';
import { ApiError } from './api-error.ts';
import { type RoleTokens, roles } from './role-tokens.ts';
import type { Access, Caller } from './route.ts';

export interface AccessRules {
  /** Undefined without `--api.tokens-file`. */
  readonly tokens: RoleTokens | undefined;
  /** Whether a reader needs a token, too. */
  readonly read: 'open' | 'token';
  readonly listenAddress: Address;
}

const anonymousReader: Caller = { name: 'anonymous', role: 'reader', scope: undefined };

/** Finds out who calls, and throws an ApiError if they must not. */
export function admit(
  access: Access,
  headers: IncomingHttpHeaders,
  { tokens, read, listenAddress }: AccessRules,
): Caller {
  if (access === 'open') return { name: 'anonymous', role: undefined, scope: undefined };
  const isFree = access === 'reader' && read === 'open';
  if (tokens === undefined) {
    if (isFree) return anonymousReader;
    const refusal = withoutTokenRefusal('--api.tokens-file', listenAddress, (name) => textOf(headers[name]));
    if (refusal === undefined) return { name: 'local', role: 'admin', scope: undefined };
    throw new ApiError('forbidden', refusal);
  }
  const token = givenToken(headers);
  // Whoever is confined must not see more by leaving the token out.
  if (token === '' && isFree && !tokens.hasScopes()) return anonymousReader;
  if (token === '') throw new ApiError('unauthorized', `this needs a bearer token with the role ${atLeast(access)}`);
  const holder = tokens.holderOf(token);
  if (holder === undefined) throw new ApiError('unauthorized', 'the token is not known');
  if (roles.indexOf(holder.role) < roles.indexOf(access)) {
    throw new ApiError(
      'forbidden',
      `this needs the role ${atLeast(access)}, and ${holder.name} has the role ${holder.role}`,
    );
  }
  return holder;
}

function atLeast(access: Exclude<Access, 'open'>): string {
  return roles.slice(roles.indexOf(access)).join(' or ');
}

/** Where basic authentication takes the Authorization header, the token may be in X-Admin-Token. */
function givenToken(headers: IncomingHttpHeaders): string {
  const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return bearer ?? textOf(headers['x-admin-token']) ?? '';
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header.join(', ') : header;
}
