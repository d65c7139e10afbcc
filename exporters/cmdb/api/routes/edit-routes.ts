import { ApiError } from '../../../../kit/api/api-error.ts';
import { type Answer, type Caller, type Route, routeOf } from '../../../../kit/api/route.ts';
import type { Item } from '../../model/item.ts';
import type { WriteAuthor } from '../../store/cmdb-store.ts';
import { deleteItem } from '../../store/delete-item.ts';
import { changeItem, createItem } from '../../store/edit-items.ts';
import { mergeItems } from '../../store/merge-items.ts';
import type { Writing } from '../../store/write-claims.ts';
import { itemEditBody, mergeBody, newItemBody } from '../edit-body.ts';
import { atParameter, idParameter, inventoryAt, itemIn } from '../inventory-at.ts';
import { ref } from '../schemas.ts';
import type { CmdbServices } from '../services.ts';
import { itemEtag, itemView } from '../views.ts';

type EditServices = Pick<CmdbServices, 'store' | 'clock' | 'check'>;

const route = routeOf<EditServices>();
const tag = 'Items';
const item = { about: 'The item. Its version is the ETag.', schema: ref('Item') };
const ifMatch = {
  in: 'header',
  type: 'text',
  pattern: '^(?:(?:W/)?"\\d{1,10}"|\\*)$',
  form: 'the ETag of the item as you saw it, such as "7" with its quotes, or * for any',
  about: 'ETag of the item as it was seen, so that nobody overwrites what they have not seen; * for any.',
} as const;
const messageParameter = { in: 'query', type: 'text', maxLength: 1000, about: 'Why; the history keeps it.' } as const;

export const editRoutes: readonly Route<EditServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/items',
    tag,
    id: 'createItem',
    access: 'editor',
    summary: 'Adds an item.',
    about:
      'It is known by the identities that are given, and by those that follow from its name and its attributes, such as serial, mac or fqdn.',
    parameters: {},
    body: newItemBody,
    answers: { 201: item },
    handle: async ({ body, caller }, { store, check }) => {
      const { message, ...given } = body;
      const written = await edit(store, caller, message, (writing) => createItem(writing, given, check));
      return answerOf(itemIn(store.inventory, written.result), written.request, { status: 201, isNew: true });
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/items/{id}',
    tag,
    id: 'getItem',
    access: 'reader',
    summary: 'Tells an item.',
    parameters: { id: idParameter, at: atParameter },
    answers: { 200: item },
    handle: async ({ parameters }, services) => {
      const inventory = await inventoryAt(services, parameters.at);
      const found = itemIn(inventory, parameters.id);
      return { json: itemView(found, inventory), headers: { ETag: itemEtag(found) } };
    },
  }),
  route({
    method: 'patch',
    path: '/api/v1/items/{id}',
    tag,
    id: 'changeItem',
    access: 'editor',
    summary: 'Changes what people say of an item, which counts before all that sources say.',
    parameters: { id: idParameter, 'if-match': ifMatch },
    body: itemEditBody,
    answers: { 200: item },
    handle: async ({ parameters, body, caller }, { store, check }) => {
      const { message, end_relations, ...given } = body;
      const { id } = parameters;
      const version = versionOf(parameters['if-match']);
      const written = await edit(store, caller, message, (writing) =>
        changeItem(writing, { id, version, edit: { ...given, endRelations: end_relations } }, check),
      );
      return answerOf(itemIn(store.inventory, id), written.request);
    },
  }),
  route({
    method: 'delete',
    path: '/api/v1/items/{id}',
    tag,
    id: 'deleteItem',
    access: 'admin',
    summary: 'Deletes an item. Its relations end, and its history stays.',
    about: 'A source that still sees it adds it anew. What is out of use is better set to the state `retired`.',
    parameters: { id: idParameter, 'if-match': ifMatch, message: messageParameter },
    answers: { 204: { about: 'It is gone.' } },
    handle: async ({ parameters, caller }, { store }) => {
      const { id, message } = parameters;
      const version = versionOf(parameters['if-match']);
      const written = await edit(store, caller, message, (writing) => deleteItem(writing, { id, version }));
      return { nothing: true, status: 204, headers: { 'X-Request-Id': written.request } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/items/{id}/merge',
    tag,
    id: 'mergeItems',
    access: 'admin',
    summary: 'Makes one item of two that are one.',
    about:
      'What the sources say of the item `from` is said of this one from now on, and all relations follow. The other is gone.',
    parameters: { id: idParameter, 'if-match': ifMatch },
    body: mergeBody,
    answers: { 200: item },
    handle: async ({ parameters, body, caller }, { store }) => {
      const { id: into } = parameters;
      const version = versionOf(parameters['if-match']);
      const written = await edit(store, caller, body.message, (writing) =>
        mergeItems(writing, { into, from: body.from, version }),
      );
      return answerOf(itemIn(store.inventory, into), written.request);
    },
  }),
];

/** Undefined for any. Throws an ApiError if nothing is said. */
function versionOf(header: string | undefined): number | undefined {
  if (header === undefined)
    throw new ApiError('version_missing', 'send the ETag of the item as you saw it in If-Match', { field: 'if-match' });
  return header === '*' ? undefined : Number(header.replaceAll(/\D/g, ''));
}

async function edit<T>(
  store: CmdbServices['store'],
  caller: Caller,
  message: string | undefined,
  work: (writing: Writing) => Promise<T>,
): Promise<{ readonly result: T; readonly request: string }> {
  const author: WriteAuthor = { actor: caller.name, message: message ?? '' };
  return store.write(author, async (writing) => ({ result: await work(writing), request: writing.author.request }));
}

function answerOf(
  found: Item,
  request: string,
  { status = 200, isNew = false }: { readonly status?: number; readonly isNew?: boolean } = {},
): Answer {
  const location = isNew ? { Location: `/api/v1/items/${found.id}` } : {};
  return { status, json: itemView(found), headers: { ETag: itemEtag(found), 'X-Request-Id': request, ...location } };
}
