import { nameIdentity } from '../../model/identity.ts';
import type { ItemClass } from '../../model/item-class.ts';
import type { ObservedItems } from '../observed-items.ts';
import type { PlaceLabels } from './kubernetes-config.ts';
import type { ClusterNode } from './parse-node.ts';

/** Outermost first. */
const levels = ['site', 'room', 'rack'] as const satisfies readonly (keyof PlaceLabels & ItemClass)[];

/** The rack in which a server is located, and the room and site around it, as labels of its node name them. */
export function mapPlace(items: ObservedItems, server: string, { labels }: ClusterNode, wanted: PlaceLabels): void {
  let inside: string | undefined;
  const path: string[] = [];
  for (const level of levels) {
    const label = wanted[level];
    const name = label === undefined ? undefined : labels.get(label);
    if (name === undefined) continue;
    const at = addPlace(items, level, name, path);
    items.relate(at, 'located_in', inside);
    inside = at;
    path.push(name);
  }
  items.relate(server, 'located_in', inside);
}

/** Racks of one name may stand in two rooms, so a name counts with those of the places around it, and alone only if no other place has it. */
function addPlace(items: ObservedItems, level: ItemClass, name: string, around: readonly string[]): string {
  const path = [...around, name];
  return items.add({
    key: `${level}:${path.join('/').toLowerCase()}`,
    class: level,
    name,
    identities: around.length === 0 ? [] : [nameIdentity(...path)],
    ifUnique: [nameIdentity(name), ...around.map((place) => nameIdentity(place, name))],
  });
}
