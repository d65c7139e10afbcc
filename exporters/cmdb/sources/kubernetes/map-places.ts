import { nameIdentity } from '../../model/identity.ts';
import type { ItemClass } from '../../model/item-class.ts';
import type { ObservedItems } from '../observed-items.ts';
import type { PlaceLabels } from './kubernetes-config.ts';
import type { ClusterNode } from './parse-node.ts';

/** Outermost first. */
const levels = ['site', 'room', 'rack'] as const satisfies readonly (keyof PlaceLabels & ItemClass)[];

interface Place {
  readonly level: (typeof levels)[number];
  readonly name: string;
  /** Names of the places around it and its own. */
  readonly path: readonly string[];
}

/** Sites, rooms and racks that labels of nodes name. */
export function mapPlaces(
  items: ObservedItems,
  nodes: Iterable<readonly [key: string, node: ClusterNode]>,
  labels: PlaceLabels,
): void {
  const placed = [...nodes].map(([key, node]) => [key, placesOf(node, labels)] as const);
  const isAmbiguous = ambiguityIn(placed.flatMap(([, places]) => places));
  for (const [key, places] of placed) {
    let inside: string | undefined;
    for (const place of places) {
      const at = addPlace(items, place, isAmbiguous(place));
      items.relate(at, 'located_in', inside);
      inside = at;
    }
    items.relate(key, 'located_in', inside);
  }
}

function placesOf({ labels }: ClusterNode, wanted: PlaceLabels): readonly Place[] {
  const places: Place[] = [];
  for (const level of levels) {
    const label = wanted[level];
    const name = label === undefined ? undefined : labels.get(label);
    if (name !== undefined) places.push({ level, name, path: [...(places.at(-1)?.path ?? []), name] });
  }
  return places;
}

/** A rack of one name may stand in two rooms. Only then the room belongs to its identity: other sources know racks by their plain names. */
function ambiguityIn(places: readonly Place[]): (place: Place) => boolean {
  const paths = new Map<string, Set<string>>();
  for (const { level, name, path } of places) {
    const key = plainKey(level, name);
    paths.set(key, (paths.get(key) ?? new Set()).add(path.join('/').toLowerCase()));
  }
  return ({ level, name }) => (paths.get(plainKey(level, name))?.size ?? 0) > 1;
}

function addPlace(items: ObservedItems, { level, name, path }: Place, isAmbiguous: boolean): string {
  return items.add({
    key: isAmbiguous ? `${level}:${path.join('/').toLowerCase()}` : plainKey(level, name),
    class: level,
    name,
    identities: [isAmbiguous ? nameIdentity(...path) : nameIdentity(name)],
  });
}

function plainKey(level: string, name: string): string {
  return `${level}:${name.toLowerCase()}`;
}
