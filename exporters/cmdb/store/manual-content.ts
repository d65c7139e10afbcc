import type { ClaimContent, ClaimedRelation } from '../inventory/claim.ts';
import { withoutCycles } from '../inventory/cycles.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { type AttributeCheck, attributeProblem } from '../inventory/sanitize.ts';
import type { AttributeValue, Identity, Item } from '../model/item.ts';
import { type IdentityKind, type ItemClass, identityKindsOf } from '../model/item-class.ts';
import { isSingle } from '../model/relation-type.ts';
import type { LifecycleState } from '../model/state.ts';
import { derivedIdentities, givenIdentity } from './derive-identities.ts';
import { contradicts, invalid } from './edit-error.ts';

/** What people change of an item. `null` takes back what people said, so that what the sources say counts again. */
export interface ItemEdit {
  readonly name?: string | null | undefined;
  readonly state?: LifecycleState | null | undefined;
  readonly attributes?: Readonly<Record<string, AttributeValue | null>> | undefined;
  readonly identities?: readonly { readonly kind: IdentityKind; readonly value: string }[] | undefined;
  readonly relations?: readonly ClaimedRelation[] | undefined;
  readonly endRelations?: readonly ClaimedRelation[] | undefined;
}

export interface Edited {
  readonly id: number;
  readonly class: ItemClass;
  /** As it is; undefined for a new one. */
  readonly item: Item | undefined;
  /** What people have said so far. */
  readonly content: ClaimContent;
}

interface Deps {
  readonly inventory: Inventory;
  readonly check: AttributeCheck;
}

export const emptyContent: ClaimContent = {
  name: undefined,
  state: undefined,
  attributes: {},
  identities: [],
  relations: [],
  scope: '',
};

/** What people say after the edit. Throws EditError that names the field. */
export function editedContent(edited: Edited, edit: ItemEdit, { inventory, check }: Deps): ClaimContent {
  const { content } = edited;
  const name = edit.name === undefined ? content.name : (edit.name ?? undefined);
  const state = edit.state === undefined ? content.state : (edit.state ?? undefined);
  if (edit.name === null && content.name === undefined) throw notSaid('name', edited);
  if (edit.state === null && content.state === undefined) throw notSaid('state', edited);
  const attributes = editedAttributes(edited, edit);
  checkAttributes({ ...edited, name, attributes }, check);
  const identities = editedIdentities(edited, edit, { name, attributes });
  checkOwners(edited, identities, inventory);
  const relations = editedRelations(edited, edit, inventory);
  const after = { name, state, attributes, identities, relations, scope: '' };
  checkRings({ ...edited, content: after }, inventory);
  return after;
}

export function isEmpty({ name, state, attributes, identities, relations }: ClaimContent): boolean {
  const isSilent = name === undefined && state === undefined && Object.keys(attributes).length === 0;
  return isSilent && identities.length === 0 && relations.length === 0;
}

function editedAttributes({ item, content, ...edited }: Edited, edit: ItemEdit): ClaimContent['attributes'] {
  const attributes = new Map(Object.entries(content.attributes));
  for (const [name, value] of Object.entries(edit.attributes ?? {})) {
    if (value !== null) attributes.set(name, value);
    else if (!attributes.delete(name)) throw notSaid(`attributes.${name}`, { item, content, ...edited }, name);
  }
  return Object.fromEntries(attributes);
}

function notSaid(field: string, { item }: Edited, name = field) {
  const origin = item === undefined || !Object.hasOwn(item.origins, name) ? undefined : item.origins[name];
  return origin === undefined
    ? contradicts(field, 'it has none')
    : contradicts(field, `it comes from the source ${origin}; give another value to overrule that, or mend it there`);
}

function checkAttributes(
  { id, class: itemClass, name, attributes }: Pick<ClaimContent, 'name' | 'attributes'> & Edited,
  check: AttributeCheck,
): void {
  for (const [index, [attribute, value]] of Object.entries(attributes).entries()) {
    const problem = attributeProblem(attribute, value, index);
    if (problem !== undefined) throw invalid(`attributes.${attribute}`, problem);
  }
  const wrong = check({ key: `${id}`, class: itemClass, name, attributes, identities: [], relations: [] });
  for (const { attribute, reason } of wrong) throw invalid(`attributes.${attribute}`, reason);
}

/** Those that were given stay; those that follow from name and attributes follow them. */
function editedIdentities(
  { class: itemClass, item, content }: Edited,
  { identities = [] }: ItemEdit,
  said: Pick<ClaimContent, 'name' | 'attributes'>,
): readonly Identity[] {
  const derivedBefore = new Set(derivedIdentities({ class: itemClass, ...content }).map(identityKey));
  const all = [
    ...content.identities.filter((identity) => !derivedBefore.has(identityKey(identity))),
    ...identities.map((identity, index) => givenIdentity(itemClass, identity, `identities[${index}]`)),
    ...derivedIdentities({ class: itemClass, ...said }),
  ];
  const after = [...new Map(all.map((identity) => [identityKey(identity), identity])).values()];
  if (after.length === 0 && item === undefined) {
    const kinds = identityKindsOf(itemClass).join(', ');
    throw invalid('identities', `a ${itemClass} is known by ${kinds}; give one of them, such as an attribute serial`);
  }
  const others = (item?.identities ?? []).filter(
    (identity) => !content.identities.map(identityKey).includes(identityKey(identity)),
  );
  if (after.length + others.length === 0) throw invalid('identities', 'the item would have no identity left');
  return after;
}

function identityKey({ kind, value }: Identity): string {
  return `${kind} ${value}`;
}

function checkOwners({ id, class: itemClass }: Edited, identities: readonly Identity[], inventory: Inventory): void {
  for (const identity of identities) {
    const holder = inventory.byIdentity(itemClass, identity);
    if (holder === undefined || holder.id === id) continue;
    throw contradicts(
      'identities',
      `the ${identity.kind} ${identity.value} belongs to item ${holder.id} (${holder.name}) already; merge the two if they are one`,
    );
  }
}

const keyOf = ({ type, to }: ClaimedRelation): string => `${type} ${to}`;

function editedRelations(edited: Edited, edit: ItemEdit, inventory: Inventory): readonly ClaimedRelation[] {
  const { id, class: itemClass, content } = edited;
  const relations = new Map(content.relations.map((relation) => [keyOf(relation), relation]));
  for (const [index, relation] of (edit.endRelations ?? []).entries()) {
    if (relations.delete(keyOf(relation))) continue;
    throw notRelated(id, relation, `end_relations[${index}]`, inventory);
  }
  for (const [index, relation] of (edit.relations ?? []).entries()) {
    checkTarget(id, relation, `relations[${index}].to`, inventory);
    addRelation(relations, itemClass, relation);
  }
  return [...relations.values()];
}

function checkTarget(id: number, { to }: ClaimedRelation, field: string, inventory: Inventory): void {
  if (to === id) throw invalid(field, 'an item has no relation to itself');
  if (inventory.item(to) === undefined) throw invalid(field, `there is no item ${to}`);
}

/** Where there can be one only, it takes the place of the one before. */
function addRelation(
  relations: Map<string, ClaimedRelation>,
  itemClass: ItemClass,
  { type, to }: ClaimedRelation,
): void {
  const replaced = isSingle(type, itemClass) ? [...relations.values()].filter((other) => other.type === type) : [];
  for (const other of replaced) relations.delete(keyOf(other));
  relations.set(keyOf({ type, to }), { type, to });
}

function notRelated(id: number, { type, to }: ClaimedRelation, field: string, inventory: Inventory) {
  const words = keyOf({ type, to });
  const source = inventory.outgoing(id, type).find((relation) => relation.to === to)?.source;
  return source === undefined
    ? contradicts(field, `the item has no relation ${words}`)
    : contradicts(field, `the relation ${words} comes from the source ${source}; mend it there`);
}

function checkRings({ id, class: itemClass, content }: Edited, inventory: Inventory): void {
  withoutCycles([{ id, class: itemClass, content }], inventory, ({ reason }) => {
    throw contradicts('relations', reason.replace(/; the relation is left out$/, ''));
  });
}
