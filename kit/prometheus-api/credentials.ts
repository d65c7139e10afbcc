import { ConfigError, SourceError } from '../errors.ts';

export interface BasicAuth {
  readonly username: string;
  readonly password: string;
}

export interface Address {
  /** Without credentials, so that it may be shown. */
  readonly shown: string;
  readonly basicAuth: BasicAuth | undefined;
  readonly endpoint: (path: string) => URL;
}

/** Splits `http://user:password@host/prefix?extra=1` into what may be shown and what may not. */
export function parseAddress(raw: string): Address {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(
      `the Prometheus address must be an http or https URL such as http://localhost:9090, got "${withoutUserInfo(raw)}"`,
    );
  }
  const basicAuth = url.username === '' ? undefined : userInfo(url);
  url.username = '';
  url.password = '';
  url.hash = '';
  const prefix = url.pathname.replace(/\/+$/, '');
  return {
    shown: `${url.origin}${prefix}`,
    basicAuth,
    endpoint: (path) => {
      const endpoint = new URL(url);
      endpoint.pathname = `${prefix}${path}`;
      return endpoint;
    },
  };
}

interface Credentials {
  readonly basicAuth: BasicAuth | undefined;
  readonly bearerTokenFile: string | undefined;
  readonly readFile: (path: string) => Promise<string>;
}

/** The Authorization header. The file is read for every call, because tokens of service accounts are replaced while we run. */
export async function authorization(credentials: Credentials): Promise<string | undefined> {
  const { basicAuth, bearerTokenFile, readFile } = credentials;
  if (bearerTokenFile !== undefined) return `Bearer ${await readToken(bearerTokenFile, readFile)}`;
  if (basicAuth === undefined) return undefined;
  return `Basic ${Buffer.from(`${basicAuth.username}:${basicAuth.password}`).toString('base64')}`;
}

async function readToken(file: string, readFile: Credentials['readFile']): Promise<string> {
  const token = await readFile(file).catch((cause: unknown) => {
    throw new SourceError(`the bearer token file ${file} cannot be read`, { cause });
  });
  if (token.trim() === '') throw new SourceError(`the bearer token file ${file} is empty`);
  return token.trim();
}

function userInfo({ username, password }: URL): BasicAuth {
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function withoutUserInfo(raw: string): string {
  return raw.replace(/\/\/[^/@]*@/, '//');
}
