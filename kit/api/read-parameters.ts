import { nearest } from '../options/nearest.ts';
import { cut, preview } from '../options/preview.ts';
import { badField } from './api-error.ts';
import type { Parameter, Parameters } from './parameter.ts';

/** Where parameters come from. */
export interface RawParameters {
  readonly path: Readonly<Record<string, string | readonly string[]>>;
  /** Without its question mark. */
  readonly query: string;
  readonly header: (name: string) => string | undefined;
}

type Value = string | number | boolean | readonly string[] | undefined;

const maxQueryCharacters = 8192;
const maxText = 2000;
const maxListed = 1000;

/** The values of all parameters of a route. Throws an ApiError that names the one that is wrong. */
export function readParameters(specs: Parameters, raw: RawParameters): Readonly<Record<string, Value>> {
  if (raw.query.length > maxQueryCharacters)
    throw badField('query', `the query has ${raw.query.length} characters; at most ${maxQueryCharacters} are taken`);
  const query = new URLSearchParams(raw.query);
  refuseUnknown(specs, query);
  const entries = Object.entries(specs).map(([name, spec]) => [
    name,
    parameterValue(name, spec, givenOf(name, spec, query, raw)),
  ]);
  return Object.fromEntries(entries);
}

function refuseUnknown(specs: Parameters, query: URLSearchParams): void {
  const allowed = Object.keys(specs).filter((name) => specs[name]?.in === 'query');
  for (const name of query.keys()) {
    if (allowed.includes(name)) continue;
    const candidate = nearest(name, allowed);
    const hint = candidate === undefined ? listed(allowed) : `did you mean ${candidate}?`;
    throw badField(cut(name), `there is no such parameter; ${hint}`);
  }
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'there is none here' : `there are ${names.join(', ')}`;
}

function givenOf(name: string, spec: Parameter, query: URLSearchParams, raw: RawParameters): readonly string[] {
  if (spec.in === 'query') return query.getAll(name);
  const given = spec.in === 'header' ? raw.header(name) : raw.path[name];
  return given === undefined ? [] : [given].flat();
}

function parameterValue(name: string, spec: Parameter, given: readonly string[]): Value {
  // No database takes it in a text.
  if (given.some((text) => text.includes('\0'))) throw badField(name, 'it must not hold the character NUL');
  if (spec.type === 'list')
    return listOf(
      name,
      spec,
      given.flatMap((text) => text.split(',')),
    );
  if (spec.type === 'texts') return listOf(name, spec, given);
  const [text, second] = given;
  if (second !== undefined) throw badField(name, 'it can be given once only');
  if (text === undefined) {
    if (spec.required === true) throw badField(name, `it is missing; ${allowedOf(spec)}`);
    return 'default' in spec ? spec.default : undefined;
  }
  const value = single(spec, text);
  if (value === undefined) throw badField(name, `must be ${allowedOf(spec)}, got ${preview(text)}`);
  return value;
}

function listOf(
  name: string,
  { maxItems = 100, ...spec }: Extract<Parameter, { type: 'list' | 'texts' }>,
  given: readonly string[],
): readonly string[] {
  const items = given.map((item) => item.trim()).filter((item) => item !== '');
  if (items.length > Math.min(maxItems, maxListed))
    throw badField(name, `at most ${maxItems} may be given, got ${items.length}`);
  if (spec.required === true && items.length === 0) throw badField(name, 'it is missing');
  const tooLong = items.find((item) => item.length > maxText);
  if (tooLong !== undefined) throw badField(name, `each has at most ${maxText} characters`);
  return items;
}

/** Undefined for what is not allowed. */
function single(spec: Parameter, text: string): Value {
  switch (spec.type) {
    case 'text':
      return isText(spec, text) ? text : undefined;
    case 'enum':
      return spec.values.includes(text) ? text : undefined;
    case 'integer':
      return integerOf(spec, text);
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : undefined);
    case 'time':
      return parseTime(text);
    case 'list':
    case 'texts':
      return [text];
  }
}

function isText({ pattern, maxLength = maxText }: Extract<Parameter, { type: 'text' }>, text: string): boolean {
  return text.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
}

function integerOf({ min, max }: Extract<Parameter, { type: 'integer' }>, text: string): number | undefined {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

export function allowedOf(spec: Parameter): string {
  switch (spec.type) {
    case 'text':
      return spec.form ?? `a text of at most ${spec.maxLength ?? maxText} characters`;
    case 'enum':
      return `one of ${spec.values.join(', ')}`;
    case 'integer':
      return `a whole number from ${spec.min} to ${spec.max}`;
    case 'boolean':
      return 'true or false';
    case 'time':
      return 'a time such as 2026-01-31T08:00:00Z, or Unix seconds';
    case 'list':
    case 'texts':
      return 'a list of texts';
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d))?$/;
/** The year 9999, which is the last one that RFC 3339 can tell. */
const lastSeconds = 253_402_300_799;

/** Unix seconds of a time in RFC 3339, of a day in UTC, or of Unix seconds; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  if (/^\d{1,12}(?:\.\d{1,9})?$/.test(text)) {
    const seconds = Number(text);
    return seconds <= lastSeconds ? seconds : undefined;
  }
  // A plus sign that is not encoded arrives as a blank.
  const mended = text.replace(/ (?=\d\d:\d\d$)/, '+');
  if (!rfc3339.test(mended)) return undefined;
  const seconds = Date.parse(mended) / 1000;
  return Number.isFinite(seconds) ? seconds : undefined;
}
