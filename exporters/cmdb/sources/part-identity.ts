import {
  hostIdentities,
  ipIdentity,
  macIdentity,
  placementIdentity,
  serialIdentity,
  uuidIdentity,
} from '../model/identity.ts';
import type { Identity } from '../model/item.ts';

/** Every source makes the identities of parts here, so that a port that two of them see is one port. */

/** Host name without its domain, as places of parts use it; an address stays whole. */
export function shortHost(host: string): string {
  const name = host.trim().toLowerCase();
  return /^[\d.]+$/.test(name) || name.includes(':') ? name : (name.split('.')[0] ?? name);
}

interface PartIdentities {
  readonly identities: readonly (Identity | undefined)[];
  readonly ifUnique: readonly (Identity | undefined)[];
}

/** Interface of a server, by its place host/interface. The parts of a bond share its address, which then tells none of them. */
export function nicIdentities(host: string, device: string, mac?: string): PartIdentities {
  return { identities: [placementIdentity(shortHost(host), device)], ifUnique: [macIdentity(mac)] };
}

/** Port of a switch, by its place switch/port. On some switches all ports have one address. */
export function portIdentities(host: string, port: string, mac?: string): PartIdentities {
  return { identities: [placementIdentity(shortHost(host), port)], ifUnique: [macIdentity(mac)] };
}

export function gpuIdentities(uuid: string | undefined, serial: string | undefined, vendor = 'NVIDIA') {
  return [uuidIdentity(uuid), serialIdentity(serial, vendor)] as const;
}

/**
 * Its own UUID changes whenever it is made anew, so its place on the GPU tells it: GPU, profile and number of the GPU instance. Most have one
 * compute instance, which not every exporter knows; only further ones are named.
 */
export function migPlacement(gpuUuid: string, profile: string, gpuInstance: string, computeInstance?: string) {
  const compute = computeInstance === undefined || computeInstance === '0' ? [] : [`ci${computeInstance}`];
  return placementIdentity(gpuUuid, profile, `gi${gpuInstance}`, ...compute);
}

/** Identities of a machine by a name or an address; none for those that every machine has. */
export function machineIdentities(host: string | undefined): readonly Identity[] {
  const address = ipIdentity(host);
  return address === undefined ? hostIdentities(host).filter(({ kind }) => kind !== 'ip') : [address];
}
