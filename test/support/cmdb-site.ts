import type { Inventory } from '../../exporters/cmdb/inventory/inventory.ts';
import { createInventory, type ItemSketch, type RelationSketch } from './cmdb-inventory.ts';

/** Numbers of the items of `smallSite`, by what they are. */
export const ids = {
  site: 1,
  room: 2,
  rack1: 3,
  rack2: 4,
  node1: 5,
  node2: 6,
  node3: 7,
  gpu0: 8,
  gpu1: 9,
  leaf: 10,
  port: 11,
  nic: 12,
  bmc: 13,
  cluster: 14,
  tenantA: 15,
  tenantB: 16,
  team: 17,
  person: 18,
  namespace: 19,
  app: 20,
  appB: 21,
  os: 22,
  planned: 23,
} as const;

/** Two racks with three servers, of which the first has two GPUs; a switch; tenants, one of which owns the first server, and their applications. */
export const siteItems: readonly ItemSketch[] = [
  { id: ids.site, class: 'site', name: 'fra1' },
  { id: ids.room, class: 'room', name: 'hall-1' },
  { id: ids.rack1, class: 'rack', name: 'r1', identities: [{ kind: 'name', value: 'r1' }] },
  { id: ids.rack2, class: 'rack', name: 'r.2' },
  {
    id: ids.node1,
    class: 'server',
    name: 'node-1',
    attributes: { node: 'node-1', role: 'gpu', model: 'XE9680', vendor: 'Dell', rack_unit: 7, address: '10.0.0.1' },
    identities: [
      { kind: 'hostname', value: 'node-1' },
      { kind: 'ip', value: '10.0.0.1' },
    ],
  },
  {
    id: ids.node2,
    class: 'server',
    name: 'node-2',
    attributes: { gpu_count: 8 },
    identities: [
      { kind: 'fqdn', value: 'node-2.example.com' },
      { kind: 'hostname', value: 'node-2' },
    ],
  },
  { id: ids.node3, class: 'server', name: 'cpu-3', identities: [{ kind: 'ip', value: 'fd00::3' }] },
  {
    id: ids.gpu0,
    class: 'gpu',
    name: 'gpu0',
    attributes: { gpu_index: '0', uuid: 'GPU-aaaa0000-0000-4000-8000-00000000000a' },
    identities: [{ kind: 'uuid', value: 'gpu-aaaa0000-0000-4000-8000-00000000000a' }],
  },
  {
    id: ids.gpu1,
    class: 'gpu',
    name: 'gpu1',
    attributes: { gpu_index: '1' },
    identities: [{ kind: 'uuid', value: 'gpu-bbbb0000-0000-4000-8000-00000000000b' }],
  },
  { id: ids.leaf, class: 'switch', name: 'leaf-1', identities: [{ kind: 'hostname', value: 'leaf-1' }] },
  { id: ids.port, class: 'port', name: 'leaf-1/p1' },
  { id: ids.nic, class: 'nic', name: 'node-1/ib0' },
  { id: ids.bmc, class: 'bmc', name: 'node-1/bmc', attributes: { address: '10.9.0.1' } },
  { id: ids.cluster, class: 'cluster', name: 'train-1' },
  { id: ids.tenantA, class: 'tenant', name: 'vision' },
  { id: ids.tenantB, class: 'tenant', name: 'speech' },
  { id: ids.team, class: 'team', name: 'platform', attributes: { email: 'platform@example.com' } },
  { id: ids.person, class: 'person', name: 'Ada', attributes: { on_call: true, phone: '+49 30 1' } },
  { id: ids.namespace, class: 'namespace', name: 'vision-prod', identities: [{ kind: 'name', value: 'train-1/vision-prod' }] },
  { id: ids.app, class: 'application', name: 'vision-prod/trainer', attributes: { cluster: 'train-1' } },
  { id: ids.appB, class: 'application', name: 'speech-prod/asr', attributes: { cluster: 'train-1' } },
  { id: ids.os, class: 'os', name: 'ubuntu 24.04' },
  { id: ids.planned, class: 'server', name: 'node-9', state: 'planned', attributes: { role: 'gpu', address: '10.0.0.9' } },
];

export const siteRelations: readonly RelationSketch[] = [
  [ids.room, 'located_in', ids.site],
  [ids.rack1, 'located_in', ids.room],
  [ids.rack2, 'located_in', ids.room],
  [ids.node1, 'located_in', ids.rack1],
  [ids.node2, 'located_in', ids.rack1],
  [ids.node3, 'located_in', ids.rack2],
  [ids.leaf, 'located_in', ids.rack2],
  [ids.port, 'part_of', ids.leaf],
  [ids.gpu0, 'installed_on', ids.node1],
  [ids.gpu1, 'installed_on', ids.node1],
  [ids.nic, 'installed_on', ids.node1],
  [ids.bmc, 'installed_on', ids.node1],
  [ids.nic, 'connected_to', ids.port],
  [ids.node1, 'part_of', ids.cluster],
  [ids.node2, 'part_of', ids.cluster],
  [ids.node1, 'owned_by', ids.tenantA],
  [ids.cluster, 'owned_by', ids.team],
  [ids.person, 'part_of', ids.team],
  [ids.namespace, 'part_of', ids.cluster],
  [ids.namespace, 'owned_by', ids.tenantA],
  [ids.app, 'part_of', ids.namespace],
  [ids.app, 'runs_on', ids.node1],
  [ids.appB, 'owned_by', ids.tenantB],
  [ids.appB, 'runs_on', ids.node2],
  [ids.os, 'installed_on', ids.node1],
  [ids.os, 'installed_on', ids.node2],
];

export function smallSite(): Inventory {
  return createInventory(siteItems, siteRelations);
}
