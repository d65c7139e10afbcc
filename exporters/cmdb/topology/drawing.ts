import type { Inventory } from '../inventory/inventory.ts';
import type { Item, Relation } from '../model/item.ts';
import { relationTypes } from '../model/relation-type.ts';
import type { LifecycleState } from '../model/state.ts';
import { placeOf } from '../place/place-of.ts';
import type { Neighbourhood } from './neighbourhood.ts';

/** What is drawn, before it is written in the language of a tool. */
export interface Drawing {
  /** Items that stand in a rack, or in a room without one, by their place. */
  readonly clusters: readonly Cluster[];
  /** Items that stand nowhere. */
  readonly loose: readonly DrawnItem[];
  readonly edges: readonly Edge[];
  /** What did not fit, in words. */
  readonly note: string | undefined;
}

export interface Cluster {
  readonly key: string;
  readonly label: string;
  readonly items: readonly DrawnItem[];
}

export interface DrawnItem {
  readonly key: string;
  /** Class and name, and what is unusual about its state: nobody has to know the colours. */
  readonly lines: readonly string[];
  readonly state: LifecycleState;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Background and border of each state; text on all of them is black. */
export const stateColours = {
  planned: ['#e3e3ff', '#5c5cb8'],
  in_service: ['#e6f4e6', '#3d7a3d'],
  maintenance: ['#fff3cc', '#997a00'],
  failed: ['#ffd9d6', '#b3261e'],
  rma: ['#f3dcf5', '#8b3d94'],
  retired: ['#e6e6e6', '#666666'],
} as const satisfies Readonly<Record<LifecycleState, readonly [string, string]>>;

const maxLabel = 80;

export function draw(inventory: Inventory, { items, relations, leftOut }: Neighbourhood): Drawing {
  const inside = new Map<Item, Item[]>();
  const loose: Item[] = [];
  for (const item of items) {
    const around = clusterOf(inventory, item);
    if (around === undefined) loose.push(item);
    else inside.set(around, [...(inside.get(around) ?? []), item]);
  }
  // A place that is drawn around others is not drawn as a box beside them.
  const isAround = (id: number): boolean => [...inside.keys()].some((around) => around.id === id);
  const boxes = (group: readonly Item[]): readonly DrawnItem[] => group.filter(({ id }) => !isAround(id)).map(drawn);
  return {
    clusters: [...inside].map(([around, group]) => ({
      key: `place${around.id}`,
      label: labelOf(around),
      items: boxes(group),
    })),
    loose: boxes(loose),
    edges: relations.filter(({ from, to }) => !isAround(from) && !isAround(to)).map(edgeOf),
    note: noteOf(leftOut),
  };
}

function clusterOf(inventory: Inventory, item: Item): Item | undefined {
  const { rack, room, site } = placeOf(inventory, item.id);
  return [rack, room, site].find((place) => place !== undefined);
}

function drawn(item: Item): DrawnItem {
  const label = [item.class.replaceAll('_', ' '), shorten(item.name)];
  const state = item.state === 'in_service' ? [] : [item.state.replaceAll('_', ' ')];
  return { key: `item${item.id}`, lines: [...label, ...state], state: item.state };
}

function labelOf(place: Item): string {
  const state = place.state === 'in_service' ? '' : `, ${place.state.replaceAll('_', ' ')}`;
  return `${place.class} ${shorten(place.name)}${state}`;
}

function edgeOf({ from, to, type }: Relation): Edge {
  return { from: `item${from}`, to: `item${to}`, label: relationTypes[type].about };
}

function noteOf({ items, relations }: Neighbourhood['leftOut']): string | undefined {
  if (items === 0 && relations === 0) return undefined;
  return `not drawn: ${items} more items, ${relations} more relations. Ask for less depth or fewer classes`;
}

/** Nothing that is no character of a name, and nothing that turns the direction of writing. */
function shorten(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
  const characters = [...plain];
  return characters.length > maxLabel ? `${characters.slice(0, maxLabel).join('')}…` : plain;
}
