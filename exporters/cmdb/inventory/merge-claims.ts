import type { AttributeValue, Conflict, Identity, Item } from '../model/item.ts';
import { type ItemClass, isVolatile } from '../model/item-class.ts';
import { isSingle, type RelationType } from '../model/relation-type.ts';
import type { LifecycleState } from '../model/state.ts';
import { type Claim, type ClaimedRelation, manualSource } from './claim.ts';
import { inOrder, type Precedence } from './precedence.ts';

/** What the claims of an item make of it. */
export interface MergedItem
  extends Pick<Item, 'name' | 'state' | 'attributes' | 'origins' | 'identities' | 'conflicts'> {
  readonly relations: readonly MergedRelation[];
}

export interface MergedRelation {
  readonly type: RelationType;
  readonly to: number;
  readonly source: string;
}

/** Attributes that sources must agree on: they tell which thing it is. Others, such as the release of an operating system, are spelt in many ways. */
const agreed = ['serial', 'uuid', 'asset_tag', 'pci_bus_id'];

/** Weighs the claims of one item. The same claims give the same item in any order. */
export function mergeClaims(itemClass: ItemClass, claims: readonly Claim[], precedence: Precedence): MergedItem {
  const ordered = inOrder(claims, precedence.order);
  const isGone =
    isVolatile(itemClass) && ordered.length > 0 && ordered.every(({ missingSince }) => missingSince !== undefined);
  const origins: Record<string, string> = {};
  const name = ordered.find((claim) => claim.name !== undefined);
  if (name !== undefined) origins['name'] = name.source;
  const relations = isGone ? [] : mergeRelations(itemClass, ordered);
  return {
    name: name?.name ?? nameFrom(itemClass, ordered),
    state: stateOf(ordered, isGone, origins),
    attributes: mergeAttributes(ordered, precedence, origins),
    origins,
    identities: mergeIdentities(ordered),
    conflicts: [...conflictingAttributes(ordered), ...conflictingPlaces(itemClass, ordered)],
    relations,
  };
}

function stateOf(ordered: readonly Claim[], isGone: boolean, origins: Record<string, string>): LifecycleState {
  const said = ordered.find(({ state }) => state !== undefined);
  if (isGone && said?.source !== manualSource) return 'retired';
  if (said?.state === undefined) return 'in_service';
  origins['state'] = said.source;
  return said.state;
}

function mergeAttributes(ordered: readonly Claim[], precedence: Precedence, origins: Record<string, string>) {
  const merged: Record<string, AttributeValue> = {};
  const names = [...new Set(ordered.flatMap(({ attributes }) => Object.keys(attributes)))].sort();
  for (const name of names) {
    const own = precedence.ofAttribute.get(name);
    const claim = (own === undefined ? ordered : inOrder(ordered, own)).find(({ attributes }) =>
      Object.hasOwn(attributes, name),
    );
    const value = claim?.attributes[name];
    if (claim === undefined || value === undefined) continue;
    merged[name] = value;
    origins[name] = claim.source;
  }
  return merged;
}

function mergeIdentities(ordered: readonly Claim[]): readonly Identity[] {
  const known = new Map<string, Identity>();
  for (const { identities } of ordered)
    for (const identity of identities) known.set(`${identity.kind} ${identity.value}`, identity);
  return [...known.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identity]) => identity);
}

function mergeRelations(itemClass: ItemClass, ordered: readonly Claim[]): readonly MergedRelation[] {
  const merged = new Map<string, MergedRelation>();
  const settled = new Set<RelationType>();
  for (const { source, relations } of ordered) {
    const chosen = atMostOneEach(itemClass, relations).filter(({ type }) => !settled.has(type));
    for (const { type, to } of chosen) {
      const key = `${type} ${to}`;
      if (!merged.has(key)) merged.set(key, { type, to, source });
      if (isSingle(type, itemClass)) settled.add(type);
    }
  }
  return [...merged.values()].sort((a, b) => (a.type === b.type ? a.to - b.to : a.type < b.type ? -1 : 1));
}

function atMostOneEach(itemClass: ItemClass, relations: readonly ClaimedRelation[]): readonly ClaimedRelation[] {
  return relations.filter(
    ({ type }, index) => !isSingle(type, itemClass) || relations.findIndex((other) => other.type === type) === index,
  );
}

function conflictingAttributes(ordered: readonly Claim[]): readonly Conflict[] {
  return agreed.flatMap((about) => {
    const said = ordered.flatMap(({ source, attributes, missingSince }) => {
      const value = attributes[about];
      return value === undefined || missingSince !== undefined ? [] : [[source, value] as const];
    });
    return conflictOf(about, said);
  });
}

function conflictingPlaces(itemClass: ItemClass, ordered: readonly Claim[]): readonly Conflict[] {
  const types = [...new Set(ordered.flatMap(({ relations }) => relations.map(({ type }) => type)))].sort();
  return types
    .filter((type) => isSingle(type, itemClass))
    .flatMap((about) => {
      const said = ordered.flatMap(({ source, relations, missingSince }) => {
        const to = relations.find(({ type }) => type === about)?.to;
        return to === undefined || missingSince !== undefined ? [] : [[source, to] as const];
      });
      return conflictOf(about, said);
    });
}

function conflictOf(
  about: string,
  said: readonly (readonly [source: string, value: AttributeValue])[],
): readonly Conflict[] {
  const different = new Set(said.map(([, value]) => String(value).trim().toLowerCase()));
  return different.size < 2 ? [] : [{ about, said: Object.fromEntries(said) }];
}

/** Of the surest identity, for things that no source gives a name. */
function nameFrom(itemClass: ItemClass, ordered: readonly Claim[]): string {
  const [identity] = ordered.flatMap(({ identities }) => identities);
  return identity?.value ?? itemClass;
}
