import type { JsonFields } from '../json-value.ts';

/** Groups of lists that may be left out. */
export const skippable = ['virtual_machines', 'interfaces', 'ip_addresses', 'cables', 'power', 'inventory'] as const;
export type Skippable = (typeof skippable)[number];

interface ListSpec {
  readonly path: string;
  readonly group?: Skippable;
  /** The contexts of configuration are most of what a device has, and nobody reads them here. */
  readonly params?: Readonly<Record<string, string>>;
}

export const lists = {
  tenants: { path: 'tenancy/tenants' },
  sites: { path: 'dcim/sites' },
  locations: { path: 'dcim/locations' },
  racks: { path: 'dcim/racks' },
  clusters: { path: 'virtualization/clusters' },
  devices: { path: 'dcim/devices', params: { exclude: 'config_context' } },
  virtualMachines: {
    path: 'virtualization/virtual-machines',
    group: 'virtual_machines',
    params: { exclude: 'config_context' },
  },
  interfaces: { path: 'dcim/interfaces', group: 'interfaces' },
  ipAddresses: { path: 'ipam/ip-addresses', group: 'ip_addresses' },
  inventoryItems: { path: 'dcim/inventory-items', group: 'inventory' },
  modules: { path: 'dcim/modules', group: 'inventory' },
  powerPanels: { path: 'dcim/power-panels', group: 'power' },
  powerFeeds: { path: 'dcim/power-feeds', group: 'power' },
  powerPorts: { path: 'dcim/power-ports', group: 'power' },
  powerOutlets: { path: 'dcim/power-outlets', group: 'power' },
  cables: { path: 'dcim/cables', group: 'cables' },
} as const satisfies Readonly<Record<string, ListSpec>>;

export type ListName = keyof typeof lists;
export type NetBoxObjects = Readonly<Record<ListName, readonly JsonFields[]>>;
export const listSpecs: Readonly<Record<ListName, ListSpec>> = lists;
export const listNames = Object.keys(lists) as readonly ListName[];
