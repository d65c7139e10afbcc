import type { Inventory } from '../../exporters/cmdb/inventory/inventory.ts';
import type { Attributes, Identity } from '../../exporters/cmdb/model/item.ts';
import type { ItemClass } from '../../exporters/cmdb/model/item-class.ts';
import type { RelationType } from '../../exporters/cmdb/model/relation-type.ts';
import type { Observation, ObservedItem, ObservedRelation } from '../../exporters/cmdb/observation.ts';
import { createInventory } from './cmdb-inventory.ts';

export interface FleetSize {
  readonly nodes: number;
  readonly gpusPerNode: number;
  readonly applications: number;
  /** GPUs that an application of the usual size runs on. */
  readonly gpusPerApplication: number;
}

/** 10,000 GPUs. */
export const largeFleet: FleetSize = { nodes: 1250, gpusPerNode: 8, applications: 2800, gpusPerApplication: 40 };
export const smallFleet: FleetSize = { nodes: 64, gpusPerNode: 8, applications: 24, gpusPerApplication: 12 };

const nodesPerRack = 8;
const racksPerBlock = 4;
const nicsPerNode = 10;
const railNics = 8;
const uplinksPerLeaf = 4;
const leavesPerSpine = 25;
const cores = 4;
const tenants = 40;
const namespacesPerTenant = 3;

/** The key of the switch that most of the fleet hangs on, with its equal. */
export const topSwitch = 'core-1';

/**
 * A made-up fleet that is wired as people wire them: racks of eight nodes with two PDUs on two feeds; blocks of four racks with a leaf for each
 * of eight rails and two for storage; spines and cores above; tenants whose applications are spread over GPUs. The same size gives the same fleet.
 */
export function fleetObservation(size: FleetSize = largeFleet): Observation {
  return { items: fleetItems(size), isComplete: true, failedScopes: [], problems: [] };
}

/** The fleet as an inventory, with the number of each key. */
export function fleetInventory(size: FleetSize = largeFleet): {
  readonly inventory: Inventory;
  readonly idOf: (key: string) => number;
} {
  const items = fleetItems(size);
  const ids = new Map(items.map(({ key }, index) => [key, index + 1]));
  const idOf = (key: string): number => ids.get(key) ?? 0;
  const sketches = items.map((item) => ({ ...item, id: idOf(item.key) }));
  const sentences = items.flatMap(({ key, relations }) =>
    relations.map(({ type, to }) => [idOf(key), type, idOf(to)] as const),
  );
  return { inventory: createInventory(sketches, sentences), idOf };
}

function fleetItems(size: FleetSize): readonly ObservedItem[] {
  const items: ObservedItem[] = [];
  const add: Add = (itemClass, key, relations, attributes = {}, identities = []) => {
    items.push({
      key,
      class: itemClass,
      name: key,
      identities: [...identities, ...(namedClasses.has(itemClass) ? [{ kind: 'name', value: key } as const] : [])],
      attributes,
      relations: relations.map(([type, to]): ObservedRelation => ({ type, to })),
    });
  };
  addBuilding(add, size);
  addNetwork(add, size);
  for (let node = 0; node < size.nodes; node++) addNode(add, size, node);
  addTenants(add, size);
  return items;
}

type Sentence = readonly [type: RelationType, to: string];
type Add = (
  itemClass: ItemClass,
  key: string,
  relations: readonly Sentence[],
  attributes?: Attributes,
  identities?: readonly Identity[],
) => void;

const namedClasses: ReadonlySet<ItemClass> = new Set([
  'site',
  'room',
  'rack',
  'power_feed',
  'pdu',
  'switch',
  'port',
  'nic',
  'disk',
  'power_supply',
  'os',
  'driver',
  'cluster',
  'namespace',
  'application',
  'storage',
  'tenant',
  'team',
  'person',
  'bmc',
]);

function blocksOf({ nodes }: FleetSize): number {
  return Math.ceil(nodes / nodesPerRack / racksPerBlock);
}

function addBuilding(add: Add, size: FleetSize): void {
  add('site', 'fra1', []);
  for (const room of [1, 2]) {
    add('room', `fra1/hall-${room}`, [['located_in', 'fra1']]);
    for (const side of ['a', 'b'])
      add('power_feed', `hall-${room}-feed-${side}`, [['located_in', `fra1/hall-${room}`]]);
  }
  for (let rack = 0; rack < Math.ceil(size.nodes / nodesPerRack); rack++) {
    const room = rack % 2 === 0 ? 1 : 2;
    add('rack', `r${rack}`, [['located_in', `fra1/hall-${room}`]], { rack_units: 48 });
    for (const side of ['a', 'b'])
      add('pdu', `r${rack}-pdu-${side}`, [
        ['located_in', `r${rack}`],
        ['powered_by', `hall-${room}-feed-${side}`],
      ]);
  }
  add('cluster', 'train-1', [['owned_by', 'platform']]);
  add('team', 'platform', [], { email: 'platform@example.com' });
  add('person', 'on-call', [['part_of', 'platform']], { on_call: true });
  add('storage', 'lustre-1', [['located_in', 'fra1/hall-1']]);
  const everywhere = Array.from({ length: size.nodes }, (_, node): Sentence => ['installed_on', `node-${node}`]);
  add('os', 'ubuntu 24.04', everywhere);
  add('driver', 'nvidia 570.124.06', everywhere);
}

function addNetwork(add: Add, size: FleetSize): void {
  const blocks = blocksOf(size);
  const leaves = blocks * nicsPerNode;
  const spines = Math.max(uplinksPerLeaf, Math.ceil(leaves / leavesPerSpine));
  for (let core = 1; core <= cores; core++) addSwitch(add, `core-${core}`, 'core', 'fra1/hall-1');
  for (let spine = 0; spine < spines; spine++) {
    addSwitch(add, `spine-${spine}`, 'spine', 'fra1/hall-1');
    // Two of the cores, so that the loss of one leaves some spines with one uplink.
    for (const uplink of [0, 1]) addTrunk(add, `spine-${spine}`, uplink, `core-${((spine + uplink) % cores) + 1}`);
  }
  for (let block = 0; block < blocks; block++)
    for (let rail = 0; rail < nicsPerNode; rail++) {
      const leaf = leafOf(block, rail);
      addSwitch(add, leaf, 'leaf', `r${block * racksPerBlock}`);
      for (let uplink = 0; uplink < uplinksPerLeaf; uplink++)
        addTrunk(add, leaf, uplink, `spine-${(block * nicsPerNode + rail + uplink) % spines}`);
    }
}

function leafOf(block: number, rail: number): string {
  return rail < railNics ? `leaf-b${block}-rail${rail}` : `leaf-b${block}-storage${rail - railNics}`;
}

function addSwitch(add: Add, key: string, role: string, place: string): void {
  add(
    'switch',
    key,
    [['located_in', place]],
    { role, vendor: 'NVIDIA', model: role === 'leaf' ? 'SN5600' : 'QM9700' },
    [
      { kind: 'serial', value: `nvidia/sw-${key}` },
      { kind: 'hostname', value: key },
    ],
  );
}

/** A port at each end, and the cable between them. */
function addTrunk(add: Add, lower: string, uplink: number, upper: string): void {
  const far = `${upper}/to-${lower}-${uplink}`;
  add('port', far, [['part_of', upper]]);
  add('port', `${lower}/up-${uplink}`, [
    ['part_of', lower],
    ['connected_to', far],
  ]);
}

function addNode(add: Add, size: FleetSize, node: number): void {
  const rack = Math.floor(node / nodesPerRack);
  const server = `node-${node}`;
  add(
    'server',
    server,
    [
      ['located_in', `r${rack}`],
      ['part_of', 'train-1'],
      ['depends_on', 'lustre-1'],
    ],
    {
      node: server,
      role: 'gpu',
      vendor: 'Supermicro',
      model: 'SYS-821GE-TNHR',
      gpu_count: size.gpusPerNode,
      rack_unit: (node % nodesPerRack) * 6 + 1,
      rack_units: 6,
      bios_version: '2.1',
      kernel: '6.8.0-45-generic',
    },
    [
      { kind: 'serial', value: `supermicro/s${100_000 + node}` },
      { kind: 'uuid', value: uuid(1, node, 0) },
      { kind: 'hostname', value: server },
      { kind: 'ip', value: addressOf(10, node) },
    ],
  );
  addParts(add, size, node, server, rack);
  for (let nic = 0; nic < nicsPerNode; nic++) {
    const port = `${leafOf(Math.floor(rack / racksPerBlock), nic)}/p${node % (nodesPerRack * racksPerBlock)}`;
    add('port', port, [['part_of', leafOf(Math.floor(rack / racksPerBlock), nic)]]);
    add(
      'nic',
      `${server}/nic${nic}`,
      [
        ['installed_on', server],
        ['connected_to', port],
      ],
      { interface: nic < railNics ? `ib${nic}` : `eth${nic - railNics}`, speed: 400_000_000_000, model: 'ConnectX-7' },
      [{ kind: 'mac', value: macOf(node, nic) }],
    );
  }
}

function addParts(add: Add, size: FleetSize, node: number, server: string, rack: number): void {
  for (let gpu = 0; gpu < size.gpusPerNode; gpu++)
    add(
      'gpu',
      `${server}/gpu${gpu}`,
      [['installed_on', server]],
      { model: 'NVIDIA H200', gpu_index: String(gpu), vbios_version: '96.00.BC.00.01', slot: String(gpu + 1) },
      [
        { kind: 'uuid', value: `gpu-${uuid(2, node, gpu)}` },
        { kind: 'serial', value: `nvidia/165${String(node).padStart(5, '0')}${gpu}` },
      ],
    );
  for (const disk of [0, 1])
    add('disk', `${server}/nvme${disk}`, [['installed_on', server]], { model: 'PM9A3' }, [
      { kind: 'serial', value: `samsung/s64${node}x${disk}` },
    ]);
  for (const [supply, side] of ['a', 'b'].entries())
    add('power_supply', `${server}/psu${supply}`, [
      ['installed_on', server],
      ['powered_by', `r${rack}-pdu-${side}`],
    ]);
  add('bmc', `${server}/bmc`, [['installed_on', server]], { bmc_version: '1.03' }, [
    { kind: 'mac', value: macOf(node, 15) },
  ]);
  for (const [network, owner] of [
    [10, server],
    [20, `${server}/bmc`],
  ] as const)
    add('ip', addressOf(network, node), [['installed_on', owner]], {}, [
      { kind: 'ip', value: addressOf(network, node) },
    ]);
}

function addTenants(add: Add, size: FleetSize): void {
  for (let tenant = 0; tenant < tenants; tenant++) {
    add('tenant', `tenant-${tenant}`, [], { cost_centre: `cc-${1000 + tenant}` });
    for (let space = 0; space < namespacesPerTenant; space++)
      add('namespace', `train-1/ns-${tenant}-${space}`, [
        ['part_of', 'train-1'],
        ['owned_by', `tenant-${tenant}`],
      ]);
  }
  const gpus = size.nodes * size.gpusPerNode;
  for (let application = 0; application < size.applications; application++) {
    const tenant = application % tenants;
    // Spread by a prime, so that neighbours in a rack belong to different tenants.
    const first = (application * 7919) % gpus;
    const used = Array.from({ length: Math.min(size.gpusPerApplication, gpus) }, (_, index) => (first + index) % gpus);
    add('application', `app-${application}`, [
      ['part_of', `train-1/ns-${tenant}-${application % namespacesPerTenant}`],
      ...used.map((gpu): Sentence => ['runs_on', gpuKey(size, gpu)]),
      ...nodesOf(size, used).map((node): Sentence => ['runs_on', `node-${node}`]),
    ]);
  }
}

function gpuKey(size: FleetSize, gpu: number): string {
  return `node-${Math.floor(gpu / size.gpusPerNode)}/gpu${gpu % size.gpusPerNode}`;
}

function nodesOf(size: FleetSize, gpus: readonly number[]): readonly number[] {
  return [...new Set(gpus.map((gpu) => Math.floor(gpu / size.gpusPerNode)))];
}

function addressOf(network: number, node: number): string {
  return `10.${network}.${Math.floor(node / 250)}.${(node % 250) + 1}`;
}

function macOf(node: number, nic: number): string {
  const digits = (0x3c_ec_ef_00_00_00 + node * 16 + nic).toString(16).padStart(12, '0');
  return (digits.match(/../g) ?? []).join(':');
}

function uuid(kind: number, node: number, part: number): string {
  // Multiplied by an odd number, so that neighbours differ in their first digits as real ones do.
  const mixed = (Math.imul((kind << 20) + node * 16 + part, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${mixed}-${mixed.slice(4)}-4${mixed.slice(1, 4)}-8${mixed.slice(5)}-${mixed}${mixed.slice(0, 4)}`;
}
