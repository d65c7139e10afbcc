import type { Identity } from './item.ts';

/** Values that firmware gives where nobody wrote the real one. They tell nothing apart. */
const meaningless = new Set([
  '',
  '0',
  'none',
  'n/a',
  'na',
  'null',
  'unknown',
  'default string',
  'not specified',
  'not available',
  'not applicable',
  'system serial number',
  'chassis serial number',
  'to be filled by o.e.m.',
  'to be filled by o.e.m',
  'empty',
  'x',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
]);
const maxCharacters = 200;

/** Serial number, with the maker in front where it is known. Undefined if it tells nothing. */
export function serialIdentity(serial: string | undefined, vendor?: string): Identity | undefined {
  const value = meaningful(serial);
  if (value === undefined || /^(.)\1*$/.test(value)) return undefined;
  const maker = makerOf(vendor);
  return { kind: 'serial', value: maker === undefined ? value : `${maker}/${value}` };
}

/** The first word of the maker: "Dell Inc." and "Dell" are one. */
function makerOf(vendor: string | undefined): string | undefined {
  const word = meaningful(vendor)?.split(/[\s,.(]/)[0];
  return word === undefined || word === '' ? undefined : word;
}

export function uuidIdentity(uuid: string | undefined): Identity | undefined {
  const value = meaningful(uuid);
  return value === undefined ? undefined : { kind: 'uuid', value };
}

/** In any of the usual forms; addresses that hypervisors and bridges share tell nothing apart. */
export function macIdentity(mac: string | undefined): Identity | undefined {
  const digits = mac?.toLowerCase().replaceAll(/[^0-9a-f]/g, '') ?? '';
  if (digits.length !== 12 || /^(.)\1*$/.test(digits)) return undefined;
  return { kind: 'mac', value: digits.match(/../g)?.join(':') ?? digits };
}

/** `fqdn` and `hostname` for a name with a domain, `hostname` for one without; `ip` for an address. */
export function hostIdentities(host: string | undefined): readonly Identity[] {
  const value = meaningful(host)?.replace(/\.$/, '');
  if (value === undefined || value === 'localhost' || value.startsWith('localhost.')) return [];
  if (isIpAddress(value)) return [{ kind: 'ip', value }];
  const [short = value] = value.split('.');
  return short === value
    ? [{ kind: 'hostname', value }]
    : [
        { kind: 'fqdn', value },
        { kind: 'hostname', value: short },
      ];
}

export function ipIdentity(address: string | undefined): Identity | undefined {
  const value = meaningful(address)?.split('/')[0];
  if (value === undefined || !isIpAddress(value) || /^(127\.|::1$|fe80:|169\.254\.)/.test(value)) return undefined;
  return { kind: 'ip', value };
}

export function nameIdentity(...path: readonly (string | undefined)[]): Identity | undefined {
  const parts = path.map(meaningful);
  if (parts.some((part) => part === undefined)) return undefined;
  return { kind: 'name', value: parts.join('/').slice(0, maxCharacters) };
}

export function placementIdentity(...path: readonly (string | undefined)[]): Identity | undefined {
  const named = nameIdentity(...path);
  return named === undefined ? undefined : { kind: 'placement', value: named.value };
}

export function bmcIdentity(value: string | undefined): Identity | undefined {
  const known = meaningful(value);
  return known === undefined ? undefined : { kind: 'bmc', value: known };
}

/** `system:kind:number`, such as netbox:dcim.device:12. */
export function externalIdentity(system: string, kind: string, id: string | number): Identity {
  return { kind: 'external', value: `${system}:${kind}:${id}`.toLowerCase().slice(0, maxCharacters) };
}

/** Those that are there, each once. */
export function identitiesOf(...given: readonly (Identity | readonly Identity[] | undefined)[]): readonly Identity[] {
  const known = new Map<string, Identity>();
  for (const identity of given.flat())
    if (identity !== undefined) known.set(`${identity.kind} ${identity.value}`, identity);
  return [...known.values()];
}

function meaningful(text: string | undefined): string | undefined {
  const value = text?.trim().toLowerCase().replaceAll(/\s+/g, ' ').slice(0, maxCharacters);
  return value === undefined || meaningless.has(value) ? undefined : value;
}

function isIpAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || (text.includes(':') && /^[0-9a-f:.]+$/.test(text));
}
