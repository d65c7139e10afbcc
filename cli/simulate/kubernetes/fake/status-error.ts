import type { Fields } from './kubernetes-object.ts';
import { type Resource, servedKinds } from './served-kinds.ts';

/** A call that the API server refuses, with the body that a real one answers. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  readonly body: Fields;

  constructor(code: number, reason: string, message: string, details: Fields = {}, metadata: Fields = {}) {
    super(message);
    this.code = code;
    this.body = { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason, details, code };
  }
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(user: string, verb: string, resource: Resource): StatusError {
  const { group } = servedKinds[resource];
  const message = `${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" at the cluster scope`;
  return new StatusError(403, 'Forbidden', message, { kind: resource, ...(group === '' ? {} : { group }) });
}

export function notFound(resource: Resource, name: string): StatusError {
  const { group } = servedKinds[resource];
  const full = group === '' ? resource : `${resource}.${group}`;
  return new StatusError(404, 'NotFound', `${full} "${name}" not found`, { name, kind: resource });
}

export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource');
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function conflict(resource: Resource, name: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return new StatusError(409, 'Conflict', message, { name, kind: resource });
}

export function alreadyExists(resource: Resource, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${resource} "${name}" already exists`, { name, kind: resource });
}

/** A token of a list that is too old. */
export function expiredContinue(): StatusError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
  return new StatusError(410, 'Expired', message);
}

export function expiredWatch(asked: number, oldest: number): StatusError {
  return new StatusError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}

export function busy(retryAfterSeconds: number): StatusError {
  const message = 'Too many requests, please try again later.';
  return new StatusError(429, 'TooManyRequests', message, { retryAfterSeconds });
}

export function internalError(): StatusError {
  return new StatusError(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out', {
    causes: [{ message: 'etcdserver: request timed out' }],
  });
}
