import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import { ConfigError } from '../errors.ts';
import type { Address } from '../options/define.ts';
import { type BasicAuth, createBasicAuth } from './basic-auth.ts';
import { secureContext } from './tls.ts';
import type { WebConfig } from './web-config.ts';

/** A socket on which nothing moves for so long is closed: a client that never reads must not hold memory for ever. */
const idleSocketMs = 30_000;
const requestTimeoutMs = 15_000;
const limits = { maxHeaderSize: 16 * 1024 };

export interface HttpServerSettings {
  readonly address: Address;
  /** Requests that may be under way at once; one more gets 503. */
  readonly maxRequests: number;
  readonly webConfig: WebConfig;
  readonly onRejected: (reason: 'concurrency' | 'unauthorized') => void;
  /** Adds the daemon's own routes, behind the limits and the authentication. */
  readonly routes: (app: Express) => void;
}

export interface HttpServer {
  /** Such as http://127.0.0.1:9400; a name that a client on this machine can use. */
  readonly url: string;
  /** Puts new certificates, users and headers in force without closing connections. Throws ConfigError on bad TLS files. */
  readonly reconfigure: (webConfig: WebConfig) => void;
  /** Stops listening and waits for answers that are under way, up to two seconds. */
  readonly close: () => Promise<void>;
}

/** Starts to listen. Throws ConfigError if the address cannot be had or a TLS file is bad. */
export async function startHttpServer(settings: HttpServerSettings): Promise<HttpServer> {
  let webConfig = settings.webConfig;
  let auth: BasicAuth = createBasicAuth(webConfig.users);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    response.set(webConfig.headers);
    next();
  });
  app.use(limitConcurrency(settings.maxRequests, () => settings.onRejected('concurrency')));
  app.use(async (request, response, next) => {
    if (webConfig.users.size === 0 || (await auth.check(request.header('authorization')))) return next();
    settings.onRejected('unauthorized');
    response.set('WWW-Authenticate', 'Basic realm="fleetlens"').status(401).type('text/plain').send('Unauthorized\n');
  });
  settings.routes(app);
  app.use((request, response) => {
    response.status(404).type('text/plain').send(`nothing here at ${request.path}\n`);
  });
  const server =
    webConfig.tls === undefined
      ? createHttpServer(limits, app)
      : createHttpsServer({ ...limits, ...secureContext(webConfig.tls) }, app);
  server.headersTimeout = requestTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  server.setTimeout(idleSocketMs);
  server.maxHeadersCount = 100;
  await listen(server, settings.address);
  return {
    url: urlOf(server, settings.address, webConfig.tls !== undefined),
    reconfigure: (next) => {
      if ((next.tls === undefined) !== (webConfig.tls === undefined)) {
        throw new ConfigError('TLS cannot be switched on or off while running; restart to apply it');
      }
      if (next.tls !== undefined) (server as HttpsServer).setSecureContext(secureContext(next.tls));
      webConfig = next;
      auth = createBasicAuth(next.users);
    },
    close: () => close(server),
  };
}

function limitConcurrency(max: number, onRejected: () => void): RequestHandler {
  let running = 0;
  return (_request, response, next) => {
    if (running >= max) {
      onRejected();
      response.set('Retry-After', '1').status(503).type('text/plain');
      response.send(`more than ${max} requests at once; scrape less often or raise --web.max-requests\n`);
      return;
    }
    running++;
    response.once('close', () => {
      running--;
    });
    next();
  };
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string | undefined, port: number): Error {
  const address = `--web.listen-address ${host ?? ''}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(`${address} is in use by another process; stop that one or choose another port`);
    case 'EACCES':
      return new ConfigError(`${address} is not allowed for this user; choose a port above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`${address} is no address of this machine`);
    default:
      return error;
  }
}

function urlOf(server: Server, { host }: Address, secure: boolean): string {
  const { port } = server.address() as AddressInfo;
  const anywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const name = anywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${secure ? 'https' : 'http'}://${name}:${port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}
