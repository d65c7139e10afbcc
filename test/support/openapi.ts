import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

/** The rules of OpenAPI 3.1 for what we use of it, as its own schema has them. */
const rules = {
  type: 'object',
  required: ['openapi', 'info', 'paths'],
  additionalProperties: false,
  properties: {
    openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
    info: {
      type: 'object',
      required: ['title', 'version'],
      properties: {
        license: { type: 'object', required: ['name'], not: { required: ['identifier', 'url'] } },
      },
    },
    servers: { type: 'array', items: { type: 'object', required: ['url'] } },
    tags: { type: 'array', uniqueItems: true, items: { type: 'object', required: ['name'] } },
    paths: {
      type: 'object',
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        type: 'object',
        propertyNames: { enum: ['get', 'put', 'post', 'delete', 'patch'] },
        additionalProperties: { $ref: '#/$defs/operation' },
      },
    },
    components: {
      type: 'object',
      properties: {
        schemas: { type: 'object', propertyNames: { pattern: '^[a-zA-Z0-9._-]+$' } },
        securitySchemes: { type: 'object', additionalProperties: { type: 'object', required: ['type'] } },
      },
    },
  },
  $defs: {
    operation: {
      type: 'object',
      required: ['responses', 'operationId', 'summary'],
      additionalProperties: false,
      properties: {
        operationId: { type: 'string', pattern: '^[a-z][A-Za-z]+$' },
        tags: { type: 'array', items: { type: 'string' } },
        summary: { type: 'string', pattern: '\\.$' },
        description: { type: 'string' },
        parameters: { type: 'array', uniqueItems: true, items: { $ref: '#/$defs/parameter' } },
        requestBody: {
          type: 'object',
          required: ['content'],
          additionalProperties: false,
          properties: {
            description: { type: 'string' },
            required: { type: 'boolean' },
            content: { $ref: '#/$defs/content' },
          },
        },
        responses: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: '^[1-5]\\d\\d$' },
          additionalProperties: {
            type: 'object',
            required: ['description'],
            additionalProperties: false,
            properties: { description: { type: 'string' }, content: { $ref: '#/$defs/content' } },
          },
        },
        security: { type: 'array', items: { type: 'object', additionalProperties: { type: 'array' } } },
      },
    },
    parameter: {
      type: 'object',
      required: ['name', 'in', 'schema'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', not: { enum: ['Accept', 'Content-Type', 'Authorization'] } },
        in: { enum: ['path', 'query', 'header', 'cookie'] },
        description: { type: 'string' },
        required: { type: 'boolean' },
        schema: { type: 'object' },
        style: { enum: ['form'] },
        explode: { type: 'boolean' },
      },
      if: { properties: { in: { const: 'path' } } },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
      then: { properties: { required: { const: true } } },
    },
    content: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z]+/[a-z0-9.+-]+$' },
      additionalProperties: {
        type: 'object',
        required: ['schema'],
        additionalProperties: false,
        properties: { schema: { type: 'object' }, example: true },
      },
    },
  },
};

/** What in the document is against OpenAPI 3.1. */
export function documentComplaints(document: unknown): readonly ErrorObject[] {
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(rules);
  validate(document);
  return validate.errors ?? [];
}

/** All schemas of a document. */
export function schemasIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(key === 'schema' && typeof each === 'object' && each !== null ? [each] : []),
    ...schemasIn(each),
  ]);
}
