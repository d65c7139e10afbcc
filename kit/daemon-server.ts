import type { Clock } from './clock.ts';
import type { DaemonDefinition, Service } from './daemon.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { ConfigError } from './errors.ts';
import { type Format, renderExposition } from './exposition/render.ts';
import { landingPage } from './http/landing-page.ts';
import { createMetricsHandler } from './http/metrics-handler.ts';
import { type HttpServer, startHttpServer } from './http/server.ts';
import type { HttpTiming } from './http/timing.ts';
import type { WebConfig } from './http/web-config.ts';
import type { Log } from './log.ts';
import type { OptionValues } from './options/define.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { version } from './version.ts';

/** How long a scrape may take that does not say how long it waits: Prometheus' own default. */
const defaultScrapeTimeoutSeconds = 10;
const ownPaths = ['/-/healthy', '/-/ready'];

interface ServerParts {
  readonly options: OptionValues<DaemonOptions>;
  readonly webConfig: WebConfig;
  readonly timing: HttpTiming;
  readonly self: SelfMetrics;
  readonly log: Log;
  readonly clock: Clock;
}

/** Serves what every daemon serves, and the routes of the service. Throws ConfigError. */
export function startDaemonServer<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  service: Service<S>,
  { options, webConfig, timing, self, log, clock }: ServerParts,
): Promise<HttpServer> {
  const path = options['web.telemetry-path'];
  const handler = (families: Service<S>['families']) =>
    createMetricsHandler({
      defaultTimeoutSeconds: defaultScrapeTimeoutSeconds,
      log,
      render: async (format: Format, signal) => {
        const started = clock.monotonic();
        const text = renderExposition(format, [...(await families(signal)), ...(await self.families())]);
        self.rendered(clock.monotonic() - started);
        return text;
      },
    });
  return startHttpServer({
    address: options['web.listen-address'],
    maxRequests: options['web.max-requests'],
    webConfig,
    timing,
    log,
    onRejected: self.rejected,
    routes: (app) => {
      app.get(path, handler(service.families));
      app.get('/-/healthy', (_request, response) => void response.type('text/plain').send('healthy\n'));
      app.get('/-/ready', (_request, response) => {
        const reason = service.notReady();
        response.status(reason === undefined ? 200 : 503).type('text/plain');
        response.send(reason === undefined ? 'ready\n' : `not ready: ${reason}\n`);
      });
      app.get('/', (_request, response) => void response.type('text/html').send(page(definition, service, path)));
      service.routes?.(app, handler);
    },
  });
}

/** What the option table cannot say about the common options. Throws ConfigError. */
export function checkDaemonOptions(options: OptionValues<DaemonOptions>): void {
  const path = options['web.telemetry-path'];
  if (!/^\/[\w./-]*$/.test(path)) {
    throw new ConfigError(`--web.telemetry-path must start with / and hold letters, digits and _ . / -, got "${path}"`);
  }
  if (ownPaths.includes(path)) throw new ConfigError(`--web.telemetry-path must not be ${path}, which has its own use`);
}

function page<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  service: Service<S>,
  metricsPath: string,
): string {
  return landingPage({
    title: `FleetLens ${definition.name}`,
    about: definition.table.about,
    notice: service.notice,
    version,
    links: [
      { path: metricsPath, text: 'metrics' },
      { path: '/-/healthy', text: 'the process is alive' },
      { path: '/-/ready', text: 'it has something to show' },
      ...(service.links ?? []),
    ],
  });
}
