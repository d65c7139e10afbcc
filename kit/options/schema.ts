import type { OptionSpec, OptionTable } from './define.ts';
import { durationPattern } from './duration.ts';

interface JsonSchema {
  readonly [keyword: string]: unknown;
}

type Entry = readonly [path: readonly string[], schema: JsonSchema];

/** JSON Schema (draft-07) of the YAML file, for editors and for checks in CI. */
export function jsonSchema(table: OptionTable): JsonSchema {
  const entries = Object.entries(table.options)
    .filter(([name]) => name !== 'config.file')
    .map(([name, spec]): Entry => [name.split('.'), valueSchema(spec)]);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: table.command, ...objectSchema(entries) };
}

/** Nests the dotted names: entries that share their first part go into one object. */
function objectSchema(entries: readonly Entry[]): JsonSchema {
  const byHead = new Map<string, Entry[]>();
  for (const [[head = '', ...rest], schema] of entries) byHead.set(head, [...(byHead.get(head) ?? []), [rest, schema]]);
  const properties = [...byHead].map(([head, group]) => {
    const value = group.find(([path]) => path.length === 0);
    return [head, value === undefined ? objectSchema(group) : value[1]];
  });
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

function valueSchema(spec: OptionSpec): JsonSchema {
  const shared = { description: spec.help, ...(spec.default === undefined ? {} : { default: spec.default }) };
  switch (spec.type) {
    case 'string':
    case 'path':
      return { ...shared, type: ['string', 'number'], minLength: 1 };
    case 'integer':
    case 'number':
      return { ...shared, type: spec.type, minimum: spec.min, maximum: spec.max };
    case 'boolean':
      return { ...shared, type: 'boolean' };
    case 'duration':
      return { ...shared, type: 'string', pattern: durationPattern };
    case 'address':
      return { ...shared, type: 'string', pattern: ':\\d{1,5}$' };
    case 'enum':
      return { ...shared, enum: spec.values };
    case 'list':
      return { ...shared, type: ['array', 'string'], items: { type: 'string', minLength: 1 } };
  }
}
