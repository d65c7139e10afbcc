import type { DaemonDefinition, Service } from './daemon.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { checkDaemonOptions } from './daemon-server.ts';
import { ConfigError } from './errors.ts';
import type { HttpServer } from './http/server.ts';
import type { Log } from './log.ts';
import type { OptionSpecs, OptionTable, OptionValues } from './options/define.ts';
import { type OptionSources, parseOptions } from './options/parse.ts';
import type { SelfMetrics } from './self-metrics.ts';
import type { WebSettings } from './web-settings.ts';

interface ReloadParts<S extends DaemonOptions> {
  readonly definition: DaemonDefinition<S>;
  readonly service: Service<S>;
  readonly server: HttpServer;
  readonly web: WebSettings;
  /** What the daemon was started with. */
  readonly started: OptionValues<S>;
  readonly sources: OptionSources;
  readonly self: SelfMetrics;
  readonly log: Log;
}

export interface Reloader {
  /** Reads everything again. */
  readonly all: () => void;
  /** Reads the web configuration and its certificates again, because one of the files has changed. */
  readonly web: () => void;
}

/** A bad file is logged, shown in a metric, and leaves everything as it was. */
export function createReloader<S extends DaemonOptions>(parts: ReloadParts<S>): Reloader {
  const { self, log } = parts;
  let webFile = common(parts.started)['web.config.file'];
  let reloadFailed = false;

  /** Applies all or nothing: what can fail comes first. */
  function reloadAll(): void {
    const options: OptionValues<S> = parseOptions(parts.definition.table, parts.sources);
    checkDaemonOptions(options);
    const file = common(options)['web.config.file'];
    const applyWeb = parts.web.prepare(file, parts.server);
    parts.service.reload?.(options);
    applyWeb();
    webFile = file;
    log.setLevel(common(options)['log.level']);
    const waiting = needRestart(parts.definition.table, parts.started, options);
    if (waiting.length > 0) log.warn('some changed options need a restart', { options: waiting });
    log.info('configuration reloaded');
  }

  function reloadWeb(): void {
    parts.web.prepare(webFile, parts.server)();
    log.info('web configuration and certificates reloaded');
  }

  return {
    all: () => {
      reloadFailed = !attempt(reloadAll, log);
      self.configLoaded(!reloadFailed);
    },
    web: () => {
      const isGood = attempt(reloadWeb, log);
      // The web file may have been what was wrong with the last reload; a bad option still is.
      if (isGood && reloadFailed) reloadFailed = !attempt(reloadAll, log);
      self.configLoaded(isGood && !reloadFailed);
    },
  };
}

function attempt(reload: () => void, log: Log): boolean {
  try {
    reload();
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.error('configuration not reloaded, the old one stays in force', { reason: error.message });
    return false;
  }
}

function common(options: OptionValues<DaemonOptions>): OptionValues<DaemonOptions> {
  return options;
}

function needRestart<S extends DaemonOptions>(
  table: OptionTable<S>,
  before: OptionValues<S>,
  after: OptionValues<S>,
): string[] {
  const specs: OptionSpecs = table.options;
  return Object.entries(specs)
    .filter(([, spec]) => spec.reloadable !== true)
    .filter(([name]) => JSON.stringify(read(before, name)) !== JSON.stringify(read(after, name)))
    .map(([name]) => name);
}

function read(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return values[name];
}
