import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { entriesOf, fieldsOf, oneOf, optional, type Place } from '../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import type { AttributeCheck } from '../inventory/sanitize.ts';
import { type ItemClass, itemClasses } from '../model/item-class.ts';

/** JSON Schemas of attributes, by class. */
export interface AttributeSchemas {
  readonly ofClass: ReadonlyMap<ItemClass, unknown>;
  readonly check: AttributeCheck;
}

const classNames = Object.keys(itemClasses) as readonly ItemClass[];

/** Reads `classes: {server: {attributes: {owner_code: {type: string, pattern: …}}}}`. Each schema is of JSON Schema 2020-12 or draft 7. */
export function readClasses(place: Place): AttributeSchemas {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const ofClass = new Map<ItemClass, unknown>();
  const checks = new Map<string, ReadonlyMap<string, ValidateFunction>>();
  for (const [name, value] of optional(place, (given) => entriesOf(given, classNames.length)) ?? []) {
    const where = `${place.where}.${name}`;
    const itemClass = oneOf({ value: name, where: place.where }, classNames);
    const attributes = fieldsOf({ value: value ?? {}, where }, ['attributes'])('attributes');
    const schemas = optional(attributes, (given) => entriesOf(given, 200)) ?? [];
    checks.set(
      itemClass,
      new Map(schemas.map(([key, schema]) => [key, compiled(ajv, schema, `${attributes.where}.${key}`)])),
    );
    ofClass.set(itemClass, Object.fromEntries(schemas));
  }
  return {
    ofClass,
    check: ({ class: itemClass, attributes }) =>
      [...(checks.get(itemClass) ?? [])].flatMap(([attribute, validate]) => {
        const value = attributes[attribute];
        if (value === undefined || validate(value)) return [];
        return [{ attribute, reason: (validate.errors ?? []).map(wordsOf).join(', ') }];
      }),
  };
}

function compiled(ajv: Ajv, schema: unknown, where: string): ValidateFunction {
  if (typeof schema !== 'object' || schema === null) throw new ConfigError(`${where} must be a JSON Schema`);
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw new ConfigError(`${where} is no valid JSON Schema: ${reasonOf(error)}`);
  }
}

function wordsOf({ message, instancePath }: ErrorObject): string {
  return instancePath === '' ? (message ?? 'not allowed') : `${instancePath} ${message ?? 'not allowed'}`;
}
