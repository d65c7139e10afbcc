import { cleanValue } from '../facts/clean-value.ts';
import { addressOf } from '../facts/host-address.ts';
import { type DerivedFact, singleFact } from '../facts/item-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AttributeValue, Item } from '../model/item.ts';
import { ownersOf } from '../place/owners-of.ts';
import { sourcesOf, textOf } from '../place/related.ts';

export type HostVars = Readonly<Record<string, AttributeValue>>;

const facts = [
  'name',
  'class',
  'state',
  'node',
  'cluster',
  'site',
  'room',
  'rack',
  'unit',
  'chassis',
  'team',
  'owner',
] as const satisfies readonly DerivedFact[];

/** Variables of one host. All that comes from the inventory begins with cmdb_, so that no source can set a variable that Ansible obeys. */
export function hostVars(inventory: Inventory, item: Item): HostVars {
  const vars: Record<string, AttributeValue> = {};
  const set = (name: string, value: AttributeValue | undefined): void => {
    if (value !== undefined && value !== '') vars[name] = harmless(value);
  };
  set('ansible_host', addressOf(item));
  for (const [name, value] of Object.entries(item.attributes)) set(`cmdb_${name}`, value);
  set('cmdb_id', item.id);
  for (const fact of facts) set(`cmdb_${fact}`, singleFact(inventory, item, fact));
  set(
    'cmdb_tenants',
    ownersOf(inventory, item.id).tenants.map(({ name }) => name),
  );
  set('cmdb_bmc_address', bmcAddress(inventory, item));
  return vars;
}

function bmcAddress(inventory: Inventory, item: Item): string | undefined {
  const controllers = [...sourcesOf(inventory, item.id, 'installed_on'), ...sourcesOf(inventory, item.id, 'part_of')];
  const bmc = controllers.find((part) => part.class === 'bmc');
  if (bmc === undefined) return undefined;
  const own = addressOf(bmc, ['address', 'ip', 'fqdn', 'hostname']);
  if (own !== undefined) return own;
  // Its address may be an item of its own.
  const address = sourcesOf(inventory, bmc.id, 'installed_on').find((part) => part.class === 'ip');
  return address === undefined ? undefined : (addressOf(address, ['ip', 'address']) ?? textOf(address, 'address'));
}

/** Ansible runs what stands between double braces in a variable; what a machine says about itself must not be run. */
function harmless(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return withoutTemplates(value);
  return typeof value === 'object' ? value.map(withoutTemplates) : value;
}

function withoutTemplates(text: string): string {
  return cleanValue(text, 2000).replaceAll(/\{(?=[{%#])/g, '{ ');
}
