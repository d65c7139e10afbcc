import { load, YAMLException } from 'js-yaml';
import { SourceError } from '../../../../kit/errors.ts';
import type { AttributeValue } from '../../model/item.ts';
import { isFields } from '../json-value.ts';
import type { Entry } from './rows-to-items.ts';

const maxItems = 250_000;
const maxFields = 500;
const maxValues = 1000;

/**
 * Entries of a YAML file: a list of items, at the top or below `items`. What stands under `attributes`, and the targets under `relations`, is
 * read as columns of that name would be. Throws a SourceError that names file and place.
 */
export function parseYamlItems(file: string, text: string): readonly Entry[] {
  return yamlItemsOf(file, loaded(file, text));
}

/** The same for what was read already, such as from JSON. */
export function yamlItemsOf(file: string, top: unknown): readonly Entry[] {
  const list = isFields(top) ? top['items'] : top;
  if (!Array.isArray(list))
    throw new SourceError(`${file} must hold a list of items, or one below items; write [] for none`);
  if (list.length > maxItems) throw new SourceError(`${file} has ${list.length} items; at most ${maxItems} are read`);
  return list.map((item: unknown, index) => {
    if (!isFields(item)) throw new SourceError(`${file}: item ${index + 1} must be keys and values`);
    return { line: index + 1, fields: flat(item, `${file}: item ${index + 1}`) };
  });
}

function loaded(file: string, text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (error instanceof RangeError) throw new SourceError(`${file} is nested too deeply`);
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`;
    throw new SourceError(`${file}${place} is no valid YAML: ${error.reason}`);
  }
}

function flat(item: Readonly<Record<string, unknown>>, where: string): ReadonlyMap<string, AttributeValue> {
  const fields = new Map<string, AttributeValue>();
  for (const [key, value] of Object.entries(item).slice(0, maxFields)) {
    if (key === 'attributes') addAll(value, 'attribute_', `${where}: attributes`, fields);
    else if (key === 'relations') addAll(value, '', `${where}: relations`, fields);
    else set(fields, key, value, `${where}: ${key}`);
  }
  return fields;
}

function addAll(value: unknown, prefix: string, where: string, fields: Map<string, AttributeValue>): void {
  if (value === undefined || value === null) return;
  if (!isFields(value)) throw new SourceError(`${where} must be keys and values`);
  for (const [key, each] of Object.entries(value).slice(0, maxFields))
    set(fields, `${prefix}${key}`, each, `${where}.${key}`);
}

function set(fields: Map<string, AttributeValue>, key: string, value: unknown, where: string): void {
  const read = scalar(value);
  if (read !== undefined) fields.set(key, read);
  else if (Array.isArray(value))
    fields.set(
      key,
      value.slice(0, maxValues).map((each: unknown) => textOf(each, where)),
    );
  else if (value !== null && value !== undefined)
    throw new SourceError(`${where} must be a text, number or list of texts`);
}

function textOf(value: unknown, where: string): string {
  const read = scalar(value);
  if (read === undefined) throw new SourceError(`${where} must be a list of texts`);
  return String(read);
}

/** YAML turns what looks like a day into a date. */
function scalar(value: unknown): string | number | boolean | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}
