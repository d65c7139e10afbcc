import type { Express, RequestHandler } from 'express';
import type { Metric } from '../metrics/define.ts';
import type { Clock } from './clock.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { createReloader, type Reloader } from './daemon-reload.ts';
import { checkDaemonOptions, startDaemonServer } from './daemon-server.ts';
import type { Family } from './exposition/samples.ts';
import { type HttpTiming, httpTiming } from './http/timing.ts';
import { secureContext } from './http/tls.ts';
import type { Log } from './log.ts';
import type { OptionTable, OptionValues } from './options/define.ts';
import { type OptionSources, parseOptions } from './options/parse.ts';
import { createSelfMetrics, type SelfMetrics } from './self-metrics.ts';
import { version } from './version.ts';
import { createWebSettings, readWebConfig } from './web-settings.ts';

export interface DaemonContext<S extends DaemonOptions> {
  readonly options: OptionValues<S>;
  readonly log: Log;
  readonly clock: Clock;
  readonly self: SelfMetrics;
  /** Reads a file that an option names; may throw. */
  readonly readFile: (path: string) => string;
}

/** The part of a daemon that is its own; the rest is the same for all. */
export interface Service<S extends DaemonOptions> {
  /** What /metrics shows beside the daemon's own metrics. */
  readonly families: (signal: AbortSignal) => readonly Family[] | Promise<readonly Family[]>;
  /** Why the service is not ready, in words; undefined if it is. */
  readonly notReady: () => string | undefined;
  /** Adds routes of its own and names those that the landing page should link. */
  readonly routes?: (app: Express, serve: (families: () => readonly Family[]) => RequestHandler) => void;
  /** A sentence for the landing page about this very process. */
  readonly notice?: string;
  readonly links?: readonly { readonly path: string; readonly text: string }[];
  /** Takes new values of the reloadable options. Throws ConfigError before it has changed anything. */
  readonly reload?: (options: OptionValues<S>) => void;
  readonly stop: () => Promise<void>;
}

export interface DaemonDefinition<S extends DaemonOptions = DaemonOptions> {
  /** As in `fleetlens <name>`. */
  readonly name: string;
  readonly table: OptionTable<S>;
  readonly metrics: readonly Readonly<Record<string, Metric>>[];
  /** What the option table cannot say about the options and the files that they name. Throws ConfigError. */
  readonly check?: (options: OptionValues<S>, readFile: (path: string) => string) => void;
  readonly start: (context: DaemonContext<S>) => Promise<Service<S>>;
}

export interface DaemonTiming extends HttpTiming {
  /** How often the web configuration and its certificates are looked at; a change counts when it has lasted for one more look. */
  readonly checkFilesEveryMs: number;
}

const daemonTiming: DaemonTiming = { ...httpTiming, checkFilesEveryMs: 5_000 };

export interface DaemonDeps {
  readonly sources: OptionSources;
  readonly log: Log;
  readonly clock: Clock;
  readonly timing?: Partial<DaemonTiming>;
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
  { sources, log, clock, timing: chosenTiming }: DaemonDeps,
): Promise<RunningDaemon> {
  const timing = { ...daemonTiming, ...chosenTiming };
  const options: OptionValues<S> = parseOptions(definition.table, sources);
  const common: OptionValues<DaemonOptions> = options;
  checkDaemonOptions(common);
  definition.check?.(options, sources.readFile);
  let reloader: Reloader | undefined;
  const web = createWebSettings({
    readFile: sources.readFile,
    checkFilesEveryMs: timing.checkFilesEveryMs,
    onChange: () => reloader?.web(),
  });
  const webConfig = web.load(common['web.config.file']);
  const self = createSelfMetrics({ daemon: definition.name, version }, clock);
  const service = await definition.start({ options, log, clock, self, readFile: sources.readFile });
  const parts = { options: common, webConfig, timing, self, log, clock };
  const server = await startDaemonServer(definition, service, parts).catch(async (error) => {
    await service.stop();
    throw error;
  });
  self.configLoaded(true);
  reloader = createReloader({ definition, service, server, web, started: options, sources, self, log });
  web.start();
  log.info('listening', { url: server.url, version });
  return {
    url: server.url,
    reload: reloader.all,
    stop: async () => {
      web.stop();
      await Promise.all([server.close(), service.stop()]);
      log.info('stopped');
    },
  };
}

/** Reads and checks all that the options name, without starting anything. Throws ConfigError. */
export function checkConfiguration<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  sources: OptionSources,
): void {
  const options: OptionValues<S> = parseOptions(definition.table, sources);
  const common: OptionValues<DaemonOptions> = options;
  checkDaemonOptions(common);
  definition.check?.(options, sources.readFile);
  const { tls } = readWebConfig(common['web.config.file'], sources.readFile);
  if (tls !== undefined) secureContext(tls);
}
