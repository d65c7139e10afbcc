import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { ConfigError, errnoOf, reasonOf } from '../../kit/errors.ts';
import { openAnswer, readText, type ServerRequest } from '../../kit/http/send-request.ts';
import { preview } from '../../kit/options/preview.ts';
import type { ApiService, Connection } from './connection.ts';

/** Asks the API of a daemon. Answers are looked at field by field, see `fields.ts`. */
export interface ApiClient {
  readonly get: (path: string, query?: Query) => Promise<unknown>;
  readonly post: (path: string, query?: Query, body?: RequestBody) => Promise<unknown>;
  /** An answer piece by piece, as it comes. Whoever takes it must read or destroy it. */
  readonly download: (path: string, query: Query, accept: string) => Promise<IncomingMessage>;
}

export interface RequestBody {
  readonly text: string;
  readonly type: string;
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
const maxErrorCharacters = 64 * 1024;
const timeoutSeconds = 600;
const maxSecretBytes = 4096;

/** Throws ConfigError for an address or a file that cannot be used. */
export function createApiClient(service: ApiService, { url, tokenFile, caFile }: Connection): ApiClient {
  const { daemon } = service;
  const base = baseOf(url, service);
  const token = secretOf(tokenFile, `--${daemon}.token-file`);
  const ca = caFile === undefined ? undefined : read(caFile, `--${daemon}.ca-file`, 1024 * 1024);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };

  function requestOf({ headers: own, ...request }: OwnRequest, path: string, query: Query): ServerRequest {
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return { ...request, url, headers: { ...headers, ...own }, trust: { ca }, timeoutSeconds };
  }

  function explain(error: unknown): never {
    throw new ConfigError(unreachable(error, base, service));
  }

  async function send(request: OwnRequest, path: string, query: Query): Promise<unknown> {
    const { status, body } = await readText(requestOf(request, path, query), maxAnswerBytes).catch(explain);
    const value = jsonOf(body);
    if (isGood(status) && value !== undefined) return value;
    throw refusalOf(status, value, { base, service });
  }

  return {
    get: (path, query = {}) => send({ method: 'GET' }, path, query),
    post: (path, query = {}, body) => {
      const typed = body === undefined ? {} : { headers: { 'content-type': body.type }, body: body.text };
      return send({ method: 'POST', ...typed }, path, query);
    },
    download: async (path, query, accept) => {
      const request = requestOf({ method: 'GET', headers: { accept } }, path, query);
      const answer: IncomingMessage = await openAnswer(request).catch(explain);
      const { statusCode: status = 0 } = answer;
      if (isGood(status)) return answer;
      throw refusalOf(status, jsonOf(await wholeOf(answer)), { base, service });
    },
  };
}

type OwnRequest = Pick<ServerRequest, 'method' | 'headers' | 'body'>;

/** Of an error; more than a screen of it helps nobody. */
async function wholeOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > maxErrorCharacters) break;
  }
  return text;
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

function baseOf(text: string, { daemon, defaultUrl }: ApiService): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ConfigError(`--${daemon}.url must be an address such as ${defaultUrl}, got ${preview(text)}`);
  if (url.username !== '' || url.password !== '')
    throw new ConfigError(`--${daemon}.url must hold no user and password; others see them in the list of processes`);
  return url;
}

function secretOf(file: string | undefined, option: string): string | undefined {
  if (file === undefined) return undefined;
  const text = read(file, option, maxSecretBytes).trim();
  if (text === '' || /\s/.test(text)) throw new ConfigError(`${option}: ${file} must hold one token and nothing else`);
  return text;
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

function unreachable(error: unknown, base: URL, { daemon, what }: ApiService): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (errnoOf(cause) !== 'ECONNREFUSED' && !reasonOf(error).includes('ECONNREFUSED')) return reasonOf(error);
  return `no ${what} answers at ${base.origin}; start it with fleetlens ${daemon}, or say where it is with --${daemon}.url`;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refusalOf(
  status: number,
  value: unknown,
  { base, service: { daemon } }: { readonly base: URL; readonly service: ApiService },
): Error {
  const error = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  const field = typeof error === 'object' && error !== null && 'field' in error ? error.field : undefined;
  if (typeof message !== 'string')
    return new ConfigError(
      `${base.origin} answered ${status} and is no fleetlens ${daemon}; say where it is with --${daemon}.url`,
    );
  const remedy = status === 401 || status === 403 ? `; give a token with --${daemon}.token-file` : '';
  const place = typeof field === 'string' && status === 400 ? `${field}: ` : '';
  return new Refused(status, `${place}${message}${remedy}`, value);
}
