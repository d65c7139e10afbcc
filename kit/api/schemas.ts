import { errorCodes } from './api-error.ts';
import type { JsonSchema } from './route.ts';

/** Parts of bodies and answers. */
export const printable = '^[^\\p{Cc}\\p{Cs}]*$';

/** For names of fields that people make up. */
export const namePattern = '^[a-z][a-z0-9_]{0,62}$';

export const text = (maxLength: number, description?: string): JsonSchema => ({
  type: 'string',
  maxLength,
  pattern: printable,
  ...(description === undefined ? {} : { description }),
});

/** Every document has it as `#/components/schemas/Error`. */
export const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', enum: Object.keys(errorCodes) },
        message: { type: 'string' },
        field: { type: 'string', description: 'The parameter, or the path in the body.' },
      },
    },
  },
} as const satisfies JsonSchema;

/** `{items: […], next?}` and the like. */
export function listSchema(
  key: string,
  items: JsonSchema,
  more: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return { type: 'object', required: [key], properties: { [key]: { type: 'array', items }, ...more } };
}
