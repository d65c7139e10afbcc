import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, reasonOf } from '../../../../kit/errors.ts';
import { type PassThrough, passThrough } from './pass-through.ts';

export type Output = 'stdout' | 'stderr';

export interface CommandEnd {
  /** As a shell gives it: 128 and the number of the signal that ended it, 127 if there is no such command, 126 if it cannot be run. */
  readonly exitCode: number;
  /** Why it could not even be started, in words. */
  readonly notStarted: string | undefined;
}

export interface ChildCommand {
  /** Resolves when it has ended and all that it wrote was passed on. */
  readonly ended: Promise<CommandEnd>;
  readonly signal: (signal: NodeJS.Signals) => void;
}

export interface CommandSettings {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onStarted: () => void;
  readonly onOutput: (output: Output, bytes: Buffer) => void;
  readonly silenceMs?: number;
}

const descriptors: Readonly<Record<Output, number>> = { stdout: 1, stderr: 2 };
/** A process that outlives the command, such as a worker of its data loader, may hold its outputs open for ever. */
const defaultSilenceMs = 2000;

/** Starts a command without a shell, with our standard input, and passes on what it writes. */
export function startCommand({ program, args, env, onStarted, onOutput, ...settings }: CommandSettings): ChildCommand {
  const silenceMs = settings.silenceMs ?? defaultSilenceMs;
  const child = spawn(program, args, { env, stdio: ['inherit', 'pipe', 'pipe'] });
  const passing = [
    passThrough(child.stdout, descriptors.stdout, (bytes) => onOutput('stdout', bytes)),
    passThrough(child.stderr, descriptors.stderr, (bytes) => onOutput('stderr', bytes)),
  ];
  child.once('spawn', onStarted);
  const exit = new Promise<CommandEnd>((resolve) => {
    child.once('error', (error) => resolve(notStarted(program, error)));
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? codeOf(signal), notStarted: undefined }));
  });

  async function ended(): Promise<CommandEnd> {
    const end = await exit;
    const drained = Promise.all(passing.map(({ done }) => done)).then(() => true);
    for (let before = -1; ; ) {
      if (await Promise.race([drained, sleep(silenceMs, false, { ref: false })])) break;
      const passed = sum(passing);
      if (passed === before && !passing.some(({ isBusy }) => isBusy())) break;
      before = passed;
    }
    child.stdout.destroy();
    child.stderr.destroy();
    return end;
  }

  return { ended: ended(), signal: (signal) => void child.kill(signal) };
}

function sum(passing: readonly PassThrough[]): number {
  return passing.reduce((total, { passed }) => total + passed(), 0);
}

function codeOf(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function notStarted(program: string, error: Error): CommandEnd {
  switch (errnoOf(error)) {
    case 'ENOENT':
      return { exitCode: 127, notStarted: `${program}: there is no such command` };
    case 'EACCES':
      return { exitCode: 126, notStarted: `${program}: this user may not run it` };
    default:
      return { exitCode: 126, notStarted: `${program}: it cannot be started: ${reasonOf(error)}` };
  }
}
