import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createLogDecoder } from '../../exporters/training/decoders/log/log-decoder.ts';
import type { Listening } from '../../exporters/training/sources/command/command-listener.ts';
import { createCommandRun, pause } from '../../exporters/training/sources/command/command-run.ts';
import { phasesOnly } from '../../exporters/training/sources/command/phases-only.ts';
import { systemClock } from '../../kit/clock.ts';
import { runDaemon } from '../../kit/run.ts';
import { runCommand } from '../run-command.ts';
import { type CommandLine, commandOf, splitCommandLine } from './command-line.ts';
import { type TrainingRunOptions, trainingRunOptions } from './options.ts';
import { runAndPush } from './push-way.ts';
import { localRankOf, rankOf, runOrigin } from './run-origin.ts';
import { exporterWith, runAndServe } from './serve-way.ts';
import { listenToSignals } from './signals.ts';

const readFile = (path: string): string => readFileSync(path, 'utf8');

/** Runs `fleetlens training run … -- command …`. Resolves with the exit status of the command. */
export function trainingRun(argv: readonly string[]): Promise<number> {
  const line = splitCommandLine(argv);
  return runCommand(trainingRunOptions, line.own, (options) => wrap(options, line));
}

async function wrap(options: TrainingRunOptions, line: CommandLine): Promise<number> {
  const { env } = process;
  if (asksOnly(options)) return runDaemon(exporterWith([]), line.own);
  const command = commandOf(line);
  const origin = runOrigin(options, { env, workingFolder: process.cwd(), hostname: hostname(), command });
  const ending = new AbortController();
  const wrapped = createCommandRun(
    {
      ...command,
      // Python holds back what it prints into a pipe, and would show it minutes later or, if it crashes, never.
      env: { PYTHONUNBUFFERED: '1', ...env },
      restarts: options.restarts,
      restartDelaySeconds: options['restart-delay'],
    },
    { createDecoder: createLogDecoder, clock: systemClock, say },
  );
  const stopListening = listenToSignals({
    forward: wrapped.signal,
    end: () => {
      wrapped.giveUp();
      ending.abort();
    },
  });

  function run(listening: Listening | undefined): Promise<number> {
    return wrapped.run(listening === undefined ? undefined : ofRank(listening, options));
  }

  try {
    const url = options['push.url'];
    if (url !== undefined) return await runAndPush({ url, options, origin, readFile, say }, run);
    // The metrics of a machine are served once; all its ranks have the same address to listen on.
    if ((localRankOf(env) ?? 0) > 0) return await run(undefined);
    return await runAndServe(
      { options, sources: { argv: line.own, env, readFile }, origin, linger: () => linger(options, ending.signal) },
      run,
    );
  } finally {
    stopListening();
  }
}

/** Not to run, but to say something about the options or metrics, which is the same for every exporter. */
function asksOnly(options: TrainingRunOptions): boolean {
  return options['config.check'] || options['config.schema'] || options['list-metrics'];
}

/** Ranks print the same; only the first is to be listened to. */
function ofRank(listening: Listening, options: TrainingRunOptions): Listening {
  const rank = rankOf(process.env);
  if (rank === undefined || rank === 0 || options['all-ranks']) return listening;
  return { ...listening, stream: phasesOnly(listening.stream, rank) };
}

async function linger({ linger: seconds }: TrainingRunOptions, ending: AbortSignal): Promise<void> {
  if (seconds === 0 || ending.aborted) return;
  if (process.stderr.isTTY) say(`the metrics are served for ${seconds} s more; Ctrl-C ends that`);
  await pause(seconds, ending);
}

function say(text: string): void {
  process.stderr.write(`${trainingRunOptions.command}: ${text.replaceAll(/\p{Cc}/gu, ' ')}\n`);
}
