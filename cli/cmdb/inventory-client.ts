import { readFileSync, statSync } from 'node:fs';
import { ConfigError, errnoOf, reasonOf } from '../../kit/errors.ts';
import { readText } from '../../kit/http/send-request.ts';
import { preview } from '../../kit/options/preview.ts';
import type { ConnectionOptions } from './options.ts';

/** Asks the API of the inventory. Answers are looked at field by field, see `fields.ts`. */
export interface InventoryClient {
  readonly get: (path: string, query?: Query) => Promise<unknown>;
  readonly post: (
    path: string,
    query?: Query,
    body?: { readonly text: string; readonly type: string },
  ) => Promise<unknown>;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What the daemon refuses, in its words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** All that the daemon answered. */
  readonly answer: unknown;

  constructor(status: number, message: string, answer: unknown) {
    super(message);
    this.status = status;
    this.answer = answer;
  }
}

const maxAnswerBytes = 256 * 1024 * 1024;
const timeoutSeconds = 600;
const maxSecretBytes = 4096;

/** Throws ConfigError for an address or a file that cannot be used. */
export function createInventoryClient(options: ConnectionOptions): InventoryClient {
  const base = baseOf(options['cmdb.url']);
  const token = secretOf(options['cmdb.token-file']);
  const ca = authorityOf(options['cmdb.ca-file']);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function send(
    method: 'GET' | 'POST',
    path: string,
    query: Query,
    body?: { text: string; type: string },
  ): Promise<unknown> {
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const typed = body === undefined ? {} : { 'content-type': body.type };
    const request = { url, method, headers: { ...headers, ...typed }, body: body?.text, trust: { ca }, timeoutSeconds };
    const answer = await readText(request, maxAnswerBytes).catch((error: unknown) => {
      throw new ConfigError(unreachable(error, base));
    });
    const value = jsonOf(answer.body);
    if (answer.status >= 200 && answer.status < 300 && value !== undefined) return value;
    throw refusalOf(answer.status, value, base);
  }

  return {
    get: (path, query = {}) => send('GET', path, query),
    post: (path, query = {}, body) => send('POST', path, query, body),
  };
}

function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ConfigError(`--cmdb.url must be an address such as http://127.0.0.1:9412, got ${preview(text)}`);
  if (url.username !== '' || url.password !== '')
    throw new ConfigError('--cmdb.url must hold no user and password; others see them in the list of processes');
  return url;
}

function secretOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const text = read(file, '--cmdb.token-file', maxSecretBytes).trim();
  if (text === '' || /\s/.test(text))
    throw new ConfigError(`--cmdb.token-file: ${file} must hold one token and nothing else`);
  return text;
}

function authorityOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : read(file, '--cmdb.ca-file', 1024 * 1024);
}

function read(file: string, option: string, maxBytes: number): string {
  try {
    if (statSync(file).size > maxBytes) throw new ConfigError(`${option}: ${file} is larger than such a file can be`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${option} cannot be read: ${reasonOf(error)}`);
  }
}

function unreachable(error: unknown, base: URL): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (errnoOf(cause) !== 'ECONNREFUSED' && !reasonOf(error).includes('ECONNREFUSED')) return reasonOf(error);
  return `no inventory answers at ${base.origin}; start it with fleetlens cmdb, or say where it is with --cmdb.url`;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refusalOf(status: number, value: unknown, base: URL): Error {
  const error = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  const field = typeof error === 'object' && error !== null && 'field' in error ? error.field : undefined;
  if (typeof message !== 'string')
    return new ConfigError(
      `${base.origin} answered ${status} and is no fleetlens cmdb; say where it is with --cmdb.url`,
    );
  const remedy = status === 401 || status === 403 ? '; give a token with --cmdb.token-file' : '';
  const place = typeof field === 'string' && status === 400 ? `${field}: ` : '';
  return new Refused(status, `${place}${message}${remedy}`, value);
}
