import { setTimeout as sleep } from 'node:timers/promises';
import { SourceError } from '../../../../kit/errors.ts';
import { readText, type ServerTrust, type TextAnswer } from '../../../../kit/http/send-request.ts';
import { cleanNumber, cleanText } from '../clean-text.ts';
import { isFields, type JsonFields } from '../json-value.ts';

const maxPageBytes = 64 * 1024 * 1024;
const maxPages = 100_000;
const tries = 4;
const longestWaitSeconds = 30;

export interface NetBoxServer {
  /** Up to, and without, `/api`. */
  readonly url: URL;
  readonly trust: ServerTrust;
  readonly pageSize: number;
  readonly timeoutSeconds: number;
}

export interface NetBoxDeps {
  readonly token: () => string;
  readonly signal: AbortSignal;
  readonly wait?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

export interface Listing {
  readonly objects: readonly JsonFields[];
  /** False if objects came or went while they were read, so that some may be left out. */
  readonly isComplete: boolean;
}

export interface NetBoxClient {
  /** All objects of a list such as dcim/devices; undefined if this NetBox does not have it. Rejects with a SourceError. */
  readonly list: (path: string, options: ListOptions) => Promise<Listing | undefined>;
}

export interface ListOptions {
  readonly maxObjects: number;
  readonly params?: Readonly<Record<string, string>> | undefined;
}

export function createNetBoxClient(server: NetBoxServer, deps: NetBoxDeps): NetBoxClient {
  return {
    list: async (path, { maxObjects, params = {} }) => {
      const first = listUrl(server, path, params);
      const found = new Map<number, JsonFields>();
      const counts = new Set<number>();
      for await (const answer of pages(first, server, deps)) {
        if (answer === undefined) return undefined;
        counts.add(answer.count);
        for (const { id, fields } of answer.results) found.set(id, fields);
        checkSize(Math.max(answer.count, found.size), maxObjects, first);
      }
      return { objects: [...found.values()], isComplete: counts.size === 1 && counts.has(found.size) };
    },
  };
}

function checkSize(size: number, maxObjects: number, first: URL): void {
  if (size <= maxObjects) return;
  throw new SourceError(`${shown(first)}: more than ${maxObjects} objects; raise max_objects or skip the list`);
}

/** Yields undefined if the list is not there. */
async function* pages(first: URL, server: NetBoxServer, deps: NetBoxDeps): AsyncGenerator<Page | undefined> {
  let url: URL | undefined = first;
  for (let count = 0; url !== undefined; count += 1) {
    if (count >= maxPages) throw new SourceError(`${shown(first)}: more than ${maxPages} pages; the list does not end`);
    const answer = await page(url, server, deps);
    yield answer;
    url = answer === undefined || answer.results.length === 0 ? undefined : nextUrl(answer.next, url, first);
  }
}

/** In the order of their numbers, so that what comes or goes meanwhile moves nothing from one page to another unseen. */
function listUrl({ url, pageSize }: NetBoxServer, path: string, params: Readonly<Record<string, string>>): URL {
  const list = new URL(url);
  list.pathname = `${url.pathname.replace(/\/+$/, '')}/api/${path}/`;
  for (const [name, value] of Object.entries({ limit: String(pageSize), ordering: 'id', ...params }))
    list.searchParams.set(name, value);
  return list;
}

/** The token must not go anywhere else; behind a proxy NetBox may think that it is asked without TLS. */
function nextUrl(next: string | undefined, current: URL, first: URL): URL | undefined {
  if (next === undefined) return undefined;
  const url = URL.canParse(next, first.href) ? new URL(next, first) : undefined;
  if (url === undefined || url.hostname !== first.hostname || url.pathname !== first.pathname)
    throw new SourceError(
      `${shown(first)}: the next page is said to be at another place, ${cleanText(next) ?? ''}; set the address of NetBox as its proxy passes it on`,
    );
  const following = new URL(first);
  following.search = url.search;
  if (following.search === current.search)
    throw new SourceError(`${shown(first)}: the next page is the same page again`);
  return following;
}

interface Page {
  readonly count: number;
  readonly next: string | undefined;
  readonly results: readonly { readonly id: number; readonly fields: JsonFields }[];
}

async function page(url: URL, server: NetBoxServer, deps: NetBoxDeps): Promise<Page | undefined> {
  const answer = await patiently(url, server, deps);
  if (answer.status === 404) return undefined;
  checkStatus(url, answer);
  const json = parsed(url, answer);
  const { results } = json;
  if (!Array.isArray(results))
    throw new SourceError(`${shown(url)}: the answer has no list of results; is this the address of NetBox?`);
  return {
    count: cleanNumber(json['count']) ?? results.length,
    next: typeof json['next'] === 'string' ? json['next'] : undefined,
    results: results.map((fields: unknown) => {
      const id = isFields(fields) ? cleanNumber(fields['id']) : undefined;
      if (!isFields(fields) || id === undefined) throw new SourceError(`${shown(url)}: a result has no id`);
      return { id, fields };
    }),
  };
}

/** Tries again what may pass: a busy server, and one that is just starting again. */
async function patiently(url: URL, server: NetBoxServer, deps: NetBoxDeps): Promise<TextAnswer> {
  const { wait = pause } = deps;
  for (let tried = 1; ; tried += 1) {
    const answer = await attempt(url, server, deps);
    const mayPass = answer instanceof SourceError || answer.status === 429 || answer.status >= 500;
    if (!mayPass) return answer;
    if (deps.signal.aborted || tried >= tries) {
      if (answer instanceof SourceError) throw answer;
      return answer;
    }
    await wait(Math.min(retryAfter(answer) ?? 2 ** (tried - 1), longestWaitSeconds), deps.signal);
  }
}

async function attempt(
  url: URL,
  server: NetBoxServer,
  { token, signal }: NetBoxDeps,
): Promise<TextAnswer | SourceError> {
  const headers = { authorization: authorization(token()) };
  try {
    return await readText(
      { url, headers, trust: server.trust, timeoutSeconds: server.timeoutSeconds, signal },
      maxPageBytes,
    );
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}

/** Tokens of the second version, of NetBox 4.5 and later, tell themselves by their prefix. */
function authorization(token: string): string {
  return token.startsWith('nbt_') ? `Bearer ${token}` : `Token ${token}`;
}

function retryAfter(answer: TextAnswer | SourceError): number | undefined {
  return answer instanceof SourceError ? undefined : cleanNumber(answer.headers['retry-after']);
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch {
    throw new SourceError('stopped');
  }
}

function checkStatus(url: URL, { status, body }: TextAnswer): void {
  if (status === 200) return;
  if (status === 401 || status === 403)
    throw new SourceError(
      `${shown(url)}: HTTP ${status}${detail(body)}; the token must be right and its user must be allowed to view this list`,
    );
  if (status >= 300 && status < 400)
    throw new SourceError(
      `${shown(url)}: HTTP ${status}, a redirect, which may be to a login page; use the final address`,
    );
  throw new SourceError(`${shown(url)}: HTTP ${status}${detail(body)}`);
}

function parsed(url: URL, { headers, body }: TextAnswer): JsonFields {
  if (/html/.test(headers['content-type'] ?? '') || /^\s*</.test(body))
    throw new SourceError(
      `${shown(url)}: the answer is an HTML page, such as of a login; is this the address of NetBox, and may the token pass the proxy?`,
    );
  try {
    const json: unknown = JSON.parse(body);
    if (isFields(json)) return json;
  } catch {
    // Told below, as what is no object.
  }
  throw new SourceError(`${shown(url)}: the answer is no complete JSON object: ${body.length} characters`);
}

function detail(body: string): string {
  const text = /"detail"\s*:\s*"([^"]{1,200})"/.exec(body)?.[1];
  return text === undefined ? '' : ` (${cleanText(text) ?? ''})`;
}

function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
