import { BmcError } from './bmc-error.ts';
import type { Look } from './look.ts';
import { booleanOf, idOf, isPresent, linkOf, linksOf, numberOf, partOf, type Resource, textOf } from './resource.ts';

/** What there is behind one controller, as far as it takes to know where to read on. */
export interface ControllerLayout {
  readonly root: Resource;
  /** Systems that run an operating system; usually one. */
  readonly hosts: readonly Resource[];
  /** Systems that are a part of the host, such as the board that holds the GPUs. */
  readonly boards: readonly Resource[];
  /** Those that the first host sits in come first. */
  readonly chassis: readonly Resource[];
  readonly manager: Resource | undefined;
}

/** What a controller says of itself without an account. */
export interface Abilities {
  readonly canExpand: boolean;
  readonly canSkip: boolean;
}

export function abilitiesOf(root: Resource): Abilities {
  const features = partOf(root, 'ProtocolFeaturesSupported');
  const expand = partOf(features, 'ExpandQuery');
  return {
    canExpand: booleanOf(expand, 'NoLinks') === true || booleanOf(expand, 'ExpandAll') === true,
    canSkip: booleanOf(features, 'TopSkipQuery') === true,
  };
}

/** Rejects with a BmcError if there is no system at all. */
export async function readLayout(look: Look, root: Resource, name: string): Promise<ControllerLayout> {
  const systems = (await look.members(linkOf(root, 'Systems'))).filter(isPresent);
  const managers = await look.members(linkOf(root, 'Managers'));
  const chassis = (await look.members(linkOf(root, 'Chassis'))).filter(isPresent);
  const hosts = hostsAmong(systems);
  if (hosts.length === 0)
    throw new BmcError(
      'content',
      `${name}: tells of no system; is it the controller of a server, and may the account read?`,
    );
  return {
    root,
    hosts,
    boards: systems.filter((system) => !hosts.includes(system)),
    chassis: mainFirst(chassis, hosts[0]),
    manager: managerAmong(managers, hosts[0]),
  };
}

/** The board of an HGX is told as a system of its own, though it runs nothing that could be installed. */
function hostsAmong(systems: readonly Resource[]): readonly Resource[] {
  const hosts = systems.filter((system) => !isBoard(system));
  return hosts.length === 0 ? systems.slice(0, 1) : hosts;
}

function isBoard(system: Resource): boolean {
  if (/baseboard/i.test(textOf(system, 'Id', 'Name') ?? '')) return true;
  const cpus = numberOf(partOf(system, 'ProcessorSummary'), 'Count');
  return (
    textOf(system, 'BiosVersion') === undefined &&
    (cpus ?? 0) === 0 &&
    linkOf(system, 'Bios') === undefined &&
    textOf(system, 'SerialNumber', 'UUID') === undefined
  );
}

function mainFirst(chassis: readonly Resource[], host: Resource | undefined): readonly Resource[] {
  const main = new Set(host === undefined ? [] : linksOf(partOf(host, 'Links'), 'Chassis'));
  const isMain = (each: Resource): boolean => main.has(idOf(each) ?? '');
  const first = chassis.filter(isMain);
  return [...first, ...chassis.filter((each) => !isMain(each))];
}

function managerAmong(managers: readonly Resource[], host: Resource | undefined): Resource | undefined {
  const named = new Set(host === undefined ? [] : linksOf(partOf(host, 'Links'), 'ManagedBy'));
  return (
    managers.find((manager) => named.has(idOf(manager) ?? '')) ??
    managers.find((manager) => textOf(manager, 'ManagerType') === 'BMC') ??
    managers[0]
  );
}
