import type { AttributeValue } from '../../model/item.ts';
import { isLifecycleState, type LifecycleState } from '../../model/state.ts';
import { attributeKey, cleanNumber, cleanText } from '../clean-text.ts';
import { fieldsIn, isFields, type JsonFields, ownField, textIn } from '../json-value.ts';

/** What the user wants read in another way than usual. */
export interface NetBoxMapping {
  /** Name of this NetBox in external identities. */
  readonly system: string;
  readonly roles: readonly { readonly matches: (name: string) => boolean; readonly class: DeviceClass }[];
  readonly states: ReadonlyMap<string, LifecycleState>;
  readonly customFields: readonly string[];
}

export const deviceClasses = ['server', 'switch', 'pdu', 'storage', 'chassis', 'ignore'] as const;
export type DeviceClass = (typeof deviceClasses)[number];

const usualRoles: readonly (readonly [RegExp, DeviceClass])[] = [
  [/patch|panel|cable-?manag|blank|kvm|console|shelf|\bups\b/, 'ignore'],
  [/pdu|power-?distribution/, 'pdu'],
  [/switch|leaf|spine|\btor\b|router|firewall|\bcore\b|aggregation|fabric/, 'switch'],
  [/storage|\bnas\b|\bsan\b|filer/, 'storage'],
  [/chassis|enclosure/, 'chassis'],
  [/server|compute|gpu|node|host|hypervisor|login|worker|control|master|virtual/, 'server'],
];

/** By the slug of the role; undefined for one that nobody has told of. */
export function classOfRole(slug: string, { roles }: NetBoxMapping): DeviceClass | undefined {
  const told = roles.find(({ matches }) => matches(slug));
  return told?.class ?? usualRoles.find(([pattern]) => pattern.test(slug.toLowerCase()))?.[1];
}

const usualStates = new Map<string, LifecycleState>(
  Object.entries({
    active: 'in_service',
    connected: 'in_service',
    offline: 'maintenance',
    paused: 'maintenance',
    planned: 'planned',
    staged: 'planned',
    staging: 'planned',
    reserved: 'planned',
    available: 'planned',
    inventory: 'planned',
    failed: 'failed',
    decommissioning: 'retired',
    deprecated: 'retired',
    retired: 'retired',
  } as const),
);

export function stateOf(object: JsonFields, { states }: NetBoxMapping): LifecycleState | undefined {
  const status = choiceIn(object, 'status');
  if (status === undefined) return undefined;
  return states.get(status) ?? usualStates.get(status) ?? (isLifecycleState(status) ? status : undefined);
}

/** Choices are `{value, label}`; of some fields the value alone. */
export function choiceIn(object: JsonFields, key: string): string | undefined {
  const choice = object[key];
  return isFields(choice) ? textIn(choice, 'value') : cleanText(choice);
}

export function idIn(value: unknown, ...path: readonly string[]): number | undefined {
  let at = value;
  for (const key of path) at = ownField(at, key);
  return cleanNumber(isFields(at) ? at['id'] : at);
}

/** Key of an object, in this observation: its type and number. */
export function keyOf(type: string, id: number | undefined): string | undefined {
  return id === undefined ? undefined : `${type}:${id}`;
}

/** Those that the configuration names, as netbox_<name>. */
export function customAttributes(object: JsonFields, { customFields }: NetBoxMapping): Record<string, AttributeValue> {
  const fields = fieldsIn(object['custom_fields']);
  const attributes: Record<string, AttributeValue> = {};
  for (const name of customFields) {
    const key = attributeKey(name);
    const value = Object.hasOwn(fields, name) ? attributeValue(fields[name]) : undefined;
    if (key !== undefined && value !== undefined) attributes[`netbox_${key}`] = value;
  }
  return attributes;
}

function attributeValue(value: unknown): AttributeValue | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) {
    const texts = value.slice(0, 100).flatMap((each: unknown) => textOf(each) ?? []);
    return texts.length === 0 ? undefined : texts;
  }
  return textOf(value);
}

/** Fields that point to other objects give a brief of them. */
function textOf(value: unknown): string | undefined {
  return isFields(value)
    ? (textIn(value, 'name') ?? textIn(value, 'display') ?? textIn(value, 'value'))
    : cleanText(value);
}
