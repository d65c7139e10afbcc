import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import type { Upstream } from '../../gateway/gateway.ts';
import { isObject } from '../../json-object.ts';
import type { UpstreamPool } from '../../routing/upstream-pool.ts';
import type { Agents } from './agents.ts';
import { type BoundedAnswer, fetchBounded } from './fetch-bounded.ts';

/** Where engines tell the length of their queue, and what it is. */
export interface QueueReader {
  /** Undefined for kinds of servers that tell none. */
  readonly pathOf: (kind: string) => string | undefined;
  readonly waitingAt: (kind: string, exposition: string) => number | undefined;
}

export interface UpstreamWatch {
  readonly stop: () => void;
}

interface WatchDeps {
  readonly pool: UpstreamPool;
  readonly agents: Agents;
  /** Headers with the key that the proxy has for the upstream. */
  readonly headersOf: (upstream: Upstream) => Readonly<Record<string, string>>;
  readonly log: Log;
  /** Undefined where nobody asks for queues. */
  readonly queues: QueueReader | undefined;
}

/** A check that fails once may be a full server; twice in a row is a server that is down. */
const failuresUntilDown = 2;
const modelsEveryChecks = 6;
const healthBytes = 4 * 1024 * 1024;
const metricsBytes = 16 * 1024 * 1024;

/** Looks at every upstream at the same interval: whether it is well, which models it serves, how long its queue is. */
export function watchUpstreams(
  upstreams: readonly Upstream[],
  { everySeconds, timeoutSeconds }: { readonly everySeconds: number; readonly timeoutSeconds: number },
  deps: WatchDeps,
): UpstreamWatch {
  const watches = upstreams.map((upstream) => watchOne(upstream, { everySeconds, timeoutSeconds }, deps));
  return {
    stop: () => {
      for (const watch of watches) watch.stop();
    },
  };
}

function watchOne(
  upstream: Upstream,
  { everySeconds, timeoutSeconds }: { readonly everySeconds: number; readonly timeoutSeconds: number },
  { pool, agents, headersOf, log, queues }: WatchDeps,
): UpstreamWatch {
  const { name } = upstream;
  let checks = 0;
  let failures = 0;
  let isDown = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function get(path: string, maxBytes: number): Promise<BoundedAnswer> {
    const url = new URL(upstream.url.pathname.replace(/\/$/, '') + path, upstream.url);
    return fetchBounded(
      url,
      { agent: agents.of(upstream), headers: headersOf(upstream) },
      { timeoutSeconds, maxBytes },
    );
  }

  async function checkHealth(): Promise<void> {
    if (upstream.healthPath === undefined) return;
    const failure = await get(upstream.healthPath, healthBytes).then(
      ({ status }) => (status < 500 ? undefined : `status ${status}`),
      reasonOf,
    );
    failures = failure === undefined ? 0 : failures + 1;
    if (failures > 0 && failures < failuresUntilDown) return;
    pool.setHealth(name, failure === undefined);
    if (isDown === (failure !== undefined)) return;
    isDown = failure !== undefined;
    if (isDown) log.warn('upstream is down', { upstream: name, reason: failure });
    else log.info('upstream is up again', { upstream: name });
  }

  async function listModels(): Promise<void> {
    const { status, text } = await get('/v1/models', healthBytes);
    if (status !== 200) return;
    const models = modelsOf(text);
    if (models !== undefined) pool.setModels(name, models);
  }

  async function lookAtQueue(): Promise<void> {
    const path = queues?.pathOf(upstream.kind);
    if (queues === undefined || path === undefined) return;
    const waiting = await get(path, metricsBytes).then(
      ({ status, text }) => (status === 200 ? queues.waitingAt(upstream.kind, text) : undefined),
      () => undefined,
    );
    pool.setWaiting(name, waiting);
  }

  async function look(): Promise<void> {
    const models = upstream.models === undefined && checks % modelsEveryChecks === 0 ? [listModels()] : [];
    checks++;
    await Promise.allSettled([checkHealth(), lookAtQueue(), ...models]);
    if (!isStopped) timer = setTimeout(() => void look(), everySeconds * 1000);
  }

  void look();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Ids of OpenAI's list of models; undefined for anything else. */
function modelsOf(text: string): readonly string[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(list) || !Array.isArray(list['data'])) return undefined;
  return list['data'].flatMap((model: unknown) =>
    isObject(model) && typeof model['id'] === 'string' ? [model['id']] : [],
  );
}
