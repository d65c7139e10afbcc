import { readFileSync } from 'node:fs';
import { ConfigError, reasonOf } from '../../errors.ts';

/** Where the server is: the URL for the driver, and what of it may be shown. */
export interface ServerAddress {
  readonly connectionString: string;
  /** Without the password: `db.example.com:5432/fleet as fleetlens`. */
  readonly shown: string;
}

const example = 'postgresql://fleetlens:password@db.example.com:5432/fleetlens?sslmode=verify-full';
const parameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'port'];
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'];
const files = ['sslrootcert', 'sslcert', 'sslkey'];

/** `where` names the option or file that holds the URL. No part of the URL stands in an error, because any part may be the password. */
export function parseServerAddress(text: string, where: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new ConfigError(`${where} must hold a URL such as ${example}`);
  }
  for (const name of url.searchParams.keys()) {
    if (!parameters.includes(name)) {
      throw new ConfigError(`${where}: the URL may have the parameters ${parameters.join(', ')}, and has another one`);
    }
  }
  checkTls(url, where);
  // The driver reads "require" as "verify-full" unless it is told to follow PostgreSQL's own library.
  if (url.searchParams.has('sslmode')) url.searchParams.set('uselibpqcompat', 'true');
  return { connectionString: url.href, shown: shownOf(url, where) };
}

function checkTls(url: URL, where: string): void {
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !sslModes.includes(mode)) {
    throw new ConfigError(`${where}: sslmode must be one of ${sslModes.join(', ')}`);
  }
  if (mode === 'verify-ca' && !url.searchParams.has('sslrootcert')) {
    throw new ConfigError(
      `${where}: sslmode=verify-ca needs sslrootcert; sslmode=verify-full also takes what the system trusts`,
    );
  }
  for (const name of files) checkFile(url, name, where);
}

function checkFile(url: URL, name: string, where: string): void {
  const path = url.searchParams.get(name);
  if (path === null) return;
  if (!url.searchParams.has('sslmode')) throw new ConfigError(`${where}: ${name} needs sslmode=verify-full beside it`);
  try {
    readFileSync(path);
  } catch (error) {
    throw new ConfigError(`${where}: cannot read the file of ${name}: ${reasonOf(error)}`);
  }
}

function shownOf(url: URL, where: string): string {
  const host = url.searchParams.get('host') ?? decoded(url.hostname, where);
  const port = url.searchParams.get('port') ?? (url.port === '' ? '5432' : url.port);
  const database = decoded(url.pathname.slice(1), where);
  const user = decoded(url.username, where);
  const place = `${host === '' ? 'localhost' : host}:${port}${database === '' ? '' : `/${database}`}`;
  return user === '' ? place : `${place} as ${user}`;
}

function decoded(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError(`${where}: the URL has a % that is not followed by two hexadecimal digits; write %25 for %`);
  }
}
