import { hostOf, identityOf } from '../facts/host-address.ts';
import { singleFact } from '../facts/item-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { ownersOf } from '../place/owners-of.ts';
import { textOf } from '../place/related.ts';
import { type GroupValue, groupNames } from './group-names.ts';
import { type HostVars, hostVars } from './host-vars.ts';

/** The inventory as Ansible sees it: what plays can be run on. */
export interface AnsibleInventory {
  /** By the name of the host, in the order of the names. */
  readonly hosts: ReadonlyMap<string, HostVars>;
  /** Names of hosts by the name of the group. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** What people log in to. */
const managed = ['server', 'switch'] as const satisfies readonly ItemClass[];
const grouped = ['class', 'state', 'site', 'rack', 'cluster'] as const;

export const ansibleInventory: (inventory: Inventory) => AnsibleInventory = perRevision(createAnsibleInventory);

/** Without what is not there yet and what is gone for good. */
function createAnsibleInventory(inventory: Inventory): AnsibleInventory {
  const items = managed
    .flatMap((itemClass) => inventory.ofClass(itemClass))
    .filter(({ state }) => state !== 'planned' && state !== 'retired' && state !== 'rma');
  const named = withNames(inventory, items);
  const groupsOf = new Map(named.map(({ item }) => [item.id, groupValues(inventory, item)]));
  const nameOf = groupNames([...groupsOf.values()].flat());
  const groups = new Map<string, string[]>();
  for (const { host, item } of named)
    for (const group of groupsOf.get(item.id) ?? []) {
      const name = nameOf(group);
      const members = groups.get(name);
      if (members === undefined) groups.set(name, [host]);
      else members.push(host);
    }
  return {
    hosts: new Map(named.map(({ host, item }) => [host, hostVars(inventory, item)])),
    groups: new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Each host has a name of its own; where two would have the same, the number of the item tells them apart. */
function withNames(inventory: Inventory, items: readonly Item[]): readonly { host: string; item: Item }[] {
  const wanted = items.map((item) => ({ host: hostName(inventory, item), item }));
  const counts = new Map<string, number>();
  for (const { host } of wanted) counts.set(host, (counts.get(host) ?? 0) + 1);
  return wanted
    .map(({ host, item }) => ({ host: counts.get(host) === 1 ? host : `${host}-${item.id}`, item }))
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}

function hostName(inventory: Inventory, item: Item): string {
  const own = item.class === 'server' ? singleFact(inventory, item, 'node') : undefined;
  const names = [own, textOf(item, 'fqdn'), identityOf(item, 'fqdn'), identityOf(item, 'hostname'), item.name];
  return names.map(hostOf).find((name) => name !== undefined) ?? `${item.class}-${item.id}`;
}

function groupValues(inventory: Inventory, item: Item): readonly GroupValue[] {
  const values: GroupValue[] = [];
  const add = (kind: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') values.push({ kind, value });
  };
  for (const fact of grouped) add(fact, singleFact(inventory, item, fact));
  add('role', textOf(item, 'role'));
  add('model', textOf(item, 'model'));
  for (const { name } of ownersOf(inventory, item.id).tenants) add('tenant', name);
  return values;
}
