import type { IncomingMessage } from 'node:http';
import type { Verb } from './faults.ts';
import { type Target, targetOf } from './served-kinds.ts';
import { badRequest, noSuchPath } from './status-error.ts';

/** A request as the API means it. */
export interface IncomingCall {
  readonly verb: Verb;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly isFirstPage: boolean;
  /** True if the client takes objects without all but their metadata. */
  readonly wantsPartial: boolean;
  readonly token: string | undefined;
}

const maxBodyBytes = 4 * 1024 * 1024;

export function pathOf(request: IncomingMessage): string {
  return urlOf(request).pathname;
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://fake');
}

export function callOf(request: IncomingMessage): IncomingCall {
  const url = urlOf(request);
  const target = targetOf(url.pathname);
  if (target === undefined) throw noSuchPath();
  return {
    verb: verbOf(request.method ?? 'GET', target, url.searchParams),
    target,
    query: url.searchParams,
    isFirstPage: (url.searchParams.get('continue') ?? '') === '',
    wantsPartial: (request.headers.accept ?? '').includes('as=PartialObjectMetadata'),
    token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
  };
}

function verbOf(method: string, { name }: Target, query: URLSearchParams): Verb {
  const verbs: Readonly<Record<string, Verb>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  const writing = verbs[method];
  if (writing !== undefined) return writing;
  if (name !== undefined) return 'get';
  return ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > maxBodyBytes) throw badRequest('the body is too large');
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the body is no JSON');
  }
}
