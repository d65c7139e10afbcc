import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type AccessRules, admit } from './access.ts';
import { ApiError, badField } from './api-error.ts';
import { createBodyCheck } from './check-body.ts';
import { apiErrorOf, type ExplainError } from './explain-error.ts';
import { patiently } from './patiently.ts';
import { readParameters } from './read-parameters.ts';
import type { Body, Caller, Route } from './route.ts';
import { sendAnswer } from './send-answer.ts';

export interface ServeDeps<S> {
  readonly services: S;
  readonly access: AccessRules;
  readonly log: Log;
  /** Errors of the daemon's own that whoever asked is told. */
  readonly explainError?: ExplainError;
}

const defaultBodyBytes = 1024 * 1024;
const prefix = '/api/v1/';

/** Adds the routes of the table, and answers in JSON for all that is below their prefix. */
export function serveRoutes<S>(app: Express, routes: readonly Route<S>[], deps: ServeDeps<S>): void {
  const callers = new WeakMap<Request, Caller>();
  for (const route of routes) {
    const admitted: RequestHandler = (request, _response, next) => {
      callers.set(request, admit(route.access, request.headers, deps.access));
      next();
    };
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app[route.method](path, admitted, ...bodyHandlers(route.body), handler(route, deps, callers));
  }
  app.use(prefix, (request, _response, next) => {
    const others = routes.filter(({ path }) => isSamePath(path, request.baseUrl + request.path));
    if (others.length === 0)
      return next(new ApiError('not_found', 'there is no such path; /api/v1/openapi.json tells all there are'));
    const methods = others.map(({ method }) => method.toUpperCase());
    next(new ApiError('method_not_allowed', `here ${methods.join(', ')} can be used, not ${request.method}`));
  });
  app.use(prefix, answerErrors(deps));
}

function isSamePath(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.replace(/\/$/, '').split('/')];
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith('{') || part === given[index]);
}

function handler<S>(route: Route<S>, { services }: ServeDeps<S>, callers: WeakMap<Request, Caller>): RequestHandler {
  const check = route.body?.kind === 'json' ? createBodyCheck(route.body.schema) : undefined;
  return async (request, response) => {
    const caller = callers.get(request) ?? { name: 'anonymous', role: undefined, scope: undefined };
    const parameters = readParameters(route.parameters, {
      path: request.params,
      query: /\?(.*)$/s.exec(request.originalUrl)?.[1] ?? '',
      header: (name) => request.get(name),
    });
    const body: unknown = route.body?.kind === 'json' ? request.body : undefined;
    if (check !== undefined && !(body === undefined && isOptional(route.body))) check(body);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const contentType = typeOf(request);
    const accepted = (types: readonly string[]): string | undefined => request.accepts([...types]) || undefined;
    const call = { parameters, body, caller, contentType, accepted, stream: request, signal: gone.signal };
    await sendAnswer(await patiently(request.socket, () => route.handle(call, services)), request, response);
  };
}

function isOptional(body: Body<unknown> | undefined): boolean {
  return body?.kind === 'json' && body.isOptional === true;
}

function typeOf(request: Request): string {
  return (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function bodyHandlers(body: Body<unknown> | undefined): readonly RequestHandler[] {
  if (body === undefined) return [];
  if (body.kind === 'stream') return [onlyTypes(body.types)];
  const { maxBytes = defaultBodyBytes } = body;
  return [onlyJson(isOptional(body)), express.json({ limit: maxBytes, strict: false, type: () => true })];
}

function onlyJson(optional: boolean): RequestHandler {
  return (request, _response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    if (!hasBody) return optional ? next() : next(badField('body', 'it is missing; send JSON'));
    if (typeOf(request) === 'application/json') return next();
    next(new ApiError('unsupported_type', 'the content type of the body must be application/json'));
  };
}

function onlyTypes(types: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const encoding = request.get('content-encoding') ?? 'identity';
    if (!types.includes(typeOf(request)))
      return next(new ApiError('unsupported_type', `the content type of the body must be one of ${types.join(', ')}`));
    if (encoding !== 'identity') return next(new ApiError('unsupported_type', 'the body must not be compressed'));
    next();
  };
}

function answerErrors({ log, explainError }: Pick<ServeDeps<unknown>, 'log' | 'explainError'>): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.closed) {
      log.debug('whoever asked is gone', { path: request.path, reason: reasonOf(error) });
      return;
    }
    if (response.headersSent) {
      log.warn('an answer broke off', { path: request.path, reason: reasonOf(error) });
      // Closing it in the middle is the only way to say that it is not whole.
      response.destroy();
      return;
    }
    const told = apiErrorOf(error, explainError);
    if (told === undefined) {
      log.error('request failed', { method: request.method, path: request.path, reason: reasonOf(error) });
    }
    sendError(told ?? new ApiError('internal', 'it failed; the log of the daemon says why'), request, response);
  };
}

function sendError({ status, code, message, field, more }: ApiError, request: Request, response: Response): void {
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (status === 503) response.set('Retry-After', '5');
  // What comes in and is not read would keep the connection busy.
  if (!request.complete) response.set('Connection', 'close');
  const error = { code, message, ...(field === undefined ? {} : { field }) };
  response.status(status).set('Cache-Control', 'no-store').set('X-Content-Type-Options', 'nosniff');
  response.type('application/json').send(`${JSON.stringify({ error, ...more })}\n`);
}
