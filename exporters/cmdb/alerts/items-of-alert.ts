import type { Inventory } from '../inventory/inventory.ts';
import { perRevision } from '../inventory/per-revision.ts';
import { nameIdentity } from '../model/identity.ts';
import type { Item } from '../model/item.ts';
import { type ItemClass, isItemClass } from '../model/item-class.ts';
import { clusterOf } from '../place/node-of.ts';
import { sourcesOf, textOf } from '../place/related.ts';
import { itemOfLabels } from './machine-of-labels.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * The item that an alert is about, the most exact one that its labels lead to: a GPU before its server, a server before its cluster. Where
 * they lead to several alike, such as two switches of one name, it is none of them.
 */
export function itemOfAlert(inventory: Inventory, labels: Labels): Item | undefined {
  const read: Read = (name) => {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
    return value === '' ? undefined : value;
  };
  const machine = numbered(inventory, read) ?? itemOfLabels(inventory, labels);
  if (machine !== undefined) return gpuOf(inventory, machine, read) ?? machine;
  // What an unknown machine is in says nothing about the machine.
  const isOfUnknown = ['ci', 'uuid', 'node'].some((name) => read(name) !== undefined);
  return firstFound(inventory, read, isOfUnknown ? ways : [...ways, ...wideWays]);
}

function firstFound(inventory: Inventory, read: Read, tried: readonly Way[]): Item | undefined {
  for (const way of tried) {
    const found = way(inventory, read);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Read = (name: string) => string | undefined;
type Way = (inventory: Inventory, read: Read) => Item | undefined;

const ways: readonly Way[] = [
  (inventory, read) => {
    const itemClass = read('class');
    return itemClass !== undefined && isItemClass(itemClass) ? named(inventory, itemClass, read('name')) : undefined;
  },
  (inventory, read) => named(inventory, 'switch', read('switch')),
  (inventory, read) => applicationOf(inventory, read),
  (inventory, read) => named(inventory, 'application', read('model_name')),
  (inventory, read) => named(inventory, 'application', read('run')),
];

const wideWays: readonly Way[] = [
  (inventory, read) => namespaceOf(inventory, read),
  (inventory, read) => named(inventory, 'rack', read('rack')),
  (inventory, read) => named(inventory, 'tenant', read('tenant')),
  (inventory, read) => named(inventory, 'cluster', read('cluster')),
];

/** Series of the inventory carry the number of their item. */
function numbered(inventory: Inventory, read: Read): Item | undefined {
  const number = read('ci') ?? '';
  return /^\d{1,10}$/.test(number) ? inventory.item(Number(number)) : undefined;
}

/** gpu_id counts as nvidia-smi does on that node. */
function gpuOf(inventory: Inventory, machine: Item, read: Read): Item | undefined {
  const index = read('gpu_id') ?? read('gpu');
  if (machine.class !== 'server' || index === undefined) return undefined;
  return sourcesOf(inventory, machine.id, 'installed_on').find(
    (part) => part.class === 'gpu' && textOf(part, 'gpu_index') === index,
  );
}

/** Workloads are known, pods are not: the name of a pod is that of its workload and something random. */
function applicationOf(inventory: Inventory, read: Read): Item | undefined {
  const namespace = read('namespace');
  const names = [read('deployment'), read('statefulset'), read('daemonset'), read('job_name'), read('pod')];
  const name = names.find((each) => each !== undefined);
  if (namespace === undefined || name === undefined) return undefined;
  const cluster = read('cluster');
  const parts = name.split('-');
  // One workload may be called as another one with more behind it, so the longest that fits is it.
  for (let length = parts.length; length > 0; length--) {
    const whole = `${namespace}/${parts.slice(0, length).join('-')}`;
    const found = named(inventory, 'application', whole, (item) => isOfCluster(inventory, item, cluster));
    if (found !== undefined) return found;
  }
  return undefined;
}

function namespaceOf(inventory: Inventory, read: Read): Item | undefined {
  const [namespace, cluster] = [read('namespace'), read('cluster')];
  const identity = nameIdentity(cluster, namespace);
  const known = identity === undefined ? undefined : inventory.byIdentity('namespace', identity);
  return known ?? named(inventory, 'namespace', namespace, (item) => isOfCluster(inventory, item, cluster));
}

function isOfCluster(inventory: Inventory, { id }: Item, cluster: string | undefined): boolean {
  const own = clusterOf(inventory, id);
  return cluster === undefined || own === undefined || own.toLowerCase() === cluster.toLowerCase();
}

const byName = perRevision(indexByName);

function named(
  inventory: Inventory,
  itemClass: ItemClass,
  name: string | undefined,
  fits: (item: Item) => boolean = () => true,
): Item | undefined {
  if (name === undefined) return undefined;
  const found = (byName(inventory).get(`${itemClass} ${name.toLowerCase()}`) ?? []).filter(fits);
  return found.length === 1 ? found[0] : undefined;
}

const classesByName = ['switch', 'application', 'namespace', 'rack', 'tenant', 'cluster', 'pdu', 'storage', 'server'];

/** By name, and for switches by host name too. Retired ones are not what alerts are about. */
function indexByName(inventory: Inventory): ReadonlyMap<string, readonly Item[]> {
  const index = new Map<string, Item[]>();
  const add = (item: Item, name: string): void => {
    const key = `${item.class} ${name.toLowerCase()}`;
    const known = index.get(key);
    if (known === undefined) index.set(key, [item]);
    else if (!known.includes(item)) known.push(item);
  };
  for (const item of inventory.items()) {
    if (!classesByName.includes(item.class) || item.state === 'retired') continue;
    add(item, item.name);
    for (const { kind, value } of item.identities) if (kind === 'hostname' || kind === 'fqdn') add(item, value);
  }
  return index;
}
