import type { Express, RequestHandler } from 'express';
import type { Metric } from '../metrics/define.ts';
import type { Clock } from './clock.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { ConfigError } from './errors.ts';
import { type Format, renderExposition } from './exposition/render.ts';
import type { Family } from './exposition/samples.ts';
import { landingPage } from './http/landing-page.ts';
import { createMetricsHandler } from './http/metrics-handler.ts';
import { type HttpServer, startHttpServer } from './http/server.ts';
import { secureContext } from './http/tls.ts';
import { parseWebConfig, type WebConfig } from './http/web-config.ts';
import type { Log } from './log.ts';
import type { OptionSpecs, OptionTable, OptionValues } from './options/define.ts';
import { type OptionSources, parseOptions } from './options/parse.ts';
import { createSelfMetrics, type SelfMetrics } from './self-metrics.ts';
import { version } from './version.ts';

/** How long a scrape may take that does not say how long it waits: Prometheus' own default. */
const defaultScrapeTimeoutSeconds = 10;

export interface DaemonContext<S extends DaemonOptions> {
  readonly options: OptionValues<S>;
  readonly log: Log;
  readonly clock: Clock;
  readonly self: SelfMetrics;
}

/** The part of a daemon that is its own; the rest is the same for all. */
export interface Service<S extends DaemonOptions> {
  /** What /metrics shows beside the daemon's own metrics. */
  readonly families: (signal: AbortSignal) => readonly Family[] | Promise<readonly Family[]>;
  /** Why the service is not ready, in words; undefined if it is. */
  readonly notReady: () => string | undefined;
  /** Adds routes of its own and names those that the landing page should link. */
  readonly routes?: (app: Express, serve: (families: () => readonly Family[]) => RequestHandler) => void;
  readonly links?: readonly { readonly path: string; readonly text: string }[];
  /** Takes new values of the reloadable options. */
  readonly reload?: (options: OptionValues<S>) => void;
  readonly stop: () => Promise<void>;
}

export interface DaemonDefinition<S extends DaemonOptions = DaemonOptions> {
  /** As in `fleetlens <name>`. */
  readonly name: string;
  readonly table: OptionTable<S>;
  readonly metrics: readonly Readonly<Record<string, Metric>>[];
  readonly start: (context: DaemonContext<S>) => Promise<Service<S>>;
}

export interface DaemonDeps {
  readonly sources: OptionSources;
  readonly log: Log;
  readonly clock: Clock;
}

export interface RunningDaemon {
  readonly url: string;
  /** Reads options and web configuration again; bad ones are logged and the old ones stay in force. */
  readonly reload: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts the service and its HTTP server. Throws ConfigError. */
export async function startDaemon<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  { sources, log, clock }: DaemonDeps,
): Promise<RunningDaemon> {
  const options: OptionValues<S> = parseOptions(definition.table, sources);
  const common: OptionValues<DaemonOptions> = options;
  const webConfig = readWebConfig(common['web.config.file'], sources);
  const self = createSelfMetrics({ daemon: definition.name, version }, clock);
  const service = await definition.start({ options, log, clock, self });
  const server = await listen(definition, service, { common, webConfig, self, log, clock }).catch(async (error) => {
    await service.stop();
    throw error;
  });
  self.configLoaded(true);
  log.info('listening', { url: server.url, version });
  return {
    url: server.url,
    reload: () => reload(definition, service, { server, before: options, sources, self, log }),
    stop: async () => {
      await Promise.all([server.close(), service.stop()]);
      log.info('stopped');
    },
  };
}

interface ServerParts {
  readonly common: OptionValues<DaemonOptions>;
  readonly webConfig: WebConfig;
  readonly self: SelfMetrics;
  readonly log: Log;
  readonly clock: Clock;
}

function listen<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  service: Service<S>,
  { common, webConfig, self, log, clock }: ServerParts,
): Promise<HttpServer> {
  const path = common['web.telemetry-path'];
  if (!/^\/[\w./-]*$/.test(path)) throw new ConfigError(`--web.telemetry-path must start with /, got "${path}"`);
  const handler = (families: Service<S>['families'], withSelf: boolean) =>
    createMetricsHandler({
      defaultTimeoutSeconds: defaultScrapeTimeoutSeconds,
      log,
      render: async (format: Format, signal) => {
        const started = clock.monotonic();
        const own = withSelf ? await self.families() : [];
        const text = renderExposition(format, [...(await families(signal)), ...own]);
        self.rendered(clock.monotonic() - started);
        return text;
      },
    });
  return startHttpServer({
    address: common['web.listen-address'],
    maxRequests: common['web.max-requests'],
    webConfig,
    onRejected: self.rejected,
    routes: (app) => {
      app.get(path, handler(service.families, true));
      app.get('/-/healthy', (_request, response) => void response.type('text/plain').send('healthy\n'));
      app.get('/-/ready', (_request, response) => {
        const reason = service.notReady();
        response.status(reason === undefined ? 200 : 503).type('text/plain');
        response.send(reason === undefined ? 'ready\n' : `not ready: ${reason}\n`);
      });
      app.get('/', (_request, response) => void response.type('text/html').send(page(definition, service, path)));
      service.routes?.(app, (families) => handler(families, false));
    },
  });
}

function page<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  service: Service<S>,
  metricsPath: string,
): string {
  return landingPage({
    title: `FleetLens ${definition.name}`,
    about: definition.table.about,
    version,
    links: [
      { path: metricsPath, text: 'metrics' },
      { path: '/-/healthy', text: 'the process is alive' },
      { path: '/-/ready', text: 'it has something to show' },
      ...(service.links ?? []),
    ],
  });
}

interface ReloadParts<S extends DaemonOptions> {
  readonly server: HttpServer;
  readonly before: OptionValues<S>;
  readonly sources: OptionSources;
  readonly self: SelfMetrics;
  readonly log: Log;
}

function reload<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  service: Service<S>,
  { server, before, sources, self, log }: ReloadParts<S>,
): void {
  try {
    const options: OptionValues<S> = parseOptions(definition.table, sources);
    const common: OptionValues<DaemonOptions> = options;
    server.reconfigure(readWebConfig(common['web.config.file'], sources));
    log.setLevel(common['log.level']);
    service.reload?.(options);
    const waiting = needRestart(definition.table, before, options);
    if (waiting.length > 0) log.warn('some changed options need a restart', { options: waiting });
    self.configLoaded(true);
    log.info('configuration reloaded');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    self.configLoaded(false);
    log.error('configuration not reloaded, the old one stays in force', { reason: error.message });
  }
}

function needRestart<S extends DaemonOptions>(
  table: OptionTable<S>,
  before: OptionValues<S>,
  after: OptionValues<S>,
): string[] {
  const specs: OptionSpecs = table.options;
  return Object.entries(specs)
    .filter(
      ([name, spec]) =>
        spec.reloadable !== true && JSON.stringify(read(before, name)) !== JSON.stringify(read(after, name)),
    )
    .map(([name]) => name);
}

function read(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return values[name];
}

/** Reads and checks all that the options name, without starting anything. Throws ConfigError. */
export function checkConfiguration<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  sources: OptionSources,
): void {
  const common: OptionValues<DaemonOptions> = parseOptions(definition.table, sources);
  const { tls } = readWebConfig(common['web.config.file'], sources);
  if (tls !== undefined) secureContext(tls);
}

function readWebConfig(file: string | undefined, { readFile }: OptionSources): WebConfig {
  if (file === undefined) return { tls: undefined, users: new Map(), headers: {} };
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    throw new ConfigError(
      `--web.config.file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parseWebConfig(file, text);
}
