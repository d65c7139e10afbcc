import { version } from '../version.ts';
import { type ErrorCode, errorCodes } from './api-error.ts';
import type { Parameter } from './parameter.ts';
import type { JsonSchema, Route } from './route.ts';

export interface DocumentAbout {
  readonly title: string;
  readonly description: string;
  /** Named parts; `Error` is among them. */
  readonly components: Readonly<Record<string, JsonSchema>> & { readonly Error: JsonSchema };
  /** That of the package if it is left out. */
  readonly version?: string;
}

/** The document of the API in OpenAPI 3.1, from the same table as the routes. */
export function openApi(routes: readonly Route<never>[], about: DocumentAbout): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method] = operationOf(route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: about.title,
      version: about.version ?? version,
      description: about.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: about.components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of `--api.tokens-file`.' },
        header: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Admin-Token',
          description: 'The same token, where basic authentication takes the Authorization header.',
        },
      },
    },
  };
}

const errorRef: JsonSchema = { $ref: '#/components/schemas/Error' };

function operationOf(route: Route<never>): JsonSchema {
  const { id, tag, summary, about, access, parameters, body, answers } = route;
  // A reader may need no token, and on this machine nobody may; that is up to the options of the daemon.
  const security = access === 'open' ? [] : [{ bearer: [] }, { header: [] }, ...(access === 'reader' ? [{}] : [])];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [about, access === 'open' ? undefined : `Needs the role \`${access}\`.`]
      .filter((each) => each !== undefined)
      .join(' '),
    parameters: Object.entries(parameters)
      // Headers of HTTP itself are told by the body and not as parameters.
      .filter(([name]) => name !== 'content-length')
      .map(([name, spec]) => parameterOf(name, spec)),
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, answer]) => [
        status,
        {
          description: answer.about,
          ...(answer.schema === undefined
            ? {}
            : { content: contentOf(answer.types ?? ['application/json'], answer.schema) }),
        },
      ]),
      ...errorsOf(route).map((code) => [
        String(errorCodes[code].status),
        { description: errorCodes[code].about, content: contentOf(['application/json'], errorRef) },
      ]),
    ]),
    security,
  };
}

/** Errors that a route of the kind may give. */
export function errorsOf({ access, parameters, body, method, path, errors = [] }: Route<never>): readonly ErrorCode[] {
  const codes: ErrorCode[] = ['bad_request', 'internal', 'unavailable', ...errors];
  if (access !== 'open') codes.push('unauthorized', 'forbidden');
  if (path.includes('{')) codes.push('not_found');
  if (method !== 'get' && access !== 'reader') codes.push('conflict');
  if (body !== undefined) codes.push('too_large', 'unsupported_type');
  if (Object.hasOwn(parameters, 'if-match')) codes.push('version_conflict', 'version_missing');
  return codes;
}

function contentOf(types: readonly string[], schema: JsonSchema): JsonSchema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function bodyOf(body: NonNullable<Route<never>['body']>): JsonSchema {
  if (body.kind === 'stream')
    return { description: body.about, required: true, content: contentOf(body.types, { type: 'string' }) };
  const { schema, example } = body;
  const content = { schema, ...(example === undefined ? {} : { example }) };
  return { description: body.about, required: body.isOptional !== true, content: { 'application/json': content } };
}

function parameterOf(name: string, spec: Parameter): JsonSchema {
  const isList = spec.type === 'list' || spec.type === 'texts';
  return {
    name: spec.in === 'header' ? headerName(name) : name,
    in: spec.in,
    description: spec.about,
    required: spec.in === 'path' || spec.required === true,
    schema: schemaOf(spec),
    ...(isList && spec.in === 'query' ? { style: 'form', explode: true } : {}),
  };
}

/** If-Match for if-match. */
function headerName(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function schemaOf(spec: Parameter): JsonSchema {
  switch (spec.type) {
    case 'text':
      return {
        type: 'string',
        maxLength: spec.maxLength ?? 2000,
        ...(spec.pattern === undefined ? {} : { pattern: spec.pattern }),
        ...(spec.default === undefined ? {} : { default: spec.default }),
      };
    case 'enum':
      return { type: 'string', enum: spec.values, ...(spec.default === undefined ? {} : { default: spec.default }) };
    case 'integer':
      return {
        type: 'integer',
        minimum: spec.min,
        maximum: spec.max,
        ...(spec.default === undefined ? {} : { default: spec.default }),
      };
    case 'boolean':
      return { type: 'boolean', default: spec.default };
    case 'time':
      return { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'number' }] };
    case 'list':
    case 'texts':
      return { type: 'array', items: { type: 'string' }, maxItems: spec.maxItems ?? 100 };
  }
}
