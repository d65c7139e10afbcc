import { manualSource } from '../inventory/claim.ts';
import type { AttributeCheck } from '../inventory/sanitize.ts';
import type { Item } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import { EditError } from './edit-error.ts';
import { editedContent, emptyContent, type ItemEdit, isEmpty } from './manual-content.ts';
import { claimsOf, type Writing, writeClaims } from './write-claims.ts';

export interface NewItem extends Pick<ItemEdit, 'identities' | 'relations'> {
  readonly class: ItemClass;
  readonly name: string;
  readonly state?: ItemEdit['state'];
  readonly attributes?: Item['attributes'] | undefined;
}

const nothing = { created: [], updated: [], seen: [], returned: [], missing: [], withdrawn: [] } as const;

/** Adds an item that people know of. Resolves with its number. Throws EditError. */
export async function createItem(writing: Writing, given: NewItem, check: AttributeCheck): Promise<number> {
  const id = -1;
  const edited = { id, class: given.class, item: undefined, content: emptyContent };
  const content = editedContent(edited, given, { inventory: writing.inventory, check });
  const written = await writeClaims(writing, { ...nothing, created: [{ id, class: given.class, content }] });
  return written.idOf(id);
}

/** Changes what people say of an item, if it is still as they saw it. Throws EditError. */
export async function changeItem(
  writing: Writing,
  { id, version, edit }: { readonly id: number; readonly version: number | undefined; readonly edit: ItemEdit },
  check: AttributeCheck,
): Promise<void> {
  const { inventory, tx } = writing;
  const item = seenItem(writing, id, version);
  const claims = (await claimsOf([id], tx)).get(id) ?? [];
  const claim = claims.find(({ source }) => source === manualSource);
  const { name, state, attributes, identities, relations, scope } = claim ?? emptyContent;
  const said = { name, state, attributes, identities, relations, scope };
  const content = editedContent({ id, class: item.class, item, content: said }, edit, { inventory, check });
  const isTakenBack = isEmpty(content) && claims.some(({ source }) => source !== manualSource);
  await writeClaims(
    writing,
    isTakenBack ? { ...nothing, withdrawn: [id] } : { ...nothing, updated: [{ id, content }] },
  );
}

/** The item, if there is one and it is as the writer saw it. Throws EditError. */
export function seenItem({ inventory }: Pick<Writing, 'inventory'>, id: number, version: number | undefined): Item {
  const item = inventory.item(id);
  if (item === undefined) throw new EditError('missing', `there is no item ${id}`);
  if (version === undefined || version === item.version) return item;
  throw new EditError(
    'version',
    `item ${id} has version ${item.version}, and you saw version ${version}; look at it as it is now and send the change again`,
    { item },
  );
}
