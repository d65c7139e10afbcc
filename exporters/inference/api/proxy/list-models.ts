import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, type JsonObject } from '../../json-object.ts';
import type { PooledUpstream } from '../../routing/upstream-pool.ts';
import { fetchBounded } from '../../sources/upstreams/fetch-bounded.ts';
import type { ForwardDeps } from './forward.ts';

export const modelsPath = '/v1/models';

const largestList = 4 * 1024 * 1024;

/**
 * Answers with the models of all upstreams, each as its server describes it: clients that offer a choice would see those of one server now
 * and of another then. False if no upstream gave a list; then nothing was sent.
 */
export async function listModels(
  request: IncomingMessage,
  response: ServerResponse,
  deps: Pick<ForwardDeps, 'pool' | 'agents' | 'upstreamKey' | 'timeouts'>,
): Promise<boolean> {
  const up = deps.pool.all().filter(({ isUp }) => isUp);
  const lists = await Promise.all(up.map((upstream) => modelsOf(upstream, request, deps).catch(() => undefined)));
  const known = lists.filter((list) => list !== undefined);
  if (known.length === 0 || response.destroyed) return false;
  const byId = new Map<unknown, JsonObject>();
  for (const model of known.flat()) if (!byId.has(model['id'])) byId.set(model['id'], model);
  const body = Buffer.from(`${JSON.stringify({ object: 'list', data: [...byId.values()] })}\n`);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
  return true;
}

/** Undefined for a server that gives no list, such as to a client whose key it does not know. */
async function modelsOf(
  { upstream }: PooledUpstream,
  request: IncomingMessage,
  { agents, upstreamKey, timeouts }: Pick<ForwardDeps, 'agents' | 'upstreamKey' | 'timeouts'>,
): Promise<readonly JsonObject[] | undefined> {
  const key = upstreamKey(upstream);
  const authorization = key === undefined ? request.headers.authorization : `Bearer ${key}`;
  const { status, text } = await fetchBounded(
    new URL(upstream.url.pathname.replace(/\/$/, '') + modelsPath, upstream.url),
    { agent: agents.of(upstream), headers: authorization === undefined ? {} : { authorization } },
    { timeoutSeconds: timeouts.connectSeconds, maxBytes: largestList },
  );
  if (status !== 200) return undefined;
  const list: unknown = JSON.parse(text);
  return isObject(list) && Array.isArray(list['data']) ? list['data'].filter(isObject) : undefined;
}
