import type { ServerResponse } from 'node:http';
import { type FakeHttpServer, type SeenRequest, startFakeHttpServer } from './fake-http-server.ts';

export type NetBoxLists = Readonly<Record<string, readonly object[]>>;

export interface FakeNetBox extends FakeHttpServer {
  /** What is asked next is answered so, once, in place of the list. */
  readonly once: (answer: (response: ServerResponse, request: SeenRequest) => void) => void;
}

export interface FakeNetBoxOptions {
  readonly token?: string;
  /** As what address NetBox takes itself, in the links to further pages. */
  readonly knownAs?: (url: string) => string;
}

/** Serves lists as the REST API of NetBox does, with paging and tokens. Stands in for a NetBox, which needs PostgreSQL, Redis and Python. */
export async function startFakeNetBox(lists: NetBoxLists, options: FakeNetBoxOptions = {}): Promise<FakeNetBox> {
  const { token = 'abc123', knownAs = (url) => url } = options;
  const planned: ((response: ServerResponse, request: SeenRequest) => void)[] = [];
  let url = '';

  function answer(response: ServerResponse, request: SeenRequest): void {
    const instead = planned.shift();
    if (instead !== undefined) {
      instead(response, request);
      return;
    }
    const path = /^\/api\/(.+)\/$/.exec(request.path)?.[1] ?? '';
    const list = lists[path];
    if (request.headers['authorization'] !== `Token ${token}`) send(response, 403, { detail: 'Invalid token' });
    else if (list === undefined) send(response, 404, { detail: 'Not found.' });
    else send(response, 200, page(list, path, request.form));
  }

  function page(list: readonly object[], path: string, form: URLSearchParams): object {
    const limit = Number(form.get('limit') ?? 50);
    const offset = Number(form.get('offset') ?? 0);
    const link = (from: number): string => {
      const query = new URLSearchParams(form);
      query.set('offset', String(from));
      return `${knownAs(url)}/api/${path}/?${query.toString()}`;
    };
    return {
      count: list.length,
      next: offset + limit < list.length ? link(offset + limit) : null,
      previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
      results: list.slice(offset, offset + limit),
    };
  }

  const server = await startFakeHttpServer(answer);
  url = server.url;
  return { ...server, once: (instead) => void planned.push(instead) };
}

export function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
