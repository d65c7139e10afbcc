import type { Firmware, PartHealth } from '../../hardware/hardware-reading.ts';
import type { ControllerLayout } from './controller-layout.ts';
import type { Look } from './look.ts';
import { healthOf, idOf, isPresent, linkOf, linksOf, partOf, partsOf, type Resource, textOf } from './resource.ts';

/** What is built into one system, each as the controller tells it. */
export interface SystemInventory {
  readonly system: Resource;
  readonly gpus: readonly Resource[];
  readonly ports: readonly Resource[];
  readonly adapters: readonly AdapterInventory[];
  readonly drives: readonly Resource[];
}

export interface AdapterInventory {
  readonly adapter: Resource;
  /** Its functions or ports, which have the addresses. */
  readonly functions: readonly Resource[];
}

export interface ControllerInventory {
  readonly layout: ControllerLayout;
  readonly systems: readonly SystemInventory[];
  readonly supplies: readonly Resource[];
  readonly managerPorts: readonly Resource[];
  readonly firmware: readonly Firmware[];
  readonly healths: readonly PartHealth[];
}

/** Reads all that hardly ever changes. */
export async function readInventory(look: Look, layout: ControllerLayout): Promise<ControllerInventory> {
  const boards = await readAll(layout.boards, (board) => readSystem(look, board));
  const hosts = await readAll(layout.hosts, (host) => readSystem(look, host));
  const adapters = (await readAll(layout.chassis, (chassis) => readAdapters(look, chassis))).flat();
  const devices = (await readAll(layout.chassis, (chassis) => readDevices(look, layout, chassis))).flat();
  const [first, ...others] = hosts;
  // What sits on boards and in the enclosure belongs to the host, if there is but one.
  const isOne = first !== undefined && others.length === 0;
  const whole = isOne ? [withParts(first, boards, adapters, devices)] : hosts;
  return {
    layout,
    systems: whole,
    supplies: (await readAll(layout.chassis, (chassis) => readSupplies(look, chassis))).flat(),
    managerPorts: await look.members(linkOf(layout.manager ?? {}, 'EthernetInterfaces')),
    firmware: await readFirmware(look, layout.root),
    healths: await readHealths(look, whole, layout),
  };
}

/** One after the other: the controller takes one request at a time anyway. */
async function readAll<T>(
  resources: readonly Resource[],
  read: (resource: Resource) => Promise<T>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const resource of resources) found.push(await read(resource));
  return found;
}

async function readSystem(look: Look, system: Resource): Promise<SystemInventory> {
  const processors = await look.members(linkOf(system, 'Processors'));
  const drives: Resource[] = [];
  for (const storage of await look.members(linkOf(system, 'Storage')))
    drives.push(...(await look.resources(linksOf(storage, 'Drives'))));
  return {
    system,
    gpus: processors.filter((each) => isPresent(each) && textOf(each, 'ProcessorType')?.toUpperCase() === 'GPU'),
    ports: (await look.members(linkOf(system, 'EthernetInterfaces'))).filter(isPresent),
    adapters: [],
    drives: drives.filter(isPresent),
  };
}

async function readAdapters(look: Look, chassis: Resource): Promise<readonly AdapterInventory[]> {
  const found: AdapterInventory[] = [];
  for (const adapter of await look.members(linkOf(chassis, 'NetworkAdapters'))) {
    if (!isPresent(adapter)) continue;
    const functions = await look.members(linkOf(adapter, 'NetworkDeviceFunctions'));
    const ports =
      functions.length > 0 ? [] : await look.members(linkOf(adapter, 'Ports') ?? linkOf(adapter, 'NetworkPorts'));
    found.push({ adapter, functions: [...functions, ...ports] });
  }
  return found;
}

/** GPUs that stand among the PCIe devices alone. */
async function readDevices(look: Look, { hosts }: ControllerLayout, chassis: Resource): Promise<readonly Resource[]> {
  const ofHosts = hosts.flatMap((host) => linksOf(host, 'PCIeDevices'));
  const listed = [...(await look.members(linkOf(chassis, 'PCIeDevices'))), ...(await look.resources(ofHosts))];
  return listed.filter((device) => isPresent(device) && isGpuDevice(device));
}

const gpuName = /\b(gpu|3d controller|tesla|[abhl]\d{2,3}s?|gb?\d{3}|rtx|instinct|mi\d{3}x?|gaudi\d?)\b/i;

function isGpuDevice(device: Resource): boolean {
  const maker = textOf(device, 'Manufacturer') ?? '';
  const names = `${textOf(device, 'Model') ?? ''} ${textOf(device, 'Name') ?? ''} ${textOf(device, 'Description') ?? ''}`;
  return (
    /nvidia|advanced micro|\bamd\b|intel|habana/i.test(maker) &&
    gpuName.test(names) &&
    !/nvswitch|connectx/i.test(names)
  );
}

function withParts(
  host: SystemInventory,
  boards: readonly SystemInventory[],
  adapters: readonly AdapterInventory[],
  devices: readonly Resource[],
): SystemInventory {
  const processors = [...host.gpus, ...boards.flatMap(({ gpus }) => gpus)];
  return {
    system: host.system,
    gpus: processors.length > 0 ? processors : distinctBySerial(devices),
    ports: host.ports,
    adapters,
    drives: [...host.drives, ...boards.flatMap(({ drives }) => drives)],
  };
}

/** One device may be listed by the system and by the enclosure. */
function distinctBySerial(devices: readonly Resource[]): readonly Resource[] {
  return [
    ...new Map(devices.map((device) => [textOf(device, 'SerialNumber') ?? idOf(device), device] as const)).values(),
  ];
}

async function readSupplies(look: Look, chassis: Resource): Promise<readonly Resource[]> {
  const power = await look.resource(linkOf(chassis, 'Power'));
  if (power !== undefined) return partsOf(power, 'PowerSupplies').filter(isPresent);
  const subsystem = await look.resource(linkOf(chassis, 'PowerSubsystem'));
  return (await look.members(linkOf(subsystem ?? {}, 'PowerSupplies'))).filter(isPresent);
}

async function readFirmware(look: Look, root: Resource): Promise<readonly Firmware[]> {
  const service = await look.resource(linkOf(root, 'UpdateService'));
  const found = await look.members(linkOf(service ?? {}, 'FirmwareInventory'));
  return found.flatMap((firmware) => {
    // Beside what runs, some list what ran before and what could be gone back to.
    const isPast = /^(Previous|Available)-/.test(textOf(firmware, 'Id') ?? '');
    const component = textOf(firmware, 'Name', 'Id');
    const version = textOf(firmware, 'Version');
    if (isPast || component === undefined || version === undefined || !isPresent(firmware)) return [];
    const id = textOf(firmware, 'Id') ?? component;
    return [{ component: isGeneric(component) ? id : component, version }];
  });
}

/** Some give every firmware the same name. */
function isGeneric(name: string): boolean {
  return /^(software|firmware)( inventory)?$/i.test(name);
}

async function readHealths(
  look: Look,
  systems: readonly SystemInventory[],
  { hosts: [host = {}] }: ControllerLayout,
): Promise<readonly PartHealth[]> {
  const parts = systems.flatMap(({ gpus, drives, adapters }) => [
    ...gpus.map((each) => ['gpu', each] as const),
    ...drives.map((each) => ['storage', each] as const),
    ...adapters.map(({ adapter }) => ['nic', adapter] as const),
  ]);
  const modules = await sickModules(look, host);
  return [...parts, ...modules.map((each) => ['memory', each] as const)].flatMap(([component, resource]) => {
    const health = healthOf(resource);
    return health === undefined ? [] : [{ component, part: textOf(resource, 'Id', 'Name') ?? component, health }];
  });
}

/** Memory modules are many and one request each, so they are read only when the sum of them is not well. */
async function sickModules(look: Look, host: Resource): Promise<readonly Resource[]> {
  const summary = partOf(host, 'MemorySummary');
  const health = healthOf(summary, 'HealthRollup') ?? healthOf(summary);
  if (health === undefined || health === 'ok') return [];
  return look.members(linkOf(host, 'Memory'));
}
