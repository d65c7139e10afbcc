/** What an item may be. `physical` ones can be touched, so they have a place and a serial number. */
interface ClassSpec {
  /** One sentence for the reference and for the document of the API. */
  readonly about: string;
  /** Kinds of identity by which an item of the class is found again, the surest first. */
  readonly identities: readonly IdentityKind[];
  /** True for what comes and goes by itself: once no source sees it, it is retired, and its relations end. */
  readonly isVolatile?: boolean;
}

/** What tells an item from all others of its class. */
export const identityKinds = {
  external: 'Number of the record in the system that a source reads, such as netbox:dcim.device:12.',
  uuid: 'UUID of a GPU (GPU-…) or of a system (SMBIOS, Redfish).',
  serial: 'Serial number, with the maker in front where it is known: nvidia/1653922000001.',
  bmc: 'UUID or address of the management controller.',
  mac: 'Address of a network interface.',
  placement: 'Where a part sits that has no lasting number of its own: parent, kind and place.',
  fqdn: 'Host name with its domain.',
  hostname: 'Host name without domain.',
  ip: 'Address in the Internet protocol.',
  name: 'Name that is unique in its class, with the parent in front where names repeat: rack-1/pdu-a.',
} as const satisfies Readonly<Record<string, string>>;
export type IdentityKind = keyof typeof identityKinds;

const hardware = ['external', 'uuid', 'serial', 'placement', 'name'] as const;
const named = ['external', 'name'] as const;

export const itemClasses = {
  site: { about: 'Data centre or campus.', identities: named },
  room: { about: 'Room, hall or cage of a site.', identities: named },
  rack: { about: 'Rack.', identities: ['external', 'serial', 'name'] },
  power_feed: { about: 'Circuit that feeds PDUs.', identities: named },
  pdu: { about: 'Power distribution unit of a rack.', identities: hardware },
  switch: {
    about: 'Switch of any network, Ethernet, InfiniBand or NVLink.',
    identities: ['external', 'serial', 'mac', 'fqdn', 'hostname', 'ip', 'name'],
  },
  port: { about: 'Port of a switch.', identities: ['external', 'mac', 'placement', 'name'] },
  chassis: { about: 'Enclosure that several servers share.', identities: hardware },
  server: {
    about: 'Machine on which an operating system runs, a virtual one too. A node of Kubernetes or Slurm is one.',
    identities: ['external', 'serial', 'uuid', 'bmc', 'mac', 'fqdn', 'hostname', 'ip'],
  },
  bmc: {
    about: 'Management controller of a server.',
    identities: ['external', 'uuid', 'mac', 'ip', 'placement', 'name'],
  },
  gpu: { about: 'GPU.', identities: ['external', 'uuid', 'serial'] },
  mig_instance: { about: 'MIG instance of a GPU.', identities: ['placement'], isVolatile: true },
  nic: { about: 'Network interface or host channel adapter.', identities: ['external', 'mac', 'placement', 'name'] },
  disk: { about: 'Disk of a server.', identities: ['external', 'serial', 'placement', 'name'] },
  power_supply: { about: 'Power supply of a server.', identities: ['external', 'serial', 'placement', 'name'] },
  os: { about: 'Release of an operating system, one item for all machines that run it.', identities: ['name'] },
  driver: { about: 'Version of a driver, one item for all machines that run it.', identities: ['name'] },
  ip: { about: 'Address in the Internet protocol.', identities: ['external', 'ip'], isVolatile: true },
  cluster: { about: 'Cluster of Kubernetes, Slurm or another scheduler.', identities: named },
  namespace: { about: 'Namespace of a Kubernetes cluster.', identities: named, isVolatile: true },
  application: { about: 'Workload or service: what runs on machines.', identities: named, isVolatile: true },
  database: { about: 'Database.', identities: named },
  storage: { about: 'Storage system or file system that several machines use.', identities: named },
  tenant: { about: 'Whom resources belong to, and who pays.', identities: named },
  team: { about: 'Team that is on call.', identities: named },
  person: { about: 'Person who is on call.', identities: named },
} as const satisfies Readonly<Record<string, ClassSpec>>;

export type ItemClass = keyof typeof itemClasses;

export function isItemClass(name: string): name is ItemClass {
  return Object.hasOwn(itemClasses, name);
}

export function isVolatile(itemClass: ItemClass): boolean {
  const spec: ClassSpec = itemClasses[itemClass];
  return spec.isVolatile === true;
}

export function identityKindsOf(itemClass: ItemClass): readonly IdentityKind[] {
  return itemClasses[itemClass].identities;
}
