import { SourceError } from '../../../../kit/errors.ts';
import { fieldsIn, isFields, textIn } from '../json-value.ts';
import type { ApiClient, Query } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { apiResources, type ResourceName } from './api-resources.ts';

/** An object as far as it is kept. */
export interface Kept {
  readonly uid: string;
}

/** Undefined for an object that is not as it must be. */
export type Parse<T extends Kept> = (object: unknown) => T | undefined;

export interface Listing<T extends Kept> {
  /** By uid. */
  readonly objects: Map<string, T>;
  /** From where a watch goes on. */
  readonly resourceVersion: string;
  /** How many objects were not as they must be. */
  readonly bad: number;
}

export interface ListRequest<T extends Kept> {
  readonly resource: ResourceName;
  readonly parse: Parse<T>;
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const maxObjects = 500_000;
/** A list may take longer than the server keeps the past. Then it begins anew, with larger pages so that it is faster. */
const maxRestarts = 4;
const maxPageGrowth = 8;

/** All objects of a kind as they were at one moment. */
export async function listObjects<T extends Kept>(client: ApiClient, request: ListRequest<T>): Promise<Listing<T>> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(
        client,
        request,
        apiResources[request.resource].pageSize * Math.min(2 ** restarts, maxPageGrowth),
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.failure !== 'expired') throw error;
      if (restarts >= maxRestarts)
        throw new SourceError(
          `${error.message}; the list was begun ${restarts + 1} times, since the server forgets too soon: look at its load and at --etcd-compaction-interval`,
          { cause: error },
        );
    }
  }
}

async function listOnce<T extends Kept>(
  client: ApiClient,
  { resource, parse, signal, onProgress }: ListRequest<T>,
  pageSize: number,
): Promise<Listing<T>> {
  const objects = new Map<string, T>();
  let bad = 0;
  let token = '';
  for (;;) {
    const page = pageOf(resource, await client.listPage(resource, queryFor(resource, pageSize, token), signal));
    for (const item of page.items) {
      const object = parse(item);
      if (object === undefined) bad++;
      else objects.set(object.uid, object);
    }
    if (objects.size > maxObjects) throw new SourceError(`there are more than ${maxObjects} ${resource}`);
    onProgress?.(objects.size, objects.size + page.remaining);
    if (page.next === undefined) return { objects, resourceVersion: page.resourceVersion, bad };
    if (page.next === token)
      throw new SourceError(`the list of ${resource} does not go on: a page names itself as next`);
    token = page.next;
  }
}

function queryFor(resource: ResourceName, pageSize: number, token: string): Query {
  return { limit: String(pageSize), ...(token === '' ? {} : { continue: token }), ...selectorOf(resource) };
}

export function selectorOf(resource: ResourceName): Query {
  const spec = apiResources[resource];
  return 'fieldSelector' in spec ? { fieldSelector: spec.fieldSelector } : {};
}

function pageOf(resource: ResourceName, answer: unknown) {
  const { metadata, items = [] } = fieldsIn(answer);
  const resourceVersion = textIn(metadata, 'resourceVersion');
  // An empty list is null from some servers.
  const list = items ?? [];
  if (!isFields(metadata) || resourceVersion === undefined || !Array.isArray(list))
    throw new SourceError(
      `the answer to list ${resource} is no list of Kubernetes; is url the address of an API server?`,
    );
  const { continue: next, remainingItemCount: remaining } = metadata;
  return {
    items: list as readonly unknown[],
    resourceVersion,
    next: typeof next === 'string' && next !== '' ? next : undefined,
    remaining: typeof remaining === 'number' ? remaining : 0,
  };
}
