import type { Item } from '../model/item.ts';
import { textOf } from '../place/related.ts';

/** Where an address may be said, the best first. */
export const addressOrder = ['address', 'fqdn', 'hostname', 'ip'] as const;

const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?$/;
const ipv6 = /^[0-9a-f:]{2,39}(?:%[\w.-]{1,20})?$/i;

/** The first of the places that names a host under which the item can be reached. */
export function addressOf(item: Item, order: readonly string[] = addressOrder): string | undefined {
  for (const key of order) {
    const host = hostOf(textOf(item, key) ?? identityOf(item, key));
    if (host !== undefined) return host;
  }
  return undefined;
}

/** A host name or an address as it may stand in a URL but for brackets; undefined for anything else, such as an option of ssh. */
export function hostOf(text: string | undefined): string | undefined {
  const value = text
    ?.trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\/\d{1,3}$/, '')
    .replace(/\.$/, '');
  if (value === undefined) return undefined;
  return hostName.test(value) || (value.includes(':') && ipv6.test(value)) ? value : undefined;
}

/** host:port as Prometheus wants it. */
export function hostWithPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function identityOf({ identities }: Item, kind: string): string | undefined {
  return identities.find((identity) => identity.kind === kind)?.value;
}
