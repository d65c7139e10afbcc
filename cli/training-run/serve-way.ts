import type { PushedRun } from '../../exporters/training/decoders/push/push-identity.ts';
import { pushIdentity } from '../../exporters/training/decoders/push/push-identity.ts';
import { trainingDaemon } from '../../exporters/training/main.ts';
import type { Listening } from '../../exporters/training/sources/command/command-listener.ts';
import type { ExtraSource } from '../../exporters/training/sources/extra-source.ts';
import { startTraining } from '../../exporters/training/start-training.ts';
import { systemClock } from '../../kit/clock.ts';
import { type DaemonDefinition, startDaemon } from '../../kit/daemon.ts';
import { createLog } from '../../kit/log.ts';
import type { OptionSources } from '../../kit/options/parse.ts';
import { type TrainingRunOptions, trainingRunOptions } from './options.ts';

interface ServeWaySettings {
  readonly options: TrainingRunOptions;
  readonly sources: OptionSources;
  readonly origin: PushedRun;
  /** Resolves when the metrics have been there for long enough after the command has ended. */
  readonly linger: () => Promise<void>;
}

/** Runs a command and serves what it tells, as the exporter does, with the command as one more source. Throws ConfigError. */
export async function runAndServe(
  { options, sources, origin, linger }: ServeWaySettings,
  run: (listening: Listening | undefined) => Promise<number>,
): Promise<number> {
  let listening: Listening | undefined;
  const source: ExtraSource = {
    start: (journal, tags, ledger) => {
      const identity = pushIdentity(origin);
      const stream = journal.openStream(identity, 'command', `command:${identity.key}`);
      if (stream !== undefined) listening = { stream, tags, ledger };
    },
    // The command ends by itself, and before the exporter does.
    stop: async () => undefined,
  };
  const definition = exporterWith([source]);
  const log = createLog({
    level: options['log.level'],
    format: options['log.format'],
    daemon: trainingDaemon.name,
    write: (line) => void process.stderr.write(line),
  });
  const daemon = await startDaemon(definition, { sources, log, clock: systemClock });
  const exitCode = await run(listening);
  await linger();
  await daemon.stop();
  return exitCode;
}

/** The exporter under the options of the wrapper, with further sources. */
export function exporterWith(
  extraSources: readonly ExtraSource[],
): DaemonDefinition<typeof trainingRunOptions.options> {
  return { ...trainingDaemon, table: trainingRunOptions, start: (context) => startTraining(context, { extraSources }) };
}
