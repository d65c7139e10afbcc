import { createHash } from 'node:crypto';
import { ConfigError } from '../../../kit/errors.ts';
import { preview } from '../../../kit/options/preview.ts';

/** Tenants by the SHA-256 of their API keys, in hexadecimal. The keys themselves are nowhere. */
export type KeyMap = ReadonlyMap<string, string>;

const line = /^([0-9a-f]{64})[ \t]+\*?([\w.:@/-]{1,100})$/i;
const maxKeys = 1_000_000;
/** Every tenant is a label of dozens of series. */
const maxTenants = 1000;

/**
 * Reads the file of `--proxy.keys-file`: one line for each key, its SHA-256 and the tenant, as `sha256sum` prints it with the tenant in place of
 * the file name. Throws ConfigError that names file and line.
 */
export function parseKeys(file: string, text: string): KeyMap {
  const keys = new Map<string, string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.replace(/#.*$/, '').trim();
    if (content !== '') addKey(keys, content, `${file}:${index + 1}`);
    if (keys.size > maxKeys) throw new ConfigError(`${file} has more than ${maxKeys} keys`);
  }
  const tenants = new Set(keys.values()).size;
  if (tenants > maxTenants) throw new ConfigError(`${file} has ${tenants} tenants; at most ${maxTenants} are allowed`);
  return keys;
}

function addKey(keys: Map<string, string>, content: string, where: string): void {
  const [, hash, tenant] = line.exec(content) ?? [];
  if (hash === undefined || tenant === undefined) {
    // The line may hold a key that somebody forgot to hash, so it is not shown.
    throw new ConfigError(`${where} must be the SHA-256 of a key in hexadecimal, a space, and the name of its tenant`);
  }
  const known = keys.get(hash.toLowerCase());
  if (known !== undefined && known !== tenant)
    throw new ConfigError(`${where} gives the tenant ${preview(tenant)} a key that ${preview(known)} has already`);
  keys.set(hash.toLowerCase(), tenant);
}

/** The tenant of a key; undefined if nobody has it. */
export function tenantOfKey(keys: KeyMap, key: string): string | undefined {
  return keys.get(createHash('sha256').update(key).digest('hex'));
}
