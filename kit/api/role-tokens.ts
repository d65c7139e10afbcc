import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigError, reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { preview } from '../options/preview.ts';
import type { Role } from './route.ts';

/** Who holds a token, and what it allows. The token itself is nowhere. */
export interface TokenHolder {
  readonly name: string;
  readonly role: Role;
  /** Names of what the token is confined to; undefined for everything. */
  readonly scope: readonly string[] | undefined;
}

interface RoleToken extends TokenHolder {
  readonly digest: Buffer;
}

export interface RoleTokens {
  /** Undefined if nobody has the token. */
  readonly holderOf: (token: string) => TokenHolder | undefined;
  /** Whether any token is confined. */
  readonly hasScopes: () => boolean;
}

/** What a token may be confined to, in the plural: tenants. */
export type ScopeOf = string;

interface Deps {
  readonly readFile: (path: string) => string;
  /** Differs whenever the file does. */
  readonly signatureOf: (path: string) => string;
  readonly log: Log;
  /** Undefined where a token cannot be confined; a file with a scope is refused then. */
  readonly scopeOf?: ScopeOf;
}

export const roles = ['reader', 'editor', 'admin'] as const satisfies readonly Role[];

const line = /^([0-9a-f]{64})[ \t]+(\S{1,20})[ \t]+([\w.:@/-]{1,100})(?:[ \t]+scope=(\S*))?$/i;
const scopeName = /^[\w.:@/-]{1,200}$/;
const maxScope = 100;
const maxCharacters = 1024 * 1024;
const maxTokens = 1000;
const longestToken = 4096;
/** Names that the history gives to those without a token. */
const ownNames = ['local', 'anonymous'];
const digestBytes = 32;

/**
 * Reads the file of `--api.tokens-file`: one line for each token, its SHA-256 in hexadecimal, the role, the name of whoever has it, and where
 * tokens can be confined, `scope=` with names and commas between them. Throws ConfigError that names file and line.
 */
export function parseRoleTokens(file: string, text: string, scopeOf?: ScopeOf): readonly RoleToken[] {
  if (text.length > maxCharacters) throw new ConfigError(`${file} is larger than a file of ${maxTokens} tokens can be`);
  const tokens = new Map<string, RoleToken>();
  for (const [index, raw] of text.split('\n').entries()) {
    if (/\sscope=\S*#/.test(raw.replace(/(?:^|\s)#.*$/, '')))
      throw new ConfigError(`${file}:${index + 1} must have a blank before the # of a comment`);
    const content = raw.replace(/#.*$/, '').trim();
    if (content === '') continue;
    const token = parseLine(content, `${file}:${index + 1}`, scopeOf);
    const key = token.digest.toString('hex');
    if (tokens.has(key))
      throw new ConfigError(`${file}:${index + 1} is the token of ${preview(tokens.get(key)?.name)} again`);
    tokens.set(key, token);
    if (tokens.size > maxTokens) throw new ConfigError(`${file} has more than ${maxTokens} tokens`);
  }
  if (tokens.size === 0)
    throw new ConfigError(`${file} holds no token, so nobody could write; leave the option out or add one`);
  return [...tokens.values()];
}

function parseLine(content: string, where: string, scopeOf: ScopeOf | undefined): RoleToken {
  const [, digest, roleName = '', name, scopeText] = line.exec(content) ?? [];
  if (digest === undefined || name === undefined) {
    // The line may hold a token that somebody forgot to hash, so it is not shown.
    throw new ConfigError(
      `${where} must be the SHA-256 of a token in hexadecimal, a role (${roles.join(', ')}), and the name of whoever has the token`,
    );
  }
  const role = roles.find((each) => each === roleName);
  if (role === undefined)
    throw new ConfigError(`${where} must have one of the roles ${roles.join(', ')} behind the SHA-256`);
  if (ownNames.includes(name))
    throw new ConfigError(`${where} must not have the name ${name}, which those without a token have`);
  const scope = scopeText === undefined ? undefined : parseScope(scopeText, where, { role, scopeOf });
  return { digest: Buffer.from(digest, 'hex'), role, name, scope };
}

function parseScope(
  text: string,
  where: string,
  { role, scopeOf }: { readonly role: Role; readonly scopeOf: ScopeOf | undefined },
): readonly string[] {
  if (scopeOf === undefined)
    throw new ConfigError(`${where} has a scope, and tokens of this daemon are for everything`);
  const names = text.split(',');
  const wrong = names.find((name) => !scopeName.test(name));
  if (wrong !== undefined)
    throw new ConfigError(
      `${where} must have names of ${scopeOf} with commas between them behind scope=, got ${preview(wrong)}`,
    );
  if (names.length > maxScope) throw new ConfigError(`${where} has more than ${maxScope} ${scopeOf} behind scope=`);
  if (role === 'admin')
    throw new ConfigError(`${where} is for admin, who may do everything, and has a scope; take one of them away`);
  return [...new Set(names)];
}

/** Follows the file: it is read again once it is another. One that cannot be used leaves the tokens before in force. Throws ConfigError. */
export function createRoleTokens(file: string, { readFile, signatureOf, log, scopeOf }: Deps): RoleTokens {
  let signature = signatureOf(file);
  let tokens = parseRoleTokens(file, read(file, readFile), scopeOf);

  function follow(): void {
    const now = signatureOf(file);
    if (now === signature) return;
    signature = now;
    try {
      tokens = parseRoleTokens(file, read(file, readFile), scopeOf);
      log.info('tokens of the API read again', { file, tokens: tokens.length });
    } catch (error) {
      log.error('tokens of the API not read again; those before stay in force', { reason: reasonOf(error) });
    }
  }

  return {
    holderOf: (token) => {
      follow();
      if (token === '' || token.length > longestToken) return undefined;
      const digest = createHash('sha256').update(token).digest();
      // All are compared, so that the time tells nothing.
      let holder: RoleToken | undefined;
      for (const each of tokens)
        if (each.digest.length === digestBytes && timingSafeEqual(each.digest, digest)) holder = each;
      return holder === undefined ? undefined : { name: holder.name, role: holder.role, scope: holder.scope };
    },
    hasScopes: () => {
      follow();
      return tokens.some(({ scope }) => scope !== undefined);
    },
  };
}

function read(file: string, readFile: Deps['readFile']): string {
  try {
    return readFile(file);
  } catch (error) {
    throw new ConfigError(`--api.tokens-file cannot be read: ${reasonOf(error)}`);
  }
}
