import type { Problem } from '../../observation.ts';
import { BmcError } from './bmc-error.ts';
import type { RedfishClient } from './redfish-client.ts';
import { idOf, isResource, type Resource, textOf } from './resource.ts';

/** One reading of one controller: bounded, each resource at most once, and what is broken costs itself alone. */
export interface Look {
  /** Undefined for what is not there or cannot be read; the latter is noted. */
  readonly resource: (path: string | undefined) => Promise<Resource | undefined>;
  /** Members of a collection, in full. */
  readonly members: (path: string | undefined) => Promise<readonly Resource[]>;
  /** As `resource` for each. */
  readonly resources: (paths: readonly string[]) => Promise<readonly Resource[]>;
  readonly problem: (path: string, reason: string) => void;
  readonly problems: () => readonly Problem[];
}

interface LookSettings {
  readonly client: Pick<RedfishClient, 'get' | 'getKept'>;
  /** Of the controller, for problems. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly isUrgent?: boolean;
  /** Whether copies are kept: for what hardly ever changes. */
  readonly isKept: boolean;
  /** Whether the controller can send a collection with all its members at once. */
  readonly canExpand: boolean;
  /** Without it a failure of the very first request counts as one of the whole controller. */
  readonly isKnownToAnswer?: boolean | undefined;
}

const maxRequests = 800;
const maxMembers = 256;
const maxPages = 20;
const maxProblems = 50;
/** A controller that fails so many times in a row is not asked on. */
const maxFailuresInRow = 5;

export function createLook({
  client,
  name,
  signal,
  isUrgent,
  isKept,
  canExpand,
  isKnownToAnswer = false,
}: LookSettings): Look {
  const known = new Map<string, Promise<Resource | undefined>>();
  const problems: Problem[] = [];
  let requests = 0;
  let failuresInRow = isKnownToAnswer ? 0 : maxFailuresInRow - 1;

  function problem(path: string, reason: string): void {
    if (problems.length < maxProblems) problems.push({ subject: `${name}${path}`, reason });
  }

  async function read(path: string): Promise<Resource | undefined> {
    if (++requests > maxRequests)
      throw new BmcError('content', `${name}: has more than ${maxRequests} resources to read; it is left as it was`);
    try {
      const get = isKept ? client.getKept : client.get;
      const found = await get(path, { signal, isUrgent });
      failuresInRow = 0;
      return found;
    } catch (error) {
      return passOver(path, error);
    }
  }

  function passOver(path: string, error: unknown): undefined {
    const isOfOne = error instanceof BmcError && error.status !== 401 && /^(status|content)$/.test(error.kind);
    if (!isOfOne || ++failuresInRow >= maxFailuresInRow) throw error;
    if (error.status !== 404) problem(path, error.message);
    return undefined;
  }

  function resource(path: string | undefined): Promise<Resource | undefined> {
    if (path === undefined) return Promise.resolve(undefined);
    const before = known.get(path);
    if (before !== undefined) return before;
    const reading = read(path);
    known.set(path, reading);
    return reading;
  }

  async function expanded(path: string): Promise<Resource | undefined> {
    try {
      requests++;
      const found = await client.get(`${path}?$expand=.($levels=1)`, { signal, isUrgent });
      return Array.isArray(found['Members']) ? found : undefined;
    } catch (error) {
      // Some say that they can and cannot.
      if (error instanceof BmcError && /^(status|content)$/.test(error.kind) && error.status !== 401) return undefined;
      throw error;
    }
  }

  /** The whole of the first page where the controller can, else as it comes. */
  async function pageAt(path: string, isFirst: boolean): Promise<Resource | undefined> {
    const whole = isFirst && canExpand ? await expanded(path) : undefined;
    return whole ?? (await resource(path));
  }

  async function members(path: string | undefined): Promise<readonly Resource[]> {
    const found: Resource[] = [];
    const pages = new Set<string>();
    for (let page = path; page !== undefined && isNewPage(page, pages); ) {
      const collection: Resource | undefined = await pageAt(page, pages.size === 0);
      pages.add(page);
      if (collection === undefined) break;
      found.push(...(await wholeMembers(listIn(collection, page, maxMembers - found.length))));
      page = textOf(collection, 'Members@odata.nextLink', '@odata.nextLink');
    }
    return found;
  }

  function isNewPage(page: string, pages: ReadonlySet<string>): boolean {
    if (pages.has(page)) problem(page, 'the list leads back to itself');
    else if (pages.size >= maxPages) problem(page, `the list has more than ${maxPages} pages`);
    return !pages.has(page) && pages.size < maxPages;
  }

  function listIn(collection: Resource, page: string, room: number): readonly Resource[] {
    const list = collection['Members'];
    if (!Array.isArray(list)) {
      problem(page, 'the list has no members, not even none');
      return [];
    }
    if (list.length > room) problem(page, `the list has more than ${maxMembers} members; the rest is left out`);
    return list.slice(0, room).filter(isResource);
  }

  async function wholeMembers(list: readonly Resource[]): Promise<readonly Resource[]> {
    const found: Resource[] = [];
    for (const member of list) {
      const whole = isLinkAlone(member) ? await resource(idOf(member)) : member;
      if (whole !== undefined) found.push(whole);
    }
    return found;
  }

  return {
    resource,
    members,
    resources: async (paths) => {
      const found: Resource[] = [];
      for (const path of paths.slice(0, maxMembers)) {
        const each = await resource(path);
        if (each !== undefined) found.push(each);
      }
      return found;
    },
    problem,
    problems: () => problems,
  };
}

export function isLinkAlone(member: Resource): boolean {
  return Object.keys(member).every((key) => key === '@odata.id');
}
