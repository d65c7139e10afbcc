import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { ConfigError, reasonOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Address } from '../options/define.ts';
import { type BasicAuth, createBasicAuth } from './basic-auth.ts';
import { listen, urlOf } from './listen.ts';
import type { HttpTiming } from './timing.ts';
import { secureContext } from './tls.ts';
import type { WebConfig } from './web-config.ts';

const maxHeaderSize = 16 * 1024;

export interface HttpServerSettings {
  readonly address: Address;
  /** Requests that may be under way at once; one more gets 503. */
  readonly maxRequests: number;
  readonly webConfig: WebConfig;
  readonly timing: HttpTiming;
  readonly log: Log;
  readonly onRejected: (reason: 'concurrency' | 'unauthorized') => void;
  /** Adds the daemon's own routes, behind the limits and the authentication. */
  readonly routes: (app: Express) => void;
}

export interface HttpServer {
  /** Such as http://127.0.0.1:9400; a name that a client on this machine can use. */
  readonly url: string;
  /**
   * Checks new certificates, users and headers and returns what puts them in force, without closing connections. Throws ConfigError
   * on bad TLS files and on what needs a restart.
   */
  readonly prepare: (webConfig: WebConfig) => () => void;
  /** Stops listening and waits for answers that are under way, for a short while. */
  readonly close: () => Promise<void>;
}

/** Starts to listen. Throws ConfigError if the address cannot be had or a TLS file is bad. */
export async function startHttpServer(settings: HttpServerSettings): Promise<HttpServer> {
  const { address, timing, log } = settings;
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
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('nothing here; / shows what there is\n');
  });
  app.use(answerError(log));
  const server = createServer(app, settings);
  await listen(server, address);
  // A connection that cannot be accepted is no reason to end, which is what Node does without a listener.
  server.on('error', (error) => log.warn('connection not accepted', { reason: error.message }));
  return {
    url: urlOf(server, address, webConfig.tls !== undefined),
    prepare: (next) => {
      const refresh = prepareTls(server, webConfig, next);
      return () => {
        refresh();
        webConfig = next;
        auth = createBasicAuth(next.users);
      };
    },
    close: () => close(server, timing.closeGraceMs),
  };
}

function createServer(app: Express, { webConfig, timing }: HttpServerSettings): Server {
  const limits = {
    maxHeaderSize,
    requestTimeout: timing.requestMs,
    connectionsCheckingInterval: timing.requestCheckMs,
  };
  const server =
    webConfig.tls === undefined
      ? createHttpServer(limits, app)
      : createHttpsServer({ ...limits, handshakeTimeout: timing.requestMs, ...secureContext(webConfig.tls) }, app);
  server.setTimeout(timing.idleSocketMs);
  server.maxHeadersCount = 100;
  return server;
}

/** What Node cannot change in a server that runs is refused, because it would look applied and not be in force. */
function prepareTls(server: Server, before: WebConfig, after: WebConfig): () => void {
  if ((after.tls === undefined) !== (before.tls === undefined)) {
    throw new ConfigError('TLS cannot be switched on or off while running; restart to apply it');
  }
  if (after.tls?.clientAuth !== before.tls?.clientAuth) {
    throw new ConfigError('client_auth_type cannot be changed while running; restart to apply it');
  }
  if (after.tls === undefined) return () => undefined;
  const context = secureContext(after.tls);
  return () => (server as HttpsServer).setSecureContext(context);
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

/** Instead of Express' own page, which shows the stack to the client and writes it past the log. */
function answerError(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const reason = reasonOf(error);
    const status = statusOf(error);
    if (status === 500) log.error('request failed', { path: request.path, reason });
    response.status(status).type('text/plain');
    response.send(
      status === 500 ? 'the request failed; the log of the daemon says why\n' : 'the request cannot be read\n',
    );
  };
}

/** What Express says that the client did wrong, such as 413 for a body that is too large; else 500. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => {
      server.closeAllConnections();
      // A connection that has not finished its TLS handshake is none of those yet.
      resolve();
    }, graceMs);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
  });
}
