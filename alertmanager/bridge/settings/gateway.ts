import {
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import type { ChannelLimits } from '../channels/channel.ts';
import { messageFields } from '../texts/message-fields.ts';
import { oneKeyOf, optionalKey, robotFields, secretFile, timeZoneOf } from './robot-fields.ts';
import { checkPlaceholders, type Encoding, encoders, encodings, filled, placeholdersIn } from './template.ts';

/** A gateway over HTTP, as a site describes it. */
export interface Gateway {
  readonly method: 'POST' | 'GET';
  readonly url?: string;
  readonly url_file?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: Encoding;
  readonly body?: string;
  /** Names for `{{secret.name}}`, each with the file that holds it. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly success: Success;
  readonly limits: ChannelLimits;
  readonly time_zone?: string;
}

/** What a good answer is: its status and, where there is one, a value in its JSON. */
export interface Success {
  readonly statuses?: readonly number[];
  /** `data.code`, the way through objects. */
  readonly json?: string;
  readonly equals?: string | number | boolean;
}

const mostEntries = 20;
const longestTemplate = 20_000;
const keys = [
  'method',
  'url',
  'url_file',
  'headers',
  'encoding',
  'body',
  'secrets',
  'success',
  'limits',
  'time_zone',
] as const;

export const defaultLimits: ChannelLimits = { bodyBytes: 16_384, messages: 20, seconds: 60 };

export function parseGateway(value: unknown, path: string): Gateway {
  const field = robotFields(value, path, keys);
  const secrets = optional(field('secrets'), readSecrets) ?? {};
  const secretNames = Object.keys(secrets).map((name) => `secret.${name}`);
  const known = [...messageFields, 'text', ...secretNames];
  const encoding = optional(field('encoding'), (place) => oneOf(place, encodings)) ?? 'json';
  const limits = optional(field('limits'), readLimits) ?? defaultLimits;
  const [key, place] = oneKeyOf(field, path, ['url', 'url_file']);
  return {
    method: optional(field('method'), (method) => oneOf(method, ['POST', 'GET'] as const)) ?? 'POST',
    [key]: key === 'url' ? urlTemplate(place, known) : secretFile(place),
    headers: optional(field('headers'), (headers) => readHeaders(headers, secretNames)) ?? {},
    encoding,
    ...optionalKey(field, 'body', (body) => bodyTemplate(body, known, encoding, limits)),
    secrets,
    success: optional(field('success'), readSuccess) ?? {},
    limits,
    ...optionalKey(field, 'time_zone', timeZoneOf),
  };
}

function readSecrets(place: Place): Readonly<Record<string, string>> {
  const entries = entriesOf(place, mostEntries).map(([name, value]) => {
    const where = `${place.where}.${name}`;
    if (!/^[\w-]+$/.test(name)) throw new ConfigError(`${where} must be named with letters, digits, - and _`);
    return [name, secretFile({ value, where })];
  });
  return Object.fromEntries(entries);
}

function readHeaders(place: Place, secretNames: readonly string[]): Readonly<Record<string, string>> {
  const entries = entriesOf(place, mostEntries).map(([name, value]) => {
    const header: Place = { value, where: `${place.where}.${name}` };
    if (!/^[\w-]+$/.test(name)) throw new ConfigError(`${header.where} is no name of a header`);
    const sensitive = /auth|token|secret|key|passw|cookie|sign/i.test(name);
    if (sensitive && !(typeof value === 'string' && placeholdersIn(value).length > 0)) {
      throw new ConfigError(
        `${header.where} would hold a secret; put it in a file, name the file in secrets, and write {{secret.name}} here`,
      );
    }
    const text = textOf(header);
    if (!/^[\x20-\x7e]+$/.test(text)) throw invalid(header, 'printable ASCII');
    checkPlaceholders(text, header, secretNames);
    return [name.toLowerCase(), text];
  });
  return Object.fromEntries(entries);
}

function urlTemplate(place: Place, known: readonly string[]): string {
  const { value, where } = place;
  const sample = typeof value === 'string' ? filled(value, () => 'x') : '';
  const url = URL.canParse(sample) ? new URL(sample) : undefined;
  if (typeof value !== 'string' || url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`${where} must be a URL that begins with http:// or https://`);
  }
  const [host = ''] = value.replace(/^https?:\/\//i, '').split(/[/?#]/);
  if (placeholdersIn(host).length > 0) throw new ConfigError(`${where} must not have a placeholder in the host`);
  const inline = [...url.searchParams].some(
    ([name, shown]) => /token|secret|key|passw|sign|auth/i.test(name) && shown !== 'x',
  );
  if (url.username !== '' || url.password !== '' || inline) {
    throw new ConfigError(
      `${where} holds a secret; put it in a file, name the file in secrets, and write {{secret.name}} here`,
    );
  }
  checkPlaceholders(value, place, known);
  return value;
}

/** Room for the shortest text of a message. */
const shortestText = 1024;

function bodyTemplate(
  place: Place,
  known: readonly string[],
  encoding: Encoding,
  { bodyBytes }: ChannelLimits,
): string {
  const { value, where } = place;
  if (typeof value !== 'string' || value === '' || value.length > longestTemplate) {
    throw new ConfigError(`${where} must be a text of 1 to ${longestTemplate} characters`);
  }
  checkPlaceholders(value, place, known);
  if (Buffer.byteLength(value) + shortestText > bodyBytes) {
    throw new ConfigError(
      `${where} leaves less than ${shortestText} bytes for the message; make it shorter, or limits.body_bytes greater`,
    );
  }
  if (encoding === 'json' && !isJson(filled(value, () => encoders.json('x')))) {
    throw new ConfigError(
      `${where} is no JSON once its placeholders are filled; put quotes around each, as in "{{title}}"`,
    );
  }
  return value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readSuccess(place: Place): Success {
  const field = fieldsOf(place, ['statuses', 'json', 'equals']);
  const success: Success = {
    ...optionalKey(field, 'statuses', (statuses) =>
      listOf(statuses, mostEntries).map((status) => wholeOf(status, { min: 200, max: 299 })),
    ),
    ...optionalKey(field, 'json', textOf),
    ...optionalKey(field, 'equals', scalarOf),
  };
  if ((success.json === undefined) === (success.equals === undefined)) return success;
  throw new ConfigError(`${place.where} must have both json and equals, or neither`);
}

function scalarOf(place: Place): string | number | boolean {
  const { value } = place;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw invalid(place, 'a text, a number, true or false');
}

function readLimits(place: Place): ChannelLimits {
  const field = fieldsOf(place, ['body_bytes', 'messages', 'seconds']);
  return {
    bodyBytes:
      optional(field('body_bytes'), (bytes) => wholeOf(bytes, { min: 2048, max: 1_048_576 })) ??
      defaultLimits.bodyBytes,
    messages: optional(field('messages'), (count) => wholeOf(count, { min: 1, max: 10_000 })) ?? defaultLimits.messages,
    seconds: optional(field('seconds'), (count) => wholeOf(count, { min: 1, max: 86_400 })) ?? defaultLimits.seconds,
  };
}
