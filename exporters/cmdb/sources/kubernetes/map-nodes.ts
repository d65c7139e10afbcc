import { externalIdentity, hostIdentities, identitiesOf, ipIdentity, uuidIdentity } from '../../model/identity.ts';
import type { Identity } from '../../model/item.ts';
import type { ObservedItems } from '../observed-items.ts';
import { installDriver, installOs, joinCluster } from '../shared-parts.ts';
import type { MappingConfig } from './kubernetes-config.ts';
import { mapPlaces } from './map-places.ts';
import { driverOf, nodeAttributes } from './node-attributes.ts';
import type { ClusterNode } from './parse-node.ts';

/** Key of the server that a node is. */
export function serverKey(node: string): string {
  return `server:${node}`;
}

/** Each node is a server, with its place, operating system and driver. */
export function mapNodes(items: ObservedItems, nodes: readonly ClusterNode[], config: MappingConfig): void {
  const told = nodes.map((node) => [node, identitiesOfNode(node, config.cluster)] as const);
  const isShared = sharedIdentities(told.map(([, identities]) => identities));
  for (const [node, identities] of told) {
    const shared = identities.filter(isShared);
    if (shared.length > 0) items.problem(`node ${node.name}`, `${describe(shared)} is that of another node too`);
    const key = items.add({
      key: serverKey(node.name),
      class: 'server',
      name: node.name,
      identities: identities.filter((identity) => !isShared(identity)),
      attributes: nodeAttributes(node, config),
    });
    joinCluster(items, key, config.cluster);
    installOs(items, key, node.os);
    installDriver(items, key, driverOf(node));
  }
  mapPlaces(
    items,
    nodes.map((node) => [serverKey(node.name), node]),
    config.placeLabels,
  );
}

function identitiesOfNode(node: ClusterNode, cluster: string): readonly Identity[] {
  return identitiesOf(
    externalIdentity('kubernetes', `${cluster}:node`, node.uid),
    uuidIdentity(node.systemUuid),
    [...node.hostnames, node.name].flatMap(hostIdentities),
    node.internalIps.map(ipIdentity).flatMap((identity) => identity ?? []),
  );
}

/** Cloned machines have the same system UUID, and would become one server. */
function sharedIdentities(told: readonly (readonly Identity[])[]): (identity: Identity) => boolean {
  const counts = new Map<string, number>();
  for (const identity of told.flat()) counts.set(keyOf(identity), (counts.get(keyOf(identity)) ?? 0) + 1);
  return (identity) => (counts.get(keyOf(identity)) ?? 0) > 1;
}

function keyOf({ kind, value }: Identity): string {
  return `${kind} ${value}`;
}

function describe(identities: readonly Identity[]): string {
  return identities.map(({ kind, value }) => `its ${kind} ${value}`).join(', ');
}
