import { fieldsOf, invalid, optional, type Place } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { cleanText } from '../letter/clean-text.ts';
import { isTimeZone } from '../texts/time.ts';

const secretKey = /passw|passphrase|secret|token|credential|^key$|_key$|^url$|^webhook|sign$|access_key/i;

/** The keys of a robot. A key that would hold a secret is refused without showing its value. */
export function robotFields(value: unknown, path: string, known: readonly string[]): (key: string) => Place {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const inline = Object.keys(value).find((key) => !known.includes(key) && secretKey.test(key));
    if (inline !== undefined) throw inlineSecret(`${path}.${cleanText(inline).slice(0, 80)}`, inline, known);
  }
  return fieldsOf({ value, where: path }, known);
}

function inlineSecret(where: string, key: string, known: readonly string[]): ConfigError {
  const files = known.filter((candidate) => candidate.endsWith('_file'));
  const own = files.includes(`${key}_file`) ? [`${key}_file`] : files;
  const remedy =
    own.length === 0 ? 'take it out' : `write it to a file and put the path of the file in ${own.join(' or ')}`;
  return new ConfigError(`${where} would hold a secret, which must not stand in this file; ${remedy}`);
}

/** An absolute path. What stands there instead is not shown: it may be the secret itself. */
export function secretFile({ value, where }: Place): string {
  if (typeof value === 'string' && /^\/[^\p{Cc}]+$/u.test(value)) return value;
  throw new ConfigError(
    `${where} must be the absolute path of a file that holds the secret, such as /etc/fleetlens/secrets/robot`,
  );
}

/** Exactly one of two keys. */
export function oneKeyOf(
  field: (key: string) => Place,
  path: string,
  keys: readonly [string, string],
): readonly [string, Place] {
  const written = keys.filter((key) => field(key).value !== undefined && field(key).value !== null);
  const [key] = written;
  if (key === undefined || written.length > 1) {
    throw new ConfigError(
      `${path} must have exactly one of ${keys.join(' and ')}, and has ${written.length === 0 ? 'neither' : 'both'}`,
    );
  }
  return [key, field(key)];
}

export function timeZoneOf(place: Place): string {
  const { value } = place;
  if (typeof value === 'string' && isTimeZone(value)) return value;
  throw invalid(place, 'a time zone such as Asia/Shanghai or UTC');
}

/** With the key if it was written, and empty if not, to be spread. */
export function optionalKey<K extends string, T>(
  field: (key: string) => Place,
  key: K,
  read: (place: Place) => T,
): { readonly [P in K]?: T } {
  const value = optional(field(key), read);
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}

/** A URL that holds no secret and so may stand in a file that people share. */
export function openUrl(place: Place): string {
  const { value, where } = place;
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`${where} must be a URL that begins with http:// or https://`);
  }
  const named = [...url.searchParams.keys()].find((name) => /token|secret|key|passw|sign|auth/i.test(name));
  if (url.username !== '' || url.password !== '' || named !== undefined) {
    throw new ConfigError(`${where} holds a secret; write the URL to a file and put the path of the file in url_file`);
  }
  return url.href;
}
