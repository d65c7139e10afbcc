import { readFileSync } from 'node:fs';
import { systemClock } from './clock.ts';
import { checkConfiguration, type DaemonDefinition, type RunningDaemon, startDaemon } from './daemon.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { ConfigError } from './errors.ts';
import { createLog } from './log.ts';
import type { OptionValues } from './options/define.ts';
import { helpText } from './options/help.ts';
import { type OptionSources, parseOptions } from './options/parse.ts';
import { jsonSchema } from './options/schema.ts';
import { version } from './version.ts';

/**
 * Runs a daemon as the process: reads its options, starts it, and stops it on SIGTERM or SIGINT. Resolves with the exit status;
 * bad options or files give one line on standard error and 2.
 */
export async function runDaemon<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  argv: readonly string[],
): Promise<number> {
  const sources: OptionSources = { argv, env: process.env, readFile: (path) => readFileSync(path, 'utf8') };
  try {
    return await runChecked(definition, sources);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${definition.table.command}: ${error.message}\n`);
    return 2;
  }
}

async function runChecked<S extends DaemonOptions>(
  definition: DaemonDefinition<S>,
  sources: OptionSources,
): Promise<number> {
  if (sources.argv.includes('--help')) return print(helpText(definition.table));
  if (sources.argv.includes('--version')) return print(`${definition.table.command} ${version}\n`);
  const options: OptionValues<DaemonOptions> = parseOptions(definition.table, sources);
  if (options['config.schema']) return print(`${JSON.stringify(jsonSchema(definition.table), null, 2)}\n`);
  if (options['list-metrics']) return print(metricsList(definition));
  if (options['config.check']) {
    checkConfiguration(definition, sources);
    return print('the configuration is valid\n');
  }
  const log = createLog({
    level: options['log.level'],
    format: options['log.format'],
    daemon: definition.name,
    write: (line) => void process.stderr.write(line),
  });
  return runUntilSignal(() => startDaemon(definition, { sources, log, clock: systemClock }));
}

/** A signal that comes while the daemon starts counts when it has started; the same one once more ends the process at once. */
async function runUntilSignal(start: () => Promise<RunningDaemon>): Promise<number> {
  let daemon: RunningDaemon | undefined;
  let isReloadDue = false;
  process.on('SIGHUP', () => {
    if (daemon === undefined) isReloadDue = true;
    else daemon.reload();
  });
  const isToEnd = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  daemon = await start();
  if (isReloadDue) daemon.reload();
  await isToEnd;
  await daemon.stop();
  return 0;
}

function metricsList<S extends DaemonOptions>({ metrics }: DaemonDefinition<S>): string {
  return metrics
    .flatMap((catalogue) => Object.values(catalogue))
    .map(({ name, kind, unit, help }) => `${name}\n    ${kind}${unit === 'none' ? '' : `, ${unit}`}. ${help}\n`)
    .join('');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
