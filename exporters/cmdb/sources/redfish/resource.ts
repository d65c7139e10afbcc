import type { Health, PowerState } from '../../hardware/hardware-reading.ts';

/** A Redfish resource or a part of one, as it came from outside. */
export type Resource = Readonly<Record<string, unknown>>;

const maxCharacters = 300;
const maxParts = 256;

export function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An empty one for what is no object. */
export function partOf(resource: Resource, ...path: readonly string[]): Resource {
  let part: Resource = resource;
  for (const key of path) {
    const next = part[key];
    if (!isResource(next)) return {};
    part = next;
  }
  return part;
}

export function partsOf(resource: Resource, key: string): readonly Resource[] {
  const value = resource[key];
  return Array.isArray(value) ? value.slice(0, maxParts).filter(isResource) : [];
}

/** On one line, bounded; undefined for what is no text or says nothing. */
export function textOf(resource: Resource, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = resource[key];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') continue;
    const plain = text
      .replaceAll(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, maxCharacters);
    if (plain !== '' && plain.toLowerCase() !== 'n/a') return plain;
  }
  return undefined;
}

/** Some controllers write numbers as texts, with or without a unit: "42", "42.5 C". */
export function numberOf(resource: Resource, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = resource[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const [, digits] =
      typeof value === 'string' ? (/^\s*([-+]?\d+(?:\.\d+)?)\s*[\p{L}%°]{0,5}\s*$/u.exec(value) ?? []) : [];
    if (digits !== undefined) return Number(digits);
  }
  return undefined;
}

export function booleanOf(resource: Resource, key: string): boolean | undefined {
  const value = resource[key];
  return typeof value === 'boolean' ? value : undefined;
}

export function textsOf(resource: Resource, key: string): readonly string[] {
  const value = resource[key];
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is string => typeof each === 'string').slice(0, maxParts);
}

/** The path behind a link; undefined if there is none. */
export function linkOf(resource: Resource, key: string): string | undefined {
  return idOf(partOf(resource, key));
}

export function idOf(resource: Resource): string | undefined {
  const path = resource['@odata.id'];
  return typeof path === 'string' && path !== '' ? path : undefined;
}

/** Paths of a list of links, each once. */
export function linksOf(resource: Resource, key: string): readonly string[] {
  return [...new Set(partsOf(resource, key).flatMap((part) => idOf(part) ?? []))];
}

/** False for what the controller lists although nothing is there, such as empty slots. */
export function isPresent(resource: Resource): boolean {
  return textOf(partOf(resource, 'Status'), 'State') !== 'Absent';
}

/** Undefined for what is absent or not judged. */
export function healthOf(resource: Resource, key: 'Health' | 'HealthRollup' = 'Health'): Health | undefined {
  const status = partOf(resource, 'Status');
  if (!isPresent(resource)) return undefined;
  return severityOf(textOf(status, key));
}

export function severityOf(text: string | undefined): Health | undefined {
  switch (text?.toLowerCase()) {
    case 'ok':
    case 'informational':
      return 'ok';
    case 'warning':
      return 'warning';
    case 'critical':
    case 'fatal':
      return 'critical';
    default:
      return undefined;
  }
}

export function powerStateOf(system: Resource): PowerState | undefined {
  switch (textOf(system, 'PowerState')?.toLowerCase()) {
    case 'on':
      return 'on';
    case 'off':
      return 'off';
    case 'poweringon':
      return 'powering_on';
    case 'poweringoff':
      return 'powering_off';
    case 'paused':
      return 'paused';
    default:
      return undefined;
  }
}

/** Where a part sits, by the print on the machine if there is one. */
export function slotOf(part: Resource): string | undefined {
  const locations = [
    partOf(part, 'Location', 'PartLocation'),
    partOf(part, 'PhysicalLocation', 'PartLocation'),
    ...partsOf(part, 'Location').map((each) => partOf(each, 'PartLocation')),
  ];
  for (const location of locations) {
    const label = textOf(location, 'ServiceLabel');
    if (label !== undefined) return label;
    const ordinal = numberOf(location, 'LocationOrdinalValue');
    if (ordinal !== undefined) return `${textOf(location, 'LocationType') ?? 'Slot'} ${ordinal}`;
  }
  return undefined;
}
