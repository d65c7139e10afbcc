import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { reasonOf } from '../../../../kit/errors.ts';
import { listen, urlOf } from '../../../../kit/http/listen.ts';
import { secureContext } from '../../../../kit/http/tls.ts';
import type { TlsSettings } from '../../../../kit/http/web-config.ts';
import type { Log } from '../../../../kit/log.ts';
import type { Address } from '../../../../kit/options/define.ts';

export interface ProxyServerSettings {
  readonly address: Address;
  readonly tls: TlsSettings | undefined;
  readonly maxConnections: number;
  /** Until a request must have come in whole. */
  readonly requestSeconds: number;
  readonly drainSeconds: number;
}

export interface ProxyServer {
  /** Such as http://127.0.0.1:9421. */
  readonly url: string;
  readonly connections: () => number;
  /** Takes no more requests and waits for answers that are under way. */
  readonly close: () => Promise<void>;
}

interface ProxyServerDeps {
  readonly exchange: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Something came that is no HTTP. */
  readonly onMalformed: () => void;
  readonly log: Log;
}

const headersSeconds = 20;
/** Longer than load balancers keep theirs (60 s is common), so that they never send on a connection that is being closed. */
const keepAliveSeconds = 75;
const maxHeaderBytes = 32 * 1024;

/** The server that clients of LLMs connect to: plain Node without routes and middleware, which each request would pay for. */
export async function startProxyServer(
  settings: ProxyServerSettings,
  { exchange, onMalformed, log }: ProxyServerDeps,
): Promise<ProxyServer> {
  let open = 0;
  let isClosing = false;
  const server = createServer(settings, (request, response) => {
    if (isClosing) response.shouldKeepAlive = false;
    exchange(request, response).catch((error: unknown) => {
      log.error('request failed', { path: request.url, reason: reasonOf(error) });
      response.destroy();
    });
  });
  server.maxConnections = settings.maxConnections;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    onMalformed();
    socket.end(answerTo(error));
  });
  await listen(server, settings.address, '--proxy.listen-address');
  // A connection that cannot be accepted is no reason to end, which is what Node does without a listener.
  server.on('error', (error) => log.warn('connection not accepted', { reason: error.message }));
  return {
    url: urlOf(server, settings.address, settings.tls !== undefined),
    connections: () => open,
    close: () => {
      isClosing = true;
      return drained(server, settings.drainSeconds);
    },
  };
}

function createServer(
  { tls, requestSeconds }: ProxyServerSettings,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const limits = {
    insecureHTTPParser: false,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: Math.min(headersSeconds, requestSeconds) * 1000,
    requestTimeout: requestSeconds * 1000,
    keepAliveTimeout: keepAliveSeconds * 1000,
    connectionsCheckingInterval: Math.min(5, requestSeconds) * 1000,
  };
  const server =
    tls === undefined
      ? createHttpServer(limits, onRequest)
      : createHttpsServer({ ...limits, ...secureContext(tls) }, onRequest);
  server.maxHeadersCount = 200;
  return server;
}

function answerTo({ code }: NodeJS.ErrnoException): string {
  if (code === 'HPE_HEADER_OVERFLOW')
    return 'HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
  return 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
}

const drainLookMs = 100;

/** Waits for answers that are under way; a connection whose answer is over would be kept for the next request. */
function drained(server: Server, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), drainLookMs);
    const impatience = setTimeout(() => {
      clearInterval(idle);
      server.closeAllConnections();
      resolve();
    }, seconds * 1000);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
