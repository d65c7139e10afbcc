import { mayBeInFile, type OptionSpec, type OptionTable } from './define.ts';
import { durationPattern } from './duration.ts';
import { addressPattern, listPattern } from './value.ts';

interface JsonSchema {
  readonly [keyword: string]: unknown;
}

type Entry = readonly [path: readonly string[], schema: JsonSchema];

/**
 * JSON Schema (draft-07) of the YAML file, for editors and for checks in CI. It accepts what the parser accepts, except that it
 * cannot know the bounds of a duration nor see one key given twice.
 */
export function jsonSchema(table: OptionTable): JsonSchema {
  const entries = Object.entries(table.options)
    .filter(([name, spec]) => mayBeInFile(name, spec))
    .map(([name, spec]): Entry => [name.split('.'), valueSchema(spec)]);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: table.command, ...objectSchema(entries) };
}

/** A name may be nested, dotted, or both: at each level every way to take off its head is a property. */
function objectSchema(entries: readonly Entry[]): JsonSchema {
  const byHead = new Map<string, Entry[]>();
  for (const [path, schema] of entries) {
    for (let taken = 1; taken <= path.length; taken++) {
      const head = path.slice(0, taken).join('.');
      byHead.set(head, [...(byHead.get(head) ?? []), [path.slice(taken), schema]]);
    }
  }
  const properties = [...byHead].map(([head, group]) => [head, propertySchema(group)]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** A name such as `source` may be an option and the first part of others. */
function propertySchema(group: readonly Entry[]): JsonSchema {
  const value = group.find(([path]) => path.length === 0)?.[1];
  const deeper = group.filter(([path]) => path.length > 0);
  if (value === undefined) return objectSchema(deeper);
  return deeper.length === 0 ? value : { anyOf: [value, objectSchema(deeper)] };
}

function valueSchema(spec: OptionSpec): JsonSchema {
  const shared = { description: spec.help, ...(spec.default === undefined ? {} : { default: spec.default }) };
  switch (spec.type) {
    case 'string':
    case 'path':
      return { ...shared, type: ['string', 'number'], pattern: '^[^\\u0000]+$' };
    case 'integer':
    case 'number':
      return { ...shared, type: spec.type, minimum: spec.min, maximum: spec.max };
    case 'boolean':
      return { ...shared, type: 'boolean' };
    case 'duration':
      return { ...shared, type: 'string', pattern: durationPattern };
    case 'address':
      return { ...shared, type: 'string', pattern: addressPattern };
    case 'enum':
      return { ...shared, enum: spec.values };
    case 'list':
      return { ...shared, type: ['array', 'string'], pattern: listPattern, items: { type: 'string', minLength: 1 } };
  }
}
