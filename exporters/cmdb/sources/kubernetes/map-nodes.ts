import { externalIdentity, identitiesOf, ipIdentity, uuidIdentity } from '../../model/identity.ts';
import type { Identity } from '../../model/item.ts';
import { installDriver, installOs, joinCluster } from '../joint-items.ts';
import type { ObservedItems } from '../observed-items.ts';
import { machineIdentities } from '../part-identity.ts';
import type { MappingConfig } from './kubernetes-config.ts';
import { mapPlace } from './map-place.ts';
import { driverOf, nodeAttributes } from './node-attributes.ts';
import type { ClusterNode } from './parse-node.ts';

/** Key of the server that a node is. */
export function serverKey(node: string): string {
  return `server:${node}`;
}

/** Each node is a server, with its place, operating system and driver. */
export function mapNodes(items: ObservedItems, nodes: readonly ClusterNode[], config: MappingConfig): void {
  for (const node of nodes) {
    const key = items.add({
      key: serverKey(node.name),
      class: 'server',
      name: node.name,
      identities: identitiesOfNode(node, config.cluster),
      attributes: nodeAttributes(node, config),
    });
    joinCluster(items, key, config.cluster);
    installOs(items, key, node.os);
    installDriver(items, key, driverOf(node));
    mapPlace(items, key, node, config.placeLabels);
  }
}

/** The uid of a node counts only where nothing else tells the machine: registered anew, it has another one. */
function identitiesOfNode(node: ClusterNode, cluster: string): readonly Identity[] {
  const ofMachine = identitiesOf(
    uuidIdentity(node.systemUuid),
    [...node.hostnames, node.name].flatMap(machineIdentities),
    node.internalIps.map(ipIdentity).flatMap((identity) => identity ?? []),
  );
  return ofMachine.length > 0 ? ofMachine : [externalIdentity('kubernetes', `${cluster}:node`, node.uid)];
}
