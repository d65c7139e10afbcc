import type { Dialect } from './dialect.ts';
import { ollamaChat, ollamaEmbed, ollamaGenerate, ollamaOther } from './ollama.ts';
import { openAiChat, openAiCompletions, openAiEmbeddings, openAiOther } from './openai-completions.ts';
import { openAiResponses } from './openai-responses.ts';

/** One path that the proxy takes. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly dialect: Dialect;
  /** False for requests that no model works on: they are passed through and shown nowhere. */
  readonly isMetered: boolean;
}

function metered(path: string, dialect: Dialect): Endpoint {
  return { method: 'POST', path, dialect, isMetered: true };
}

function looked(path: string, dialect: Dialect, method: 'GET' | 'POST' = 'GET'): Endpoint {
  return { method, path, dialect, isMetered: false };
}

/**
 * Every path that goes through. All others are refused, because servers have paths that must not be open to clients: they load and
 * delete models, reset caches, put the engine to sleep.
 */
export const endpoints: readonly Endpoint[] = [
  metered('/v1/chat/completions', openAiChat),
  metered('/v1/completions', openAiCompletions),
  metered('/v1/responses', openAiResponses),
  metered('/v1/embeddings', openAiEmbeddings),
  metered('/v1/rerank', openAiEmbeddings),
  metered('/v1/score', openAiEmbeddings),
  metered('/v1/moderations', openAiOther),
  metered('/v1/audio/transcriptions', openAiOther),
  metered('/v1/audio/translations', openAiOther),
  metered('/v1/audio/speech', openAiOther),
  metered('/v1/images/generations', openAiOther),
  looked('/v1/models', openAiOther),
  metered('/api/chat', ollamaChat),
  metered('/api/generate', ollamaGenerate),
  metered('/api/embed', ollamaEmbed),
  metered('/api/embeddings', ollamaEmbed),
  looked('/api/tags', ollamaOther),
  looked('/api/ps', ollamaOther),
  looked('/api/version', ollamaOther),
  looked('/api/show', ollamaOther, 'POST'),
];

const oneModel = /^\/v1\/models\/[\w.:@+-]+(?:\/[\w.:@+-]+)?$/;
const oneModelEndpoint: Endpoint = looked('/v1/models/{model}', openAiOther);

const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));

export interface Target {
  readonly endpoint: Endpoint;
  /** Path and query, as they came. */
  readonly pathAndQuery: string;
}

export type Route = Target | { readonly status: 400 | 404 | 405; readonly reason: string };

const longestTarget = 4096;
/** Visible ASCII; only what a query may hold besides is escaped by every client. */
const plainPath = /^\/[\w.:@+/-]*$/;
const plainQuery = /^[\x21-\x7e]*$/;

/**
 * Which endpoint a request is for; `further` are paths that somebody let pass. A path that only a lenient server would take for one of them is
 * for none.
 */
export function routeOf(method: string, target: string, further: ReadonlySet<string> = none): Route {
  if (target.length > longestTarget)
    return { status: 400, reason: `the path is longer than ${longestTarget} characters` };
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  if (!isPlainPath(path) || !plainQuery.test(target.slice(path.length)))
    return { status: 404, reason: 'nothing is served at this path' };
  const endpoint = byPath.get(path) ?? furtherEndpoint(method, path, further);
  if (endpoint === undefined) return { status: 404, reason: 'nothing is served at this path' };
  if (method === endpoint.method || (method === 'HEAD' && endpoint.method === 'GET'))
    return { endpoint, pathAndQuery: target };
  return { status: 405, reason: `${path} takes ${endpoint.method}` };
}

const none: ReadonlySet<string> = new Set();

function furtherEndpoint(method: string, path: string, further: ReadonlySet<string>): Endpoint | undefined {
  if (oneModel.test(path)) return oneModelEndpoint;
  if (!further.has(path)) return undefined;
  return method === 'POST' ? metered(path, openAiOther) : looked(path, openAiOther);
}

/** A path that means the same to every server. */
export function isPlainPath(path: string): boolean {
  return plainPath.test(path) && !path.split('/').some((part) => part === '.' || part === '..');
}
