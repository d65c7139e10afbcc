import type { Clock } from '../../../../kit/clock.ts';
import type { CreateDecoder } from '../../decoders/file-decoder.ts';
import { type ChildCommand, type CommandSettings, startCommand } from './child-command.ts';
import { createCommandListener, type Listening } from './command-listener.ts';

export interface CommandRunSettings extends Omit<CommandSettings, 'onStarted' | 'onOutput'> {
  /** How often it is started again after it has failed. */
  readonly restarts: number;
  /** Before the first of them; twice as long before each further one. */
  readonly restartDelaySeconds: number;
}

export interface CommandRunDeps {
  readonly createDecoder: CreateDecoder;
  readonly clock: Clock;
  /** A line for whoever started it. */
  readonly say: (line: string) => void;
}

/** A command that is run until it is done, or fails for the last time. */
export interface CommandRun {
  /** Resolves with the exit code of the last process. Without a listener nobody is told anything. */
  readonly run: (listening: Listening | undefined) => Promise<number>;
  /** Passes a signal on to the process. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Whoever started us wants it to end: it is not started again. */
  readonly giveUp: () => void;
}

const longestDelaySeconds = 600;

export function createCommandRun(settings: CommandRunSettings, deps: CommandRunDeps): CommandRun {
  const { clock, say } = deps;
  const waiting = new AbortController();
  let child: ChildCommand | undefined;

  async function attempt(listening: Listening | undefined) {
    const listener =
      listening === undefined
        ? undefined
        : createCommandListener({
            ...listening,
            ...deps,
            onFault: (reason) => say(`what the command writes is no longer read: ${reason}`),
          });
    listening?.stream.enter('starting', { timeSeconds: clock.now() });
    child = startCommand({
      ...settings,
      onStarted: () => listening?.stream.writerAlive(true),
      onOutput: (output, bytes) => listener?.hear(output, bytes),
    });
    const end = await child.ended;
    child = undefined;
    listener?.end();
    return end;
  }

  async function run(listening: Listening | undefined): Promise<number> {
    for (let tried = 0; ; tried++) {
      const { exitCode, notStarted } = await attempt(listening);
      if (notStarted !== undefined) say(notStarted);
      const isOver = exitCode === 0 || notStarted !== undefined || tried >= settings.restarts || waiting.signal.aborted;
      if (isOver) return over(listening, exitCode);
      const delaySeconds = Math.min(settings.restartDelaySeconds * 2 ** tried, longestDelaySeconds);
      tell(listening, 'restarting', exitCode);
      const which = `${tried + 1} of ${settings.restarts}`;
      say(`the command ended with exit code ${exitCode}; it is started again in ${delaySeconds} s (${which})`);
      await pause(delaySeconds, waiting.signal);
      if (waiting.signal.aborted) return over(listening, exitCode);
    }
  }

  function over(listening: Listening | undefined, exitCode: number): number {
    tell(listening, exitCode === 0 ? 'finished' : 'failed', exitCode);
    listening?.stream.writerAlive(false);
    listening?.stream.settle(clock.now());
    return exitCode;
  }

  function tell(listening: Listening | undefined, phase: 'restarting' | 'finished' | 'failed', exitCode: number): void {
    listening?.stream.enter(phase, { exitCode, timeSeconds: clock.now() });
  }

  return { run, signal: (signal) => child?.signal(signal), giveUp: () => waiting.abort() };
}

/** Resolves after the time, or when the signal is given. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(finish, seconds * 1000);
    signal.addEventListener('abort', finish);

    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });
}
