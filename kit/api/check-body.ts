import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { cut, preview } from '../options/preview.ts';
import { type ApiError, badField } from './api-error.ts';
import type { JsonSchema } from './route.ts';
import { namePattern, printable } from './schemas.ts';

/** Throws an ApiError that names the first field that is not as it must be. */
export type BodyCheck = (body: unknown) => void;

export function createBodyCheck(schema: JsonSchema): BodyCheck {
  // Formats and further words of the document are for readers.
  const ajv = new Ajv2020({ strict: false, allErrors: false, verbose: true });
  let validate: ValidateFunction | undefined;
  return (body) => {
    validate ??= ajv.compile(schema);
    if (validate(body)) return;
    throw explained(validate.errors ?? []);
  };
}

function explained(errors: readonly ErrorObject[]): ApiError {
  const [error] = [...errors].sort((a, b) => b.instancePath.length - a.instancePath.length);
  if (error === undefined) return badField('body', 'it is not as it must be');
  const field = fieldOf(error.instancePath);
  const { params, data } = error;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const { properties = {} } = (error.parentSchema ?? {}) as { readonly properties?: object };
      const name = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const known = Object.keys(properties);
      return badField(
        inside(field, name),
        known.length === 0 ? 'it is not known here' : `it is not known here; known are ${known.join(', ')}`,
      );
    }
    case 'required':
      return badField(inside(field, String(params['missingProperty'])), 'it is missing');
    case 'enum':
      return badField(field, `must be one of ${(error.schema as readonly unknown[]).join(', ')}, got ${preview(data)}`);
    case 'propertyNames':
    case 'pattern':
      return badField(
        error.propertyName === undefined ? field : inside(field, error.propertyName),
        patternWords(String(params['pattern'])),
      );
    default:
      return badField(field, `${error.message ?? 'it is not as it must be'}${shown(data)}`);
  }
}

function patternWords(pattern: string): string {
  if (pattern === printable) return 'must hold no control characters and no halves of characters';
  if (pattern === namePattern)
    return 'a name has lower-case letters, digits and _, at most 63, and begins with a letter';
  return `must match ${pattern}`;
}

function shown(data: unknown): string {
  return typeof data === 'object' && data !== null ? '' : `, got ${preview(data)}`;
}

function inside(field: string, name: string): string {
  return field === 'body' ? cut(name) : `${field}.${cut(name)}`;
}

/** attributes.serial or relations[0].to for the pointers of JSON Schema. */
function fieldOf(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (parts.length === 0) return 'body';
  return parts
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : `${index === 0 ? '' : '.'}${cut(part)}`))
    .join('');
}
