import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Upstream } from '../../gateway/gateway.ts';

export interface UpstreamRequest {
  readonly method: string;
  readonly pathAndQuery: string;
  /** Names and values by turns, without Host and Content-Length. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface AttemptTimeouts {
  readonly connectSeconds: number;
  /** From the sending of the request to the headers of the answer. */
  readonly firstByteSeconds: number;
}

export type AttemptOutcome =
  | { readonly answer: IncomingMessage }
  | {
      readonly failure: 'unreachable' | 'connect_timeout' | 'first_byte_timeout' | 'aborted';
      readonly reason: string;
      /** The server had closed a connection that was kept for the next request: it never saw this one. */
      readonly isStale: boolean;
    };

/** Sends a request and resolves when the headers of the answer are there, or it is clear that there will be none. Never rejects. */
export function attempt(
  upstream: Upstream,
  request: UpstreamRequest,
  {
    agent,
    timeouts,
    signal,
  }: { readonly agent: Agent; readonly timeouts: AttemptTimeouts; readonly signal: AbortSignal },
): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    const outgoing = open(upstream, request, agent);
    let timer = setTimeout(() => giveUp('connect_timeout', timeouts.connectSeconds), timeouts.connectSeconds * 1000);
    let failure: 'connect_timeout' | 'first_byte_timeout' | 'aborted' | undefined;
    let reason = '';

    function giveUp(as: 'connect_timeout' | 'first_byte_timeout' | 'aborted', seconds?: number): void {
      failure ??= as;
      reason = seconds === undefined ? 'the client went away' : `no answer within ${seconds} s`;
      outgoing.destroy();
    }

    function onConnected(): void {
      clearTimeout(timer);
      timer = setTimeout(
        () => giveUp('first_byte_timeout', timeouts.firstByteSeconds),
        timeouts.firstByteSeconds * 1000,
      );
    }

    const onAbort = (): void => giveUp('aborted');
    function settle(outcome: AttemptOutcome): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    }

    signal.addEventListener('abort', onAbort);
    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once(upstream.url.protocol === 'https:' ? 'secureConnect' : 'connect', onConnected);
      else onConnected();
    });
    outgoing.once('response', (answer) => settle({ answer }));
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      settle({
        failure: failure ?? 'unreachable',
        reason: failure === undefined ? error.message : reason,
        isStale: failure === undefined && outgoing.reusedSocket && error.code === 'ECONNRESET',
      }),
    );
    outgoing.end(request.body);
    if (signal.aborted) onAbort();
  });
}

function open(
  upstream: Upstream,
  { method, pathAndQuery, headers, body }: UpstreamRequest,
  agent: Agent,
): ClientRequest {
  const { url } = upstream;
  const isSecure = url.protocol === 'https:';
  const length = body.length > 0 || method === 'POST' ? ['Content-Length', String(body.length)] : [];
  const options = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : url.port,
    method,
    path: url.pathname.replace(/\/$/, '') + pathAndQuery,
    headers: ['Host', url.host, ...headers, ...length, 'Connection', 'keep-alive'],
    agent,
  };
  return isSecure ? httpsRequest(options) : httpRequest(options);
}
